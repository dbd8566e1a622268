import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';

/** The planner expects one row of `few`: the conditions depend on each other. */
const JOIN = `explain select count(*) from few join many on many.id = few.id where few.a = 1 and few.b = 1 and few.c = 1`;

describe('how Postgres joins', () => {
  let test: TestWarehouse;
  beforeEach(async () => {
    test = await openTestWarehouse('postgres');
    await test.warehouse.script(`
      create table few as select id, id % 100 as a, id % 100 as b, id % 100 as c from generate_series(1, 20000) as id;
      create table many as select id from generate_series(1, 20000) as id;
      create index on many (id);
      analyze few;
      analyze many`);
  });
  afterEach(() => test.dispose());

  const plan = async (): Promise<string> =>
    (await test.warehouse.query<{ 'QUERY PLAN': string }>(JOIN)).map((row) => row['QUERY PLAN']).join('\n');

  it('reads both sides once, however few rows it expects', async () => {
    expect(await plan()).toContain('Hash Join');
  });

  it('looks rows up by the index of their key in sparing work, on the same connections', async () => {
    await plan();
    expect(await test.warehouse.sparing(plan)).toMatch(/Nested Loop[^]*Index Only Scan/);
    expect(await plan()).toContain('Hash Join');
  });
});
