import { expect, it } from 'vitest';

import { storeDelta } from '../../../src/model/build/delta-table.ts';
import { STORE } from '../../../src/model/store/store.ts';
import type { Column } from '../../../src/warehouse/types.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';

const COLUMNS: Column[] = [
  { name: 'place', type: 'text' },
  { name: 'number', type: 'double' },
  { name: 'document', type: 'json' },
];

it.each(engines)(
  '%s: A row that is there more often is more rows, and what both sides hold is none',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await warehouse.execute(`create schema ${STORE}`);
      const rows = (values: readonly string[]): string =>
        `select place, cast(number as double precision) as number, cast(document as json) as document from (values ${values.join(', ')}) as given(place, number, document)`;
      const sides = {
        old: rows([
          `('kept', 1, '{"a": 1}')`,
          `('gone', 0.5, null)`,
          `('less', 3, null)`,
          `('less', 3, null)`,
          `('less', 3, null)`,
        ]),
        now: rows([
          `('kept', 1, '{"a": 1}')`,
          `('less', 3, null)`,
          `(null, null, null)`,
          `(null, null, null)`,
          `('kept', 1, '{"a": 2}')`,
        ]),
      };
      const delta = await storeDelta(warehouse, { columns: COLUMNS }, sides, 'one__b1__delta');
      expect([delta.removedRows, delta.addedRows]).toEqual([3, 3]);
      const shown = (select: string): Promise<unknown[]> =>
        warehouse.query(
          `select place, number, document from (${select}) as shown order by number nulls last, document`,
        );
      expect(await shown(delta.removed)).toEqual([
        { place: 'gone', number: 0.5, document: null },
        { place: 'less', number: 3, document: null },
        { place: 'less', number: 3, document: null },
      ]);
      expect(await shown(delta.added)).toEqual([
        { place: 'kept', number: 1, document: '{"a": 2}' },
        { place: null, number: null, document: null },
        { place: null, number: null, document: null },
      ]);
      const none = await storeDelta(
        warehouse,
        { columns: COLUMNS },
        { old: sides.now, now: sides.now },
        'two__b1__delta',
      );
      expect([none.removedRows, none.addedRows]).toEqual([0, 0]);
      expect(await warehouse.describe({ schema: STORE, name: 'two__b1__delta' })).toBeNull();
      // a column may be called as people like, but for a first underscore
      const named = { columns: [{ name: 'difference_side', type: 'bigint' }] } satisfies { columns: Column[] };
      const numbers = {
        old: 'select cast(1 as bigint) as difference_side',
        now: 'select cast(2 as bigint) as difference_side',
      };
      const other = await storeDelta(warehouse, named, numbers, 'three__b1__delta');
      expect([other.removedRows, other.addedRows]).toEqual([1, 1]);
    } finally {
      await dispose();
    }
  },
);
