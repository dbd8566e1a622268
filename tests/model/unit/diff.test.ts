import fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareRows } from '../../../src/model/unit/diff.ts';

const columns = ['id', 'name', 'amount'];
const options = { columns, identity: ['id'], tolerance: 1e-9 };
const rows = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 40 }),
    name: fc.constantFrom('x', 'y', null),
    amount: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
  { selector: (row) => row.id, minLength: 1, maxLength: 12 },
);
const runs = { seed: 7, numRuns: 100 };

test('Rows are the same in any order, and with fractions that differ in their last digits.', () => {
  fc.assert(
    fc.property(rows, fc.integer(), (given, turn) => {
      const found = given.map((row) => ({ ...row, amount: row.amount * (1 + 1e-12) }));
      const at = Math.abs(turn) % given.length;
      const turned = [...found.slice(at), ...found.slice(0, at)].toReversed();
      expect(
        compareRows(
          given.map((row) => ({ row })),
          turned,
          options,
        ),
      ).toEqual([]);
    }),
    runs,
  );
});

test('One changed cell, one missing and one unexpected row are told as just that.', () => {
  fc.assert(
    fc.property(rows, fc.nat(), (given, index) => {
      const at = index % given.length;
      const expected = given.map((row) => ({ row }));
      const changed = given.map((row, other) => (other === at ? { ...row, name: 'other' } : row));
      expect(compareRows(expected, changed, options)).toMatchObject([
        { kind: 'changed', identity: { id: given[at]?.id }, cells: [{ column: 'name', found: 'other' }] },
      ]);
      const without = given.filter((_, other) => other !== at);
      expect(compareRows(expected, without, options)).toEqual([{ kind: 'missing', row: given[at] }]);
      const fewer = without.map((row) => ({ row }));
      expect(compareRows(fewer, given, options)).toEqual([{ kind: 'unexpected', row: given[at] }]);
    }),
    runs,
  );
});

test('Rows that are there twice count twice.', () => {
  const row = { id: 1, name: 'x', amount: 2 };
  expect(compareRows([{ row }, { row }], [row], options)).toHaveLength(1);
  expect(compareRows([{ row }], [row, row], options)).toEqual([{ kind: 'unexpected', row }]);
});

test('Without what identifies them, rows that mostly agree are taken for one.', () => {
  const expected = [{ row: { id: 1, name: 'x', amount: 1 } }];
  const found = [{ id: 1, name: 'x', amount: 2 }];
  expect(compareRows(expected, found, { ...options, identity: [] })).toMatchObject([
    { kind: 'changed', identity: { id: 1, name: 'x' }, cells: [{ column: 'amount' }] },
  ]);
  expect(compareRows(expected, [{ id: 5, name: 'z', amount: 2 }], { ...options, identity: [] })).toHaveLength(2);
});
