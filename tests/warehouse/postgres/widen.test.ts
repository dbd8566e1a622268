import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';

describe('widening a column on Postgres', () => {
  let test: TestWarehouse;
  const table = { schema: 'raw', name: 't' };
  const column = { name: 'n', type: 'bigint' } as const;
  const widen = (): Promise<void> =>
    test.warehouse.transaction((session) => test.warehouse.widen(session, table, column));

  beforeEach(async () => {
    test = await openTestWarehouse('postgres');
    await test.warehouse.script(
      `create schema raw; create table raw.t (id text, n integer);
       create schema s; create view s.direct with (security_barrier=true) as select n from raw.t;
       create view s.other as select a.n from raw.t a join s.direct b on a.n = b.n;
       comment on view s.direct is 'said''s'; grant select on s.direct to public`,
    );
  });
  afterEach(() => test.dispose());

  it('keeps grants, comments and options of the views on it', async () => {
    await widen();
    expect(await test.warehouse.describe({ schema: 's', name: 'other' })).toEqual([{ name: 'n', type: 'bigint' }]);
    expect(
      await test.warehouse.query(
        `select obj_description(oid, 'pg_class') as comment, array_to_string(reloptions, ',') as options,
           has_table_privilege('pg_monitor', oid, 'select') as granted
         from pg_class where relname = 'direct'`,
      ),
    ).toEqual([{ comment: "said's", options: 'security_barrier=true', granted: true }]);
  });

  it('is refused where a materialized view stands on it, and changes nothing', async () => {
    await test.warehouse.execute('create materialized view s.kept as select n from s.direct');
    await expect(widen()).rejects.toMatchObject({
      code: 'SCHEMA_DRIFT',
      message: expect.stringContaining('"s"."kept"'),
    });
    expect(await test.warehouse.describe(table)).toContainEqual({ name: 'n', type: 'integer' });
    expect(await test.warehouse.relations('s')).toHaveLength(3);
  });
});
