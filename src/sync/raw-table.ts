/**
 * The tables of a stream: made on first sight, given new columns, widened where no value can change. Anything else is
 * SCHEMA_DRIFT: the engine never guesses about data that is already there.
 */
import { RevopsError } from '../errors.ts';
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { identifier, identifiers, qualified, type RelationName } from '../warehouse/sql.ts';
import { decimalParts, type Column, type LogicalType } from '../warehouse/types.ts';
import { HISTORY_COLUMNS, rawColumns, streamLabel, type StreamShape } from './shape.ts';

/** Makes the raw and the history table of a stream as its shape wants them; gives the columns added or widened. */
export async function ensureRawTables(warehouse: Warehouse, shape: StreamShape): Promise<string[]> {
  const columns = rawColumns(shape);
  return warehouse.transaction(async (session) => {
    const changes = await ensureTable(warehouse, session, shape, shape.table, columns);
    await ensureTable(warehouse, session, shape, shape.history, [...columns, ...HISTORY_COLUMNS]);
    if (session.engine === 'postgres') await ensureIndexes(session, shape);
    return changes;
  });
}

/** What to do about a column of a table: nothing, widen it to the declared type, or null where neither is safe. */
export function columnChange(found: LogicalType, declared: LogicalType): 'none' | 'widen' | null {
  if (found === declared || holds(found, declared)) return 'none';
  return holds(declared, found) ? 'widen' : null;
}

// --- internal ---

async function ensureTable(
  warehouse: Warehouse,
  session: Session,
  shape: StreamShape,
  table: RelationName,
  columns: readonly Column[],
): Promise<string[]> {
  const spell = ({ name, type }: Column): string => `${identifier(name)} ${warehouse.typeName(type)}`;
  const found = await session.describe(table);
  if (found === null) {
    await session.execute(`create schema if not exists ${identifier(table.schema)}`);
    await session.execute(`create table ${qualified(table)} (${columns.map(spell).join(', ')})`);
    return [];
  }
  const types = new Map(found.map(({ name, type }) => [name, type]));
  const changes: string[] = [];
  for (const column of columns) {
    const type = types.get(column.name);
    const change = type === undefined ? 'add' : columnChange(type, column.type);
    if (change === null) throw drift(shape, table, column, type as LogicalType);
    if (change === 'none') continue;
    if (change === 'add') await session.execute(`alter table ${qualified(table)} add column ${spell(column)}`);
    else await warehouse.widen(session, table, column);
    changes.push(column.name);
  }
  return changes;
}

/** DuckDB has none on data tables: there they cost more than they give. */
async function ensureIndexes(session: Session, shape: StreamShape): Promise<void> {
  const table = qualified(shape.table);
  const existing = await session.query<{ name: string }>(
    'select indexname as name from pg_indexes where schemaname = $1 and tablename = $2',
    [shape.table.schema, shape.table.name],
  );
  if (existing.length > 0) return;
  await session.execute(`create unique index on ${table} (${identifiers(shape.primaryKey)})`);
  if (shape.day !== null) await session.execute(`create index on ${table} (${identifier(shape.day)})`);
  const isPrefix = shape.partitionBy.every((name, index) => shape.primaryKey[index] === name);
  if (!isPrefix) await session.execute(`create index on ${table} (${identifiers(shape.partitionBy)})`);
}

/** Whether every value of `narrow` is a value of `wide`, exactly. */
function holds(wide: LogicalType, narrow: LogicalType): boolean {
  if (wide === narrow) return true;
  if (wide === 'bigint') return narrow === 'integer';
  const target = decimalParts(wide);
  if (target === null) return false;
  const digits = target.precision - target.scale;
  if (narrow === 'integer') return digits >= 10;
  if (narrow === 'bigint') return digits >= 19;
  const source = decimalParts(narrow);
  return source !== null && source.scale <= target.scale && source.precision - source.scale <= digits;
}

function drift(shape: StreamShape, table: RelationName, column: Column, found: LogicalType): RevopsError {
  return new RevopsError(
    'SCHEMA_DRIFT',
    `${streamLabel(shape)}: column ${column.name} of ${table.schema}.${table.name} is ${found}, the stream declares ${column.type}`,
    { hint: 'Types are widened only where no value can change. Move the table away (rename it) and sync with --full.' },
  );
}
