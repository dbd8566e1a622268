import { expect, it } from 'vitest';

import { compileProject } from '../../../src/model/index.ts';
import { enginesOrOne, openTestWarehouse } from '../../support/warehouses.ts';
import { run } from '../building.ts';
import { model, projectOf } from '../project.ts';
import { makeRaw, sync, type RawTableShape } from '../synced.ts';

const PLANS: RawTableShape = {
  connector: 'billing',
  table: 'plans',
  columns: { id: 'text', amount: 'bigint' },
  primaryKey: ['id'],
};
const columns = ['id text', 'amount bigint', 'until_at timestamptz'];
const header = 'grain: [id, amount]\nsource: billing.plans\nhistory: true\nreads: { id: text, amount: bigint';
const STAGING = 'select id, amount, _replaced_at as until_at from source';

it.each(enginesOrOne('postgres'))(
  'On %s a staging model with `history` sees replaced versions too, whatever else reads the table',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf({
      'models/staging/billing/plans.sql': model(columns, STAGING, `${header}, _replaced_at: timestamptz }`),
      'models/staging/billing/plans_now.sql': model(
        ['id text', 'amount bigint'],
        'select id, amount from source',
        'grain: [id]\nsource: billing.plans\nreads: { id: text, amount: bigint }',
      ),
      'models/core/versions.sql': model(
        ['id text', 'versions bigint', 'total bigint'],
        'select id, count(*) as versions, cast(sum(amount) as bigint) as total from billing_plans group by id',
        'grain: [id]\nkey: id',
      ),
      'models/core/plans.sql': model(
        ['id text', 'amount bigint'],
        'select id, amount from billing_plans_now',
        'grain: [id]\nkey: id',
      ),
    });
    await makeRaw(warehouse, PLANS);
    await warehouse.execute(
      `alter table raw_billing.plans__history add column _replaced_at ${warehouse.typeName('timestamptz')}`,
    );
    const built = async (): Promise<unknown[]> => {
      const { relations } = await run(warehouse, project, {}, { rebuildShare: Infinity });
      expect(relations.find(({ name }) => name === 'versions')?.ran).toBe('full');
      return warehouse.query(
        'select versions.id, versions, total, amount from core.versions join core.plans using (id) order by id',
      );
    };
    await sync(warehouse, PLANS, {
      rows: [
        { id: 'a', amount: '1' },
        { id: 'b', amount: '10' },
      ],
    });
    expect(await built()).toEqual([
      { id: 'a', versions: 1, total: 1, amount: 1 },
      { id: 'b', versions: 1, total: 10, amount: 10 },
    ]);
    await sync(warehouse, PLANS, { rows: [{ id: 'a', amount: '2' }] });
    await sync(warehouse, PLANS, { rows: [{ id: 'a', amount: '3' }] });
    expect(await built()).toEqual([
      { id: 'a', versions: 3, total: 6, amount: 3 },
      { id: 'b', versions: 1, total: 10, amount: 10 },
    ]);
    await dispose();
  },
);

it('A staging model with `history` has to read when versions were replaced.', async () => {
  const files = { 'models/staging/billing/plans.sql': model(columns, STAGING, `${header} }`) };
  await expect(projectOf(files).then((project) => compileProject(project, 'duckdb'))).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('_replaced_at: timestamptz') as string,
  });
});
