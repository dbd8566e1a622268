/**
 * The rows that left a relation paired with those that came, counted and read.
 */
import type { Session, Warehouse } from '../../warehouse/contract.ts';
import { identifier } from '../../warehouse/sql.ts';
import type { Column, ResultValue, Row } from '../../warehouse/types.ts';
import { pairedSelect, type Sides } from './diff-sql.ts';
import { causesOfRow, marksOfRows, type KnownCauses, type RowCause } from './row-causes.ts';

export interface Pairing {
  sides: Sides;
  /** Columns by which rows are paired. */
  key: readonly Column[];
  others: readonly Column[];
}

export interface PairCounts {
  changed: number;
  removed: number;
  added: number;
}

export interface ColumnChange {
  column: string;
  /** Keys whose value differs, of those that were and are there. */
  changed: number;
  /** The sum over the removed and over the added rows, of numbers. */
  before: ResultValue;
  after: ResultValue;
}

export interface KeyChange {
  change: 'changed' | 'removed' | 'added';
  key: Record<string, ResultValue>;
  /** Of a changed row the cells that differ, else the whole row. */
  before: Record<string, ResultValue>;
  after: Record<string, ResultValue>;
  /** What touched its key, by build; empty where that is not known. */
  causes: RowCause[];
}

/** How many keys changed, and what that makes per column. */
export async function countPairs(
  session: Session,
  pairing: Pairing,
): Promise<{ counts: PairCounts; columns: ColumnChange[] }> {
  const { sides, key, others } = pairing;
  const count = (condition: string, name: string): string =>
    `cast(sum(case when ${condition} then 1 else 0 end) as bigint) as ${name}`;
  const counts = [
    count('was = 1 and is_now = 1', 'changed'),
    count('was = 1 and is_now = 0', 'removed'),
    count('was = 0 and is_now = 1', 'added'),
    ...others.map((_, index) => count(`was = 1 and is_now = 1 and b${index} is distinct from a${index}`, `c${index}`)),
  ];
  const [totals = {}] = await session.query<Record<string, number>>(
    `select ${counts.join(', ')} from (${pairedSelect(sides, key, others)}) as paired`,
  );
  const [before, after] = [await sums(session, sides.removed, others), await sums(session, sides.added, others)];
  return {
    counts: { changed: totals['changed'] ?? 0, removed: totals['removed'] ?? 0, added: totals['added'] ?? 0 },
    columns: others.map(({ name }, index) => ({
      column: name,
      changed: totals[`c${index}`] ?? 0,
      before: before[name] ?? null,
      after: after[name] ?? null,
    })),
  };
}

/** The keys that changed, came or went, in chunks as the warehouse gives them; `limit` at most. */
export async function* pairsOf(
  warehouse: Warehouse,
  { sides, key, others }: Pairing,
  causes: readonly KnownCauses[],
  limit: number | undefined,
): AsyncIterable<KeyChange[]> {
  const order = [
    'paired.was * paired.is_now desc',
    'paired.is_now',
    ...key.map((_, index) => `paired.k${index} nulls first`),
    'paired._diff_number',
  ];
  const most = limit === undefined ? '' : ` limit ${limit}`;
  const found = `select * from (${pairedSelect(sides, key, others)}) as paired order by ${order.join(', ')}${most}`;
  const { outputs, joins } = marksOfRows(warehouse, causes, (column, side) => {
    const place = placeOf(column, key, others, side);
    if (place === null) return null;
    return column.type === 'boolean' ? `cast(paired.${place} as boolean)` : `paired.${place}`;
  });
  const sql = `select ${['paired.*', ...outputs].join(', ')} from (${found}) as paired ${joins.join(' ')} order by ${order.join(', ')}`;
  for await (const rows of warehouse.stream(sql)) {
    yield rows.map((row) => ({
      ...keyChange(row, key, others),
      causes: causesOfRow(causes, (build) => BigInt(row[`t${build}`] as number | bigint)),
    }));
  }
}

// --- internal ---

/** Where the paired rows have a column; null: nowhere. */
function placeOf(
  { name, type }: Column,
  key: readonly Column[],
  others: readonly Column[],
  side: 'before' | 'after',
): string | null {
  const indexIn = (columns: readonly Column[]): number =>
    columns.findIndex((column) => column.name === name && column.type === type);
  if (indexIn(key) >= 0) return `k${indexIn(key)}`;
  return indexIn(others) < 0 ? null : `${side === 'before' ? 'b' : 'a'}${indexIn(others)}`;
}

async function sums(session: Session, side: string, columns: readonly Column[]): Promise<Row> {
  const numbers = columns.filter(({ type }) => /^(integer|bigint|double|decimal)/.test(type));
  if (numbers.length === 0) return {};
  const outputs = numbers.map(
    ({ name }) => `cast(sum(${identifier(name)}) as double precision) as ${identifier(name)}`,
  );
  const [row] = await session.query(`select ${outputs.join(', ')} from (${side}\n) as side`);
  return row ?? {};
}

function keyChange(row: Row, key: readonly Column[], others: readonly Column[]): Omit<KeyChange, 'causes'> {
  const value = (name: string, type: string): ResultValue => {
    const found = row[name] ?? null;
    return type === 'boolean' && found !== null ? found === 'true' : found;
  };
  const [was, is] = [row['was'] === 1, row['is_now'] === 1];
  const side = (letter: 'a' | 'b', isThere: boolean): Record<string, ResultValue> =>
    Object.fromEntries(
      others.flatMap(({ name, type }, index) => {
        if (!isThere) return [];
        const [before, after] = [value(`b${index}`, type), value(`a${index}`, type)];
        return was && is && before === after ? [] : [[name, letter === 'b' ? before : after]];
      }),
    );
  return {
    change: was && is ? 'changed' : was ? 'removed' : 'added',
    key: Object.fromEntries(key.map(({ name, type }, index) => [name, value(`k${index}`, type)])),
    before: side('b', was),
    after: side('a', is),
  };
}
