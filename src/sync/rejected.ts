/**
 * Rows that did not fit, with the reason and what the source gave, in `revops.rejected_rows`.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';
import type { Column } from '../warehouse/types.ts';
import { loadPart } from './load-part.ts';
import type { Manifest } from './manifest.ts';
import type { StreamShape } from './shape.ts';
import { temporary } from './temporary.ts';

/** Makes a load's rejected rows a temporary table; nothing where there are none. */
export async function stageRejected(
  warehouse: Warehouse,
  session: Session,
  shape: StreamShape,
  manifest: Manifest,
  folder: string,
): Promise<void> {
  if (manifest.parts.rejected === 0) return;
  const columns = [...COLUMNS, ...keyColumns(shape)];
  const spelled = columns.map(({ name, type }) => `${identifier(name)} ${warehouse.typeName(type)}`);
  await session.execute(`create temporary table ${STAGED} (${spelled.join(', ')})`);
  await loadPart(session, temporary(session, STAGED), columns, manifest, 'rejected', folder);
}

/**
 * A condition on table alias `t`: no row with this key was rejected. A row that does not fit is there all the same: what
 * is known about it stays.
 */
export function notRejected(shape: StreamShape, manifest: Manifest): string {
  if (manifest.parts.rejected === 0) return 'true';
  const same = keyColumns(shape).map(
    ({ name }, index) => `r.${identifier(name)} = t.${identifier(shape.primaryKey[index] as string)}`,
  );
  return `not exists (select 1 from ${STAGED} as r where ${same.join(' and ')})`;
}

/** Stores the staged rejected rows and removes their temporary table. */
export async function storeRejected(session: Session, manifest: Manifest): Promise<void> {
  if (manifest.parts.rejected === 0) return;
  await session.execute(
    `insert into revops.rejected_rows (load_id, connector, stream, row_number, reason, payload)
     select ${literal(manifest.loadId)}, ${literal(manifest.connector)}, ${literal(manifest.stream)}, row_number, reason, payload
     from ${STAGED}`,
  );
  await session.execute(`drop table ${STAGED}`);
}

// --- internal ---

/** Columns of the spool's part `rejected`, before the key. */
const COLUMNS: readonly Column[] = [
  { name: 'row_number', type: 'bigint' },
  { name: 'reason', type: 'text' },
  { name: 'payload', type: 'text' },
];
const STAGED = 'revops_rejected';

function keyColumns({ primaryKey, columns }: StreamShape): Column[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return primaryKey.map((name, index) => ({ name: `key_${index + 1}`, type: types.get(name) ?? 'text' }));
}
