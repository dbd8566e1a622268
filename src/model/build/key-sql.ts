/**
 * SQL about keys. NULL is a key value like any other. Both engines join by hash: DuckDB on values that are not distinct,
 * Postgres only on equalities, here of values that are never NULL. Where a table of keys is known to have no NULL, plain
 * equality finds the same rows, and DuckDB passes over the parts of a table that hold none of the values.
 */
import { identifier, identifiers } from '../../warehouse/sql.ts';
import type { Column, LogicalType } from '../../warehouse/types.ts';
import type { EngineSpelling } from './bind.ts';

/** A table of distinct key values. */
export interface KeyTable {
  /** As it stands in SQL. */
  table: string;
  columns: readonly Column[];
  /** Names of columns in which it is known to have no NULL. */
  withoutNull?: ReadonlySet<string>;
}

/** A condition on the rows of `alias`: their key, called `names` there, is (or is not) in the table. */
export function keyIn(
  engine: EngineSpelling,
  keys: KeyTable,
  alias: string,
  names: readonly string[],
  isIn = true,
): string {
  const matches = sameKey(engine, keys, (index) => `${alias}.${nameOf(keys, names, index)}`, 'key_values');
  return `${isIn ? '' : 'not '}exists (select 1 from ${keys.table} as key_values where ${matches})`;
}

/** A condition: the values that `here` gives, by the index of the column, are the key of `there`. */
export function sameKey(
  engine: EngineSpelling,
  { columns, withoutNull }: Omit<KeyTable, 'table'>,
  here: (index: number) => string,
  there: string,
): string {
  const matches = columns.map(({ name, type }, index) => {
    const [one, other] = [here(index), `${there}.${identifier(name)}`];
    if (withoutNull?.has(name) === true) return `${one} = ${other}`;
    if (engine.engine === 'duckdb') return `${one} is not distinct from ${other}`;
    const zero = zeroOf(engine, type);
    return `coalesce(${one}, ${zero}) = coalesce(${other}, ${zero}) and (${one} is null) = (${other} is null)`;
  });
  return matches.join(' and ');
}

/** The rows of a SELECT whose key is (or is not) in the table. */
export function rowsOfKeys(
  engine: EngineSpelling,
  select: string,
  columns: readonly Column[],
  keys: KeyTable,
  names: readonly string[],
  isIn = true,
): string {
  const outputs = identifiers(columns.map((column) => column.name));
  if (engine.engine === 'postgres')
    return `select ${outputs} from (${select}\n) as all_rows where ${keyIn(engine, keys, 'all_rows', names, isIn)}`;
  // DuckDB makes a plain join of this; of exists (…) on values that are not distinct it groups all rows first
  const on = sameKey(engine, keys, (index) => `all_rows.${nameOf(keys, names, index)}`, 'key_values');
  return `select ${outputs} from (${select}\n) as all_rows ${isIn ? 'semi' : 'anti'} join ${keys.table} as key_values on ${on}`;
}

/** The distinct key values of SELECTs, which call the key's columns `names`. */
export function distinctKeys(
  columns: readonly Column[],
  selects: readonly { sql: string; names: readonly string[] }[],
): string {
  const arms = selects.map(
    ({ sql, names }, arm) =>
      `select ${columns.map(({ name }, index) => `${identifier(names[index] ?? name)} as ${identifier(name)}`).join(', ')} from (${sql}\n) as arm_${arm + 1}`,
  );
  return `select distinct ${identifiers(columns.map((column) => column.name))} from (${arms.join('\nunion all\n')}\n) as arms`;
}

/** The column of a key table that says what touched the key: a bit per mark. */
export const TOUCHED_BY = '_touched_by';

/** Headers cannot declare such a name. */
const MARK = '_mark';

/** The distinct key values of SELECTs, each with the marks (bits) of those that give it. */
export function markedKeys(
  columns: readonly Column[],
  selects: readonly { sql: string; names: readonly string[]; mark: bigint }[],
): string {
  const arms = selects.map(
    ({ sql, names, mark }, arm) =>
      `select ${columns.map(({ name }, index) => `${identifier(names[index] ?? name)} as ${identifier(name)}`).join(', ')}, cast(${mark} as bigint) as ${MARK} from (${sql}\n) as arm_${arm + 1}`,
  );
  const keys = identifiers(columns.map((column) => column.name));
  return `select ${keys}, bit_or(${MARK}) as ${identifier(TOUCHED_BY)} from (${arms.join('\nunion all\n')}\n) as arms group by ${keys}`;
}

// --- internal ---

function nameOf(keys: KeyTable, names: readonly string[], index: number): string {
  return identifier(names[index] ?? keys.columns[index]?.name ?? '');
}

function zeroOf(engine: EngineSpelling, type: LogicalType): string {
  return `cast(${ZEROS[type] ?? '0'} as ${engine.typeName(type)})`;
}

const ZEROS: Partial<Record<LogicalType, string>> = {
  text: `''`,
  boolean: 'false',
  date: `'1970-01-01'`,
  timestamptz: `'1970-01-01 00:00:00+00'`,
};
