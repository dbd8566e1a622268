/**
 * The table of a ledger: the columns it has ever had, and the build that froze each row.
 */
import { RevopsError } from '../../errors.ts';
import type { Session, Warehouse } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import type { Column, LogicalType } from '../../warehouse/types.ts';
import { castTo } from '../build/bind.ts';
import type { ModelRelation } from '../relation.ts';
import { ledgerColumns } from './restatement-columns.ts';
import { keptName, STORE } from '../store/store.ts';

/** The column with the number of the build that froze the row. */
export const FROZEN_BY = '_build';

/** The column with the month its row is digested with; NULL where it has none. */
export const PERIOD = '_period';

export interface LedgerColumn extends Column {
  role: 'key' | 'grain' | 'value';
  /** The number of the first build that froze rows with it; earlier rows say nothing in it. */
  since: number;
}

/** The columns a ledger has had, oldest first; empty where there is none of that name. */
export async function readLedgerColumns(session: Session, ledger: string): Promise<LedgerColumn[]> {
  const rows = await session.query<{ name: string; type: LogicalType; role: LedgerColumn['role']; since: number }>(
    ...statement(
      state('ledger_columns')
        .where({ relation_name: ledger })
        .orderBy('position')
        .select({ name: 'column_name', type: 'type', role: 'role', since: 'since_build' }),
    ),
  );
  return rows;
}

/**
 * Makes the ledger's table ready to take its columns: made where it is not there, widened by columns that are new. Gives
 * the columns it has then. Throws MODEL_INVALID where a column, or what identifies its rows, is not what it was.
 */
export async function prepareLedger(
  warehouse: Warehouse,
  relation: ModelRelation,
  build: number,
): Promise<LedgerColumn[]> {
  const known = await readLedgerColumns(warehouse, relation.name);
  checkUnchanged(relation, known);
  if (known.length > 0 && (await warehouse.describe({ schema: STORE, name: keptName(relation.name) })) === null) {
    throw new RevopsError(
      'BUILD_FAILED',
      `the ledger ${relation.name} is gone: there is no table ${STORE}.${keptName(relation.name)}`,
      {
        hint: 'What was frozen cannot be computed again: restore the table from a backup, or make a new ledger under another name.',
      },
    );
  }
  const added = relation.columns
    .filter(({ name }) => !known.some((column) => column.name === name))
    .map(({ name, type }): LedgerColumn => ({ name, type, role: roleOf(relation, name), since: build }));
  await ensureColumns(warehouse, keptName(relation.name), [
    ...known,
    ...added,
    { name: FROZEN_BY, type: 'bigint' },
    { name: PERIOD, type: 'text' },
  ]);
  return [...known, ...added];
}

/** Makes a table of the store with these columns, or gives it those that it does not have. */
export async function ensureColumns(warehouse: Warehouse, table: string, columns: readonly Column[]): Promise<void> {
  const target = { schema: STORE, name: table };
  const present = await warehouse.describe(target);
  if (present === null) {
    const outputs = columns.map(({ name, type }) => `${castTo(warehouse, 'null', type)} as ${identifier(name)}`);
    await warehouse.execute(`create table ${qualified(target)} as select ${outputs.join(', ')} where false`);
    return;
  }
  for (const { name, type } of columns) {
    if (present.some((column) => column.name === name)) continue;
    const collation = warehouse.engine === 'postgres' && type === 'text' ? ' collate "C"' : '';
    await warehouse.execute(
      `alter table ${qualified(target)} add column ${identifier(name)} ${warehouse.typeName(type)}${collation}`,
    );
  }
}

/** Writes down the columns that this build is the first to fill. In the publishing transaction. */
export async function recordLedgerColumns(
  session: Session,
  ledger: string,
  columns: readonly LedgerColumn[],
  build: number,
): Promise<void> {
  for (const [position, { name, type, role, since }] of columns.entries()) {
    if (since !== build) continue;
    const row = { relation_name: ledger, column_name: name, type, role, position, since_build: since };
    await session.execute(...statement(state('ledger_columns').insert(row)));
  }
}

// --- internal ---

function checkUnchanged(relation: ModelRelation, known: readonly LedgerColumn[]): void {
  if (known.length === 0) return;
  const { name, file } = relation;
  const refuse = (message: string): RevopsError =>
    new RevopsError('MODEL_INVALID', `${file}:1: the ledger ${name} ${message}`, {
      hint: 'Rows that are frozen keep their form. Give the column another name, or make a new ledger.',
    });
  for (const column of relation.columns) {
    const before = known.find((other) => other.name === column.name);
    if (before !== undefined && before.type !== column.type) {
      throw refuse(`holds ${column.name} as ${before.type}; the model gives ${column.type}`);
    }
  }
  for (const role of ['key', 'grain'] as const) {
    const before = known.filter((column) => column.role === role).map((column) => column.name);
    const now = relation.columns.filter((column) => roleOf(relation, column.name) === role).map(({ name: own }) => own);
    if (before.toSorted().join(', ') === now.toSorted().join(', ')) continue;
    const were = before.length === 0 ? 'nothing' : before.join(', ');
    throw refuse(
      `has ${were} as ${role}${role === 'grain' ? ' besides its key' : ''}; the model has ${now.join(', ') || 'nothing'}`,
    );
  }
}

function roleOf({ model }: ModelRelation, name: string): LedgerColumn['role'] {
  if (Object.keys(model.key).includes(name)) return 'key';
  return ledgerColumns(model).ids.some((column) => column.name === name) ? 'grain' : 'value';
}
