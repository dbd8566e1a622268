/**
 * Rows compared in any order: which cells differ, which rows are missing, which should not be there.
 */
import type { ResultValue, Row } from '../../warehouse/types.ts';
import type { CasePlace } from './unit-case.ts';

export interface ExpectedRow {
  row: Row;
  /** Where it is written; absent where another run gave it. */
  place?: CasePlace;
}

export type Difference =
  | {
      kind: 'changed';
      identity: Row;
      cells: { column: string; expected: ResultValue; found: ResultValue }[];
      place?: CasePlace;
    }
  | { kind: 'missing'; row: Row; place?: CasePlace }
  | { kind: 'unexpected'; row: Row };

/**
 * The differences, those of expected rows in their order. `columns` are compared, `identity` tells which rows are the same
 * one. Fractions may differ by `tolerance`: relative, absolute below 1.
 */
export function compareRows(
  expected: readonly ExpectedRow[],
  found: readonly Row[],
  { columns, identity, tolerance }: { columns: readonly string[]; identity: readonly string[]; tolerance: number },
): Difference[] {
  const isSame = (one: Row, other: Row, column: string): boolean => isEqual(one[column], other[column], tolerance);
  // copies: the same row may be given twice
  const left = new Set(found.map((row) => ({ ...row })));
  const unmatched = expected.filter(({ row }) => {
    for (const other of left) {
      if (!columns.every((column) => isSame(row, other, column))) continue;
      left.delete(other);
      return false;
    }
    return true;
  });
  const partners = partnersOf(unmatched, left, columns, identity, isSame);
  for (const partner of partners.values()) left.delete(partner);
  const ofExpected = unmatched.map((wanted): Difference => {
    const { row, place } = wanted;
    const where = place === undefined ? {} : { place };
    const other = partners.get(wanted);
    if (other === undefined) return { kind: 'missing', row: picked(row, columns), ...where };
    const cells = columns
      .filter((column) => !isSame(row, other, column))
      .map((column) => ({ column, expected: row[column] ?? null, found: other[column] ?? null }));
    const shown = identity.length > 0 ? identity : columns.filter((column) => isSame(row, other, column)).slice(0, 3);
    return { kind: 'changed', identity: picked(other, shown), cells, ...where };
  });
  const inOrder = [...identity, ...columns.filter((column) => !identity.includes(column))];
  return [...ofExpected, ...[...left].map((row): Difference => ({ kind: 'unexpected', row: picked(row, inOrder) }))];
}

// --- internal ---

/** Expected rows and the found ones that are meant to be them. */
function partnersOf(
  expected: readonly ExpectedRow[],
  found: ReadonlySet<Row>,
  columns: readonly string[],
  identity: readonly string[],
  isSame: (one: Row, other: Row, column: string) => boolean,
): Map<ExpectedRow, Row> {
  const named = identity.filter((column) => columns.includes(column));
  const isWhole = named.length > 0 && named.length === identity.length;
  const pairs = expected.flatMap((wanted) =>
    [...found].flatMap((row) => {
      const isOne = named.every((column) => isSame(wanted.row, row, column));
      const equal = columns.filter((column) => isSame(wanted.row, row, column)).length;
      // with a part of its identity, or none, a row is known by what else it holds
      const score = isOne && named.length > 0 ? columns.length + equal : equal;
      const isLikely = isWhole ? isOne : 2 * equal >= columns.length || (isOne && named.length > 0);
      return isLikely ? [{ wanted, row, score }] : [];
    }),
  );
  const partners = new Map<ExpectedRow, Row>();
  const taken = new Set<Row>();
  for (const { wanted, row } of pairs.toSorted((a, b) => b.score - a.score)) {
    if (partners.has(wanted) || taken.has(row)) continue;
    partners.set(wanted, row);
    taken.add(row);
  }
  return partners;
}

function picked(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

function isEqual(one: ResultValue | undefined, other: ResultValue | undefined, tolerance: number): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    return one === other || Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(other));
  }
  if (typeof one === 'object' && typeof other === 'object' && one !== null && other !== null)
    return stable(one) === stable(other);
  return (one ?? null) === (other ?? null);
}

function stable(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
