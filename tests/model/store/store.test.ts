import { describe, expect, it } from 'vitest';

import { dropOrphans } from '../../../src/model/build/build.ts';
import { rollback } from '../../../src/model/changes/rollback.ts';
import { failingName, obsoleteTables } from '../../../src/model/store/store.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { loadRaw, rowsOf, run } from '../building.ts';
import { model, projectOf } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';

describe.each(engines)('%s', (engine) => {
  it('Relations that are called like tables of builds keep their rows, their frozen rows and the way back', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const select = 'select deal_id, amount from deals';
    const project = await projectOf({
      ...LIBRARY,
      'models/core/plan__b2.sql': model(['deal_id text', 'amount decimal(18,6)'], select),
      'models/core/plan__b1__x.sql': model(['deal_id text', 'amount decimal(18,6)'], select, 'key: deal_id'),
      'models/core/frozen__b1.sql': model(
        ['deal_id text', 'amount decimal(18,6)'],
        select,
        'key: deal_id\nmaterialized: ledger',
      ),
    });
    const names = ['core.plan__b2', 'core.plan__b1__x', 'core.frozen__b1'];
    const all = async (): Promise<unknown> => {
      const found = [];
      for (const name of names) found.push((await rowsOf(warehouse, name)).map((row) => row['deal_id']));
      return found;
    };
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
    await run(warehouse, project, INPUTS);
    expect(await all()).toEqual([['a'], ['a'], ['a']]);
    await run(warehouse, project, INPUTS, { fullRefresh: true });
    await dropOrphans(warehouse);
    expect(await all()).toEqual([['a'], ['a'], ['a']]);
    await rollback({ warehouse });
    expect(await all()).toEqual([['a'], ['a'], ['a']]);
    await dispose();
  });
});

it('Failing rows of models with one long beginning are tables of their own, which the next build that has some drops', () => {
  const names = ['a', 'b'].map((end) => failingName(`conversions_of_the_last_few_months_by_${end}`, 1, 'b1'));
  expect(new Set(names).size).toBe(2);
  const later = failingName('deals', 1, 'b2');
  expect(obsoleteTables([...names, later], new Set(), new Map(), true)).toEqual(names.toSorted());
});
