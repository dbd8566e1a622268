/**
 * Rows that did not fit, with the reason and what the source gave, in `revops.rejected_rows`.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';
import type { Column } from '../warehouse/types.ts';
import { loadPart } from './load-part.ts';
import type { Manifest } from './manifest.ts';
import { temporary } from './staging.ts';

/** Columns of the spool's part `rejected`. */
const COLUMNS: readonly Column[] = [
  { name: 'row_number', type: 'bigint' },
  { name: 'reason', type: 'text' },
  { name: 'payload', type: 'text' },
];
const STAGED = 'revops_rejected';

/** Stores a load's rejected rows. */
export async function storeRejected(
  warehouse: Warehouse,
  session: Session,
  manifest: Manifest,
  folder: string,
): Promise<void> {
  if (manifest.parts.rejected === 0) return;
  const columns = COLUMNS.map(({ name, type }) => `${identifier(name)} ${warehouse.typeName(type)}`);
  await session.execute(`create temporary table ${STAGED} (${columns.join(', ')})`);
  await loadPart(session, temporary(session, STAGED), COLUMNS, manifest, 'rejected', folder);
  await session.execute(
    `insert into revops.rejected_rows (load_id, connector, stream, row_number, reason, payload)
     select ${literal(manifest.loadId)}, ${literal(manifest.connector)}, ${literal(manifest.stream)}, row_number, reason, payload
     from ${STAGED}`,
  );
  await session.execute(`drop table ${STAGED}`);
}
