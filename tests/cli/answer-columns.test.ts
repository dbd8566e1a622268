import { expect, it } from 'vitest';

import { withRowOfNulls } from '../../src/cli/answer-columns.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

it.each(engines)('On %s a query without rows has one of NULLs, one with rows is answered as it is', async (engine) => {
  const { warehouse, dispose } = await openTestWarehouse(engine);
  const sql = `with given as (select 1 as n, 'a' as name union all select 2, 'b')
    select name, n from given where n > $1 and (cast($2 as text) is null or name = $2) order by n desc`;
  try {
    const asked = withRowOfNulls(warehouse);
    expect(await asked.query(sql, [5, null])).toEqual([{ name: null, n: null }]);
    expect(await asked.query(sql, [0, 'a'])).toEqual(await warehouse.query(sql, [0, 'a']));
    expect(await warehouse.query(sql, [5, null])).toEqual([]);
  } finally {
    await dispose();
  }
});
