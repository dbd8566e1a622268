/**
 * Rows that are equal but for the last digits of fractions, which depend on the order of a sum.
 */
import { expect } from 'vitest';

import type { Row } from '../../src/warehouse/types.ts';

/** Both in the same order. `tolerance` is relative, absolute below 1. */
export function expectSameRows(found: readonly Row[], expected: readonly Row[], tolerance = 1e-9): void {
  const settled = found.map((row, index) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const wanted = expected[index]?.[column];
        return [column, isClose(value, wanted, tolerance) ? wanted : value];
      }),
    ),
  );
  expect(settled).toEqual(expected);
}

// --- internal ---

function isClose(value: unknown, wanted: unknown, tolerance: number): boolean {
  return (
    typeof value === 'number' &&
    typeof wanted === 'number' &&
    Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted))
  );
}
