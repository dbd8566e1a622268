/**
 * A data test as a SELECT of the rows that fail it. It reads the tested rows as `model`; a check in sql/checks also
 * reads its arguments as the one-row relation `arguments` and, where it tests a column, that column as `tested`.
 */
import { identifier, identifiers, literal } from '../../warehouse/sql.ts';
import type { LogicalType } from '../../warehouse/types.ts';
import type { DataTest, ModelColumn } from '../contract.ts';
import type {
  BetweenArguments,
  CheckArguments,
  RelationshipArguments,
  RowCountArguments,
  Scalar,
  SumArguments,
} from '../read/header-tests.ts';

/** The failing rows' SELECT. `checks` gives the SQL of a file in sql/checks. */
export function testSql(test: DataTest, columns: readonly ModelColumn[], checks: ReadonlyMap<string, string>): string {
  const render = BUILT_IN[test.kind];
  if (render !== undefined) return render(test, columns);
  return (checks.get(test.kind) ?? '').trim().replace(/;\s*$/, '');
}

/** What is wrong with a row by itself, as a condition on its columns; null for a test that looks at more than one row. */
export function wrongRow(test: DataTest, columns: readonly ModelColumn[]): string | null {
  return OF_ROWS[test.kind]?.(test, columns) ?? null;
}

/** `between amount`, `unique (source, deal_id)`: for people. */
export function testLabel(test: DataTest): string {
  const subject =
    test.column ??
    (test.kind === 'unique'
      ? `(${(test.arguments as string[]).join(', ')})`
      : test.kind === 'expression'
        ? `(${String(test.arguments)})`
        : '');
  return [test.kind, subject].filter((part) => part !== '').join(' ');
}

/** The rows under test: `from` narrowed to the test's `where`. */
export function testedRows(test: DataTest, from: string): string {
  const own = test.column === undefined ? '' : `, tested_rows.${identifier(test.column)} as tested`;
  return `select tested_rows.*${BUILT_IN[test.kind] === undefined ? own : ''} from (${from}) as tested_rows${narrowedBy(test.where)}`;
}

/** The one row of a check's arguments. */
export function argumentsRow(test: DataTest, typeName: (type: LogicalType) => string): string {
  const entries = BUILT_IN[test.kind] === undefined ? Object.entries((test.arguments as CheckArguments) ?? {}) : [];
  if (entries.length === 0) return 'select 1 as has_none';
  return `select ${entries.map(([name, value]) => `cast(${value === null ? 'null' : literal(String(value))} as ${typeName(typeOf(value))}) as ${identifier(name)}`).join(', ')}`;
}

// --- internal ---

const OF_ROWS: Record<string, (test: DataTest, columns: readonly ModelColumn[]) => string> = {
  not_null: (test) => `${identifier(test.column ?? '')} is null`,
  accepted_values: (test, columns) => {
    const type = typeOfColumn(test, columns);
    const values = (test.arguments as Scalar[]).map((value) => constant(value, type)).join(', ');
    return `${identifier(test.column ?? '')} not in (${values})`;
  },
  between: (test, columns) => {
    const type = typeOfColumn(test, columns);
    const [low, high] = test.arguments as BetweenArguments;
    const name = identifier(test.column ?? '');
    const conditions = [
      low === null ? '' : `${name} < ${constant(low, type)}`,
      high === null ? '' : `${name} > ${constant(high, type)}`,
    ];
    return conditions.filter((condition) => condition !== '').join(' or ') || '1 = 0';
  },
};

const BUILT_IN: Record<string, (test: DataTest, columns: readonly ModelColumn[]) => string> = {
  ...Object.fromEntries(
    Object.entries(OF_ROWS).map(([kind, wrong]) => [
      kind,
      (test: DataTest, columns: readonly ModelColumn[]) => `select * from model where ${wrong(test, columns)}`,
    ]),
  ),
  // the grain counts NULL as a value; a column that is unique may be NULL more than once
  unique: (test) => {
    const names = test.column === undefined ? identifiers(test.arguments as string[]) : identifier(test.column);
    const known = test.column === undefined ? '' : ` where ${names} is not null`;
    return `select ${names}, count(*) as duplicates from model${known} group by ${names} having count(*) > 1`;
  },
  relationships: (test) => {
    const { to, column } = test.arguments as RelationshipArguments;
    const own = `model.${identifier(test.column ?? '')}`;
    return `select * from model where ${own} is not null and not exists (select 1 from ${identifier(to)} as target where target.${identifier(column)} = ${own})`;
  },
  expression: (test) => `select * from model where not (${String(test.arguments)}\n)`,
  row_count: (test) => {
    const { relation, where } = (test.arguments as RowCountArguments).equals;
    return `select own.rows_found, other.rows_expected from (select count(*) as rows_found from model) as own cross join (select count(*) as rows_expected from ${identifier(relation)}${narrowedBy(where)}) as other where own.rows_found <> other.rows_expected`;
  },
  sum: (test) => {
    const { column, equals, tolerance } = test.arguments as SumArguments;
    return `select own.sum_found, other.sum_expected from (select coalesce(sum(${identifier(column)}), 0) as sum_found from model) as own cross join (select coalesce(sum(${identifier(equals.column)}), 0) as sum_expected from ${identifier(equals.relation)}${narrowedBy(equals.where)}) as other where abs(own.sum_found - other.sum_expected) > ${tolerance}`;
  },
};

/** In brackets that a comment at the end of the condition does not swallow. */
function narrowedBy(where: string | undefined): string {
  return where === undefined ? '' : ` where (${where}\n)`;
}

function typeOfColumn(test: DataTest, columns: readonly ModelColumn[]): LogicalType {
  return columns.find((column) => column.name === test.column)?.type ?? 'text';
}

/** Spelled so that both engines know it. */
function constant(value: Scalar, type: LogicalType): string {
  return `cast(${literal(String(value))} as ${type === 'double' ? 'double precision' : type})`;
}

function typeOf(value: Scalar | null): LogicalType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'bigint' : 'double';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}
