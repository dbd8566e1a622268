import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bindModel, castTo, emptyRelation, nameFunctions, unionAll } from '../../../src/model/build/bind.ts';
import { rowsSelect } from '../../../src/model/build/rows.ts';
import type { Column } from '../../../src/warehouse/types.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';

const COLUMNS: Column[] = [
  { name: 'deal_id', type: 'text' },
  { name: 'amount', type: 'decimal(18,6)' },
];
const ALL_TYPES: Column[] = [
  { name: 'a', type: 'text' },
  { name: 'b', type: 'integer' },
  { name: 'c', type: 'bigint' },
  { name: 'd', type: 'double' },
  { name: 'e', type: 'boolean' },
  { name: 'f', type: 'date' },
  { name: 'g', type: 'timestamptz' },
  { name: 'h', type: 'json' },
  { name: 'i', type: 'decimal(18,6)' },
];

it('Calls are renamed at their place, whatever stands around them', () => {
  const sql = "select 'é day_of(' as é, day_of(day_of(a)) as day_of from t";
  const calls = [...sql.matchAll(/(?<!')\bday_of(?=\()/g)]
    .slice(1)
    .map((match) => ({ name: 'day_of', offset: Buffer.byteLength(sql.slice(0, match.index)) }));
  expect(nameFunctions(sql, calls, (name) => `"s"."${name}"`)).toBe(
    `select 'é day_of(' as é, "s"."day_of"("s"."day_of"(a)) as day_of from t`,
  );
});

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  beforeAll(async () => {
    opened = await openTestWarehouse(engine);
    await opened.warehouse.execute('create schema store');
    await opened.warehouse.execute(
      `create table store.deals_1 as select cast('a' as text) as deal_id, 1 as amount, 5 as other`,
    );
  });
  afterAll(() => opened.dispose());

  const bound = (sql: string): string =>
    bindModel(
      opened.warehouse,
      { sql, calls: [], columns: COLUMNS },
      [{ name: 'deals', sql: 'select * from store.deals_1' }],
      (name) => name,
    );

  it.each([
    'select deal_id, amount from deals',
    'with deals as (select * from deals) select deal_id, amount from deals',
    'with deals as (select deal_id, amount from deals), twice as (with deals as (select * from deals) select * from deals) select deal_id, amount from twice',
    'select amount, deal_id from (select * from deals) as deals -- a comment at the end',
    'with x as (select max(amount) as amount from deals) select deal_id, (select amount from x) as amount from deals order by 1 limit 1',
  ])('A model reads what it is shown: %s', async (sql) => {
    expect(await opened.warehouse.query(bound(sql))).toEqual([{ deal_id: 'a', amount: '1.000000' }]);
    expect(await opened.warehouse.describeQuery(bound(sql))).toEqual(COLUMNS);
  });

  it('A relation that is not shown is not seen', async () => {
    await opened.warehouse.execute('create table secret as select 1 as amount');
    await expect(opened.warehouse.query(bound('select deal_id, amount from deal'))).rejects.toThrow(/deal/);
  });

  it('Rows, empty relations and unions have the declared types', async () => {
    const row = {
      a: "it's",
      b: 1,
      c: '9007199254740993',
      d: 1.5,
      e: true,
      f: '2026-03-01',
      g: '2026-03-01T10:00:00+02:00',
      h: '{"k": [1]}',
      i: '0.1',
    };
    const given = rowsSelect(opened.warehouse, 'x', ALL_TYPES, [row, {}]);
    expect(await opened.warehouse.describeQuery(given)).toEqual(ALL_TYPES);
    expect(await opened.warehouse.query(given)).toEqual([
      { ...row, c: 9007199254740993n, g: '2026-03-01T08:00:00.000000Z', h: { k: [1] }, i: '0.100000' },
      Object.fromEntries(ALL_TYPES.map(({ name }) => [name, null])),
    ]);
    const none = emptyRelation(opened.warehouse, ALL_TYPES);
    expect([await opened.warehouse.describeQuery(none), await opened.warehouse.query(none)]).toEqual([ALL_TYPES, []]);
    const two = unionAll([given, rowsSelect(opened.warehouse, 'x', ALL_TYPES, [row])], ALL_TYPES);
    expect([await opened.warehouse.describeQuery(two), (await opened.warehouse.query(two)).length]).toEqual([
      ALL_TYPES,
      3,
    ]);
    expect(() => rowsSelect(opened.warehouse, 'x', ALL_TYPES, [{ z: 1 }])).toThrow(
      'a row given for x has the column z, which it does not declare',
    );
  });

  it('Text is compared by its bytes', async () => {
    const text = castTo(opened.warehouse, 'word', 'text');
    const words = `(values ('b'), ('B'), ('ä'), ('a')) as listed(word)`;
    expect(
      await opened.warehouse.query(`select word from (select ${text} as word from ${words}) as typed order by word`),
    ).toEqual(['B', 'a', 'b', 'ä'].map((word) => ({ word })));
  });
});
