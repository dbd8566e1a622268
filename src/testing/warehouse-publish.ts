/**
 * Publication: readers see the old state or the new one.
 */
import type { Publication } from '../warehouse/contract.ts';
import type { TestRunner } from './test-runner.ts';
import type { WithWarehouse } from './opened-warehouse.ts';

export function publishCases({ it, expect }: TestRunner, withWarehouse: WithWarehouse): void {
  it(
    'flips all views in one commit, and none when the transaction fails',
    withWarehouse(async ({ warehouse, another }) => {
      const other = await another();
      try {
        await warehouse.script(
          "create schema v; create table v.a1 as select 1 as i, 'x' as t; create table v.a2 as select 2 as i, 'y' as t",
        );
        const flip = (table: string) => warehouse.transaction((session) => warehouse.publish(session, show(table)));
        expect(await flip('a1')).toEqual({ recreated: [] });
        expect(await other.query('select f.i, s.t from marts.first f cross join marts.second s')).toEqual([
          { i: 1, t: 'x' },
        ]);
        const failed = warehouse.transaction(async (session) => {
          await warehouse.publish(session, show('a2'));
          expect(await session.query('select i from marts.first')).toEqual([{ i: 2 }]);
          throw new Error('audit');
        });
        await expect(failed).rejects.toThrow('audit');
        expect(await other.query('select i from marts.first')).toEqual([{ i: 1 }]);
        expect(await flip('a2')).toEqual({ recreated: [] });
        await warehouse.execute('drop table v.a1');
        expect(await other.query('select f.i, s.t from marts.first f cross join marts.second s')).toEqual([
          { i: 2, t: 'y' },
        ]);
        expect(await warehouse.relations('marts')).toEqual([
          { schema: 'marts', name: 'first', kind: 'view' },
          { schema: 'marts', name: 'second', kind: 'view' },
        ]);
      } finally {
        await other.close();
      }
    }),
  );

  it(
    'widens a column under views, which stay as they were',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.script(
        `create schema raw; create table raw.t (id text, n integer); insert into raw.t values ('a', 1);
         create schema s; create view s.lower as select id, cast(n as bigint) as n from raw.t;
         create view s.upper as select id, n + 1 as n from s.lower; comment on view s.upper is 'kept'`,
      );
      const table = { schema: 'raw', name: 't' };
      await warehouse.transaction((session) => warehouse.widen(session, table, { name: 'n', type: 'decimal(38,9)' }));
      expect(await warehouse.describe(table)).toEqual([
        { name: 'id', type: 'text' },
        { name: 'n', type: 'decimal(38,9)' },
      ]);
      await warehouse.execute("insert into raw.t values ('b', 4000000000)");
      expect(await warehouse.query('select id, n from s.upper order by id')).toEqual([
        { id: 'a', n: 2 },
        { id: 'b', n: 4_000_000_001 },
      ]);
    }),
  );

  it(
    'appends columns silently, and names a view whose columns were dropped or retyped',
    withWarehouse(async ({ warehouse }) => {
      const showing = (sql: string): Promise<unknown> =>
        warehouse.transaction((session) =>
          warehouse.publish(session, [{ view: { schema: 'marts', name: 'cac' }, sql, columns: [], description: 'x' }]),
        );
      expect(await showing("select 1 as i, 'x' as t")).toEqual({ recreated: [] });
      expect(await showing("select 1 as i, 'x' as t, true as added")).toEqual({ recreated: [] });
      const recreated = { recreated: [{ schema: 'marts', name: 'cac' }] };
      expect(await showing("select 1 as i, 'x' as t")).toEqual(recreated);
      expect(await showing("select cast(1 as bigint) as i, 'x' as t")).toEqual(recreated);
      expect(await warehouse.describe({ schema: 'marts', name: 'cac' })).toEqual([
        { name: 'i', type: 'bigint' },
        { name: 't', type: 'text' },
      ]);
    }),
  );
}

// --- internal ---

function show(table: string): Publication[] {
  return ['first', 'second'].map((name) => ({
    view: { schema: 'marts', name },
    sql: `select i, t from v.${table}`,
    columns: [
      { name: 'i', type: 'integer' },
      { name: 't', type: 'text' },
    ],
    description: `it's "${table}"`,
  }));
}
