import type { Session } from '../../warehouse/contract.ts';
import { identifier, identifiers, qualified } from '../../warehouse/sql.ts';
import type { EngineSpelling } from './bind.ts';
import { rowsOfKeys, sameKey } from './key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import type { Relation } from '../relation.ts';
import { STORE } from '../store/store.ts';
import { tableSelect, type TableState } from './table-state.ts';

/** Puts an update into the published table, in the publishing transaction: the changed keys' rows out, the fresh ones in. */
export async function applyUpdate(
  session: Session,
  engine: EngineSpelling,
  relation: Relation,
  physical: string | null,
  state: TableState | undefined,
): Promise<void> {
  if (state?.kind !== 'updated' || physical === null) return;
  const { columns } = relation;
  const { changed, fresh, hidden = [] } = state;
  const table = qualified({ schema: STORE, name: physical });
  if (changed === null) {
    const stored = identifiers([...columns.map((column) => column.name), ...hidden]);
    const from = qualified({ schema: STORE, name: fresh });
    await session.execute(`insert into ${table} (${stored}) select ${stored} from ${from}`);
    await state.record?.(session);
    return;
  }
  const names = keyColumns(relation).map((column) => column.name);
  const isOfKey = sameKey(engine, changed, (index) => `published.${identifier(names[index] ?? '')}`, 'key_values');
  await session.execute(`delete from ${table} as published using ${changed.table} as key_values where ${isOfKey}`);
  await session.execute(
    `insert into ${table} (${identifiers(columns.map((column) => column.name))}) ${rowsOfKeys(engine, tableSelect(relation, fresh), columns, changed, names)}`,
  );
}
