/**
 * Statements, values, transactions and descriptions, alike on every engine.
 */
import type { Row } from '../warehouse/types.ts';
import type { TestRunner } from './test-runner.ts';
import type { WithWarehouse } from './opened-warehouse.ts';

export function statementCases({ it, expect }: TestRunner, withWarehouse: WithWarehouse): void {
  it(
    'gives values in one form',
    withWarehouse(async ({ warehouse }) => {
      const [row] = await warehouse.query(VALUES);
      expect(row).toEqual({
        small: 7,
        whole: 2 ** 40,
        large: 9_223_372_036_854_775_807n,
        money: '1234.500000',
        negative: '-0.01',
        ratio: 0.1,
        yes: true,
        day: '2024-02-29',
        before: '1969-12-31',
        at: '2024-01-01T00:30:00.000000Z',
        micro: '1969-12-31T23:59:59.999999Z',
        doc: { a: [1, 'x', null] },
        nothing: null,
      });
    }),
  );

  it(
    'takes parameters of every type, NULL included',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.execute(
        `create table p (i integer, b bigint, d ${warehouse.typeName('double')}, m ${warehouse.typeName('decimal(18,6)')}, y boolean, t text, day date, moment timestamptz, j ${warehouse.typeName('json')})`,
      );
      const insert = 'insert into p values ($1, $2, $3, $4, $5, $6, $7, $8, $9)';
      const values = [
        1,
        9_007_199_254_740_993n,
        -0.5,
        '12.340000',
        false,
        'it\'s "x"\n$1 ?',
        '2026-02-01',
        '2026-02-01T10:00:00.000001Z',
        '{"k":"v"}',
      ];
      expect(await warehouse.execute(insert, values)).toBe(1);
      expect(
        await warehouse.execute(
          insert,
          values.map(() => null),
        ),
      ).toBe(1);
      const rows = await warehouse.query('select * from p order by i nulls last');
      expect(rows).toEqual([
        {
          i: 1,
          b: values[1],
          d: -0.5,
          m: '12.340000',
          y: false,
          t: values[5],
          day: '2026-02-01',
          moment: values[7],
          j: { k: 'v' },
        },
        { i: null, b: null, d: null, m: null, y: null, t: null, day: null, moment: null, j: null },
      ]);
      expect(
        await warehouse.query('select i from p where day = $1 and moment <= $2 and b = $3', [
          values[6] as string,
          values[7] as string,
          values[1] as bigint,
        ]),
      ).toEqual([{ i: 1 }]);
    }),
  );

  it(
    'tells how many rows a statement changed',
    withWarehouse(async ({ warehouse }) => {
      expect(await warehouse.execute('create table n (i integer)')).toBe(0);
      expect(await warehouse.execute('insert into n select i from generate_series(1, 10) as g(i)')).toBe(10);
      expect(await warehouse.execute('update n set i = i + 1 where i > $1', [7])).toBe(3);
      expect(await warehouse.execute('create table n3 as select i from n where i > 3')).toBe(7);
      expect(await warehouse.execute('create table n4 as select i from n where i > 100')).toBe(0);
      expect(await warehouse.execute('create view n5 as select i from n')).toBe(0);
      expect(await warehouse.execute('delete from n')).toBe(10);
      await warehouse.script("create table n2 (t text); insert into n2 values ('a;b'); insert into n2 values ('c');");
      expect(await warehouse.query('select count(*) as n from n2')).toEqual([{ n: 2 }]);
    }),
  );

  it(
    'streams a result in chunks, and can be left early',
    withWarehouse(async ({ warehouse }) => {
      const sql = 'select i, cast(i as text) as t from generate_series(1, cast($1 as integer)) as g(i) order by i';
      let next = 1;
      let chunks = 0;
      for await (const rows of warehouse.stream<{ i: number; t: string }>(sql, [20_000])) {
        chunks += 1;
        for (const row of rows) {
          if (row.i !== next || row.t !== String(next)) throw new Error(`row ${next} is ${JSON.stringify(row)}`);
          next += 1;
        }
      }
      expect([next, chunks > 1]).toEqual([20_001, true]);
      for (let round = 0; round < 20; round += 1) {
        for await (const rows of warehouse.stream(sql, [20_000])) {
          expect(rows.length > 0).toBe(true);
          break;
        }
      }
      const empty: Row[][] = [];
      for await (const rows of warehouse.stream(sql, [0])) empty.push(rows);
      expect(empty).toEqual([]);
    }),
  );

  it(
    'commits a transaction whole, or not at all',
    withWarehouse(async ({ warehouse, another }) => {
      const other = await another();
      try {
        await warehouse.execute('create table t (i integer)');
        const gave = await warehouse.transaction(async (session) => {
          await session.execute('insert into t values (1)');
          await session.execute('create table made (i integer)');
          expect(await session.query('select i from t')).toEqual([{ i: 1 }]);
          return 'gave';
        });
        expect(gave).toBe('gave');
        const boom = new Error('boom');
        const failed = warehouse.transaction(async (session) => {
          await session.execute('insert into t values (2)');
          await session.execute('drop table made');
          throw boom;
        });
        expect(await failed.catch((error: unknown) => error === boom)).toBe(true);
        expect(await other.query('select i from t')).toEqual([{ i: 1 }]);
        expect(await other.query('select i from made')).toEqual([]);
      } finally {
        await other.close();
      }
    }),
  );

  it(
    'does not commit a transaction whose failed statement was ignored',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.execute('create table t (i integer)');
      const ignored = warehouse.transaction(async (session) => {
        await session.execute('insert into t values (1)');
        await session.execute("insert into t values (cast('x' as integer))").catch(() => undefined);
      });
      await expect(ignored).rejects.toMatchObject({ code: 'WAREHOUSE_FAILED' });
      expect(await warehouse.query('select i from t')).toEqual([]);
    }),
  );

  it(
    'runs statements of one transaction in order, and refuses one while a stream is read',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.execute('create table t (i integer)');
      await warehouse.transaction(async (session) => {
        await Promise.all(
          [1, 2, 3, 4].map((i) => session.execute('insert into t select $1 + count(*) * 10 from t', [i])),
        );
        expect(await session.query('select i from t order by i')).toEqual([{ i: 1 }, { i: 12 }, { i: 23 }, { i: 34 }]);
        for await (const rows of session.stream('select i from t')) {
          expect(rows.length).toBe(4);
          await expect(session.query('select 1')).rejects.toThrow(/stream/);
        }
        expect(await session.query('select count(*) as n from t')).toEqual([{ n: 4 }]);
      });
    }),
  );

  it(
    'keeps the temporary relations of a transaction to it',
    withWarehouse(async ({ warehouse }) => {
      for (let round = 0; round < 3; round += 1) {
        await warehouse.transaction(async (session) => {
          await session.execute('create temporary table passing (i integer)');
          await session.execute('create temporary view seen as select i + 1 as j from passing');
          await session.execute('insert into passing values (1)');
          expect(await session.query('select j from seen')).toEqual([{ j: 2 }]);
        });
      }
      await expect(warehouse.query('select * from passing')).rejects.toMatchObject({ code: 'WAREHOUSE_FAILED' });
    }),
  );

  it(
    'runs many statements at the same time',
    withWarehouse(async ({ warehouse }) => {
      const rows = await Promise.all(
        Array.from({ length: 30 }, (_, i) => warehouse.query<{ i: number }>('select cast($1 as integer) as i', [i])),
      );
      expect(rows.map(([row]) => row?.i)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    }),
  );

  it(
    'describes tables, views and queries',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.script(
        `create schema s; create table s.t (${COLUMNS.map(({ name, type }) => `${name} ${warehouse.typeName(type)}`).join(', ')}); create view s.v as select a, c from s.t`,
      );
      expect(await warehouse.describe({ schema: 's', name: 't' })).toEqual(COLUMNS);
      expect(await warehouse.describe({ schema: 's', name: 'v' })).toEqual([COLUMNS[0], COLUMNS[2]]);
      expect(await warehouse.describe({ schema: 's', name: 'missing' })).toBe(null);
      expect(await warehouse.describe({ schema: 'missing', name: 't' })).toBe(null);
      await warehouse.script('create schema r; create table r.z (a integer)');
      expect(await warehouse.relations('s', 'missing', 'r')).toEqual([
        { schema: 'r', name: 'z', kind: 'table' },
        { schema: 's', name: 't', kind: 'table' },
        { schema: 's', name: 'v', kind: 'view' },
      ]);
      expect(await warehouse.relations('missing')).toEqual([]);
      expect(
        await warehouse.describeQuery(
          "-- a comment\nselect a as first, count(*) as n, cast(sum(c) as decimal(20,2)) as m, 'x' as x from s.t group by a",
        ),
      ).toEqual([
        { name: 'first', type: 'text' },
        { name: 'n', type: 'bigint' },
        { name: 'm', type: 'decimal(20,2)' },
        { name: 'x', type: 'text' },
      ]);
      await expect(warehouse.describeQuery('select nothing from s.t')).rejects.toThrow(/nothing/);
      await expect(warehouse.describeQuery('select current_time as clock')).rejects.toThrow(
        /column "clock" has type time/i,
      );
      expect(await warehouse.query('select 1 as fine')).toEqual([{ fine: 1 }]);
    }),
  );

  it(
    'tells a wrong statement without the data it choked on',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.execute('create table people (email text)');
      await warehouse.execute('insert into people values ($1)', ['ann@example.com']);
      const error: unknown = await warehouse
        .query('select cast(email as integer) from people')
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'WAREHOUSE_FAILED' });
      expect(String(error).includes('ann@example.com')).toBe(false);
      await expect(warehouse.query('selec 1')).rejects.toThrow(/selec/);
    }),
  );

  it(
    'says that it was closed',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.query('select 1');
      await warehouse.close();
      await warehouse.close();
      await expect(warehouse.query('select 1')).rejects.toThrow(/after it was closed/);
    }),
  );
}

// --- internal ---

const COLUMNS = [
  { name: 'a', type: 'text' },
  { name: 'b', type: 'integer' },
  { name: 'c', type: 'decimal(18,6)' },
  { name: 'd', type: 'bigint' },
  { name: 'e', type: 'double' },
  { name: 'f', type: 'boolean' },
  { name: 'g', type: 'date' },
  { name: 'h', type: 'timestamptz' },
  { name: 'i', type: 'json' },
] as const;

const VALUES = `select 7 as small, cast(1099511627776 as bigint) as whole, cast(9223372036854775807 as bigint) as large,
  cast('1234.5' as decimal(18,6)) as money, cast('-0.01' as decimal(4,2)) as negative, cast(0.1 as double precision) as ratio, true as yes,
  cast('2024-02-29' as date) as day, cast('1969-12-31' as date) as before,
  cast('2024-01-01 02:00:00+01:30' as timestamptz) as at, cast('1969-12-31 23:59:59.999999Z' as timestamptz) as micro,
  cast('{"a":[1,"x",null]}' as json) as doc, cast(null as text) as nothing`;
