import { expect, it } from 'vitest';

import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { makeRaw, sync, type RawTableShape } from '../synced.ts';

const rawDeals = (connector: string): RawTableShape => ({
  connector,
  table: 'deals',
  columns: { id: 'text', owner: 'text' },
  primaryKey: ['id'],
});
const staging = (connector: string): string =>
  model(
    ['deal_id text', 'owner text'],
    'select upper(id) as deal_id, owner from source where not _deleted',
    `source: ${connector}.deals\nreads: { id: text, owner: text, _deleted: boolean }\nfeeds: deals`,
  ).replace('owner: { type', 'owner: { tests: [not_null], type');
const FILES: Files = {
  'models/feeds/deals.yml':
    'description: Deals.\ngrain: [deal_id]\ncolumns:\n  deal_id: { type: text, description: D. }\n  owner: { type: text, description: O. }\n',
  'models/staging/one/deals.sql': staging('one'),
  'models/staging/two/deals.sql': staging('two'),
  'models/core/deals.sql': model(
    ['deal_id text', 'owner text'],
    'select deal_id, owner from deals_feed',
    'key: deal_id',
  ),
};

it.each(engines)(
  'On %s a test of a view finds what a load brought, also beside rows that are there for long, in the view and in its feed',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf(FILES);
    const statements: string[] = [];
    const watched = {
      ...warehouse,
      query: (sql: string, values: []) => (statements.push(sql), warehouse.query(sql, values)),
    } as typeof warehouse;
    const [one, two] = [rawDeals('one'), rawDeals('two')];
    for (const shape of [one, two]) await makeRaw(warehouse, shape);
    const build = (): Promise<unknown> => run(watched, project, {}, { rebuildShare: Infinity });
    const failing = async (): Promise<unknown> =>
      build().then(
        () => 'published',
        (error: unknown) =>
          String(error)
            .split('\n')
            .flatMap((line) => /: (\w+\.\w+ fails .*?: \d+ rows)/.exec(line)?.[1] ?? []),
      );
    await sync(warehouse, one, { rows: ['a', 'b', 'c'].map((id) => ({ id, owner: 'me' })) });
    await sync(warehouse, two, { rows: [{ id: 'x', owner: 'me' }] });
    await build();
    await sync(warehouse, one, { rows: [{ id: 'B', owner: 'me' }] });
    statements.length = 0;
    expect(await failing()).toEqual(['staging.one_deals fails unique (deal_id): 1 rows']);
    expect(statements.filter((sql) => sql.includes('one_deals__') && sql.includes('as failing'))).not.toEqual([]);
    await sync(warehouse, one, { rows: [{ id: 'd', owner: null }], vanished: [{ id: 'B' }] });
    expect(await failing()).toEqual(['staging.one_deals fails not_null owner: 1 rows']);
    await sync(warehouse, one, { rows: [{ id: 'd', owner: 'me' }] });
    await sync(warehouse, two, { rows: [{ id: 'a', owner: 'you' }] });
    expect(await failing()).toEqual(['feeds.deals_feed fails unique (deal_id): 1 rows']);
    await sync(warehouse, two, { rows: [{ id: 'y', owner: 'you' }], vanished: [{ id: 'a' }] });
    expect(await failing()).toBe('published');
    expect(await warehouse.query('select deal_id from core.deals order by 1')).toEqual(
      ['A', 'B', 'C', 'D', 'X', 'Y'].map((id) => ({ deal_id: id })),
    );
    await dispose();
  },
);

it.each(engines)('On %s what must be there once is looked for beside the rows of other keys', async (engine) => {
  const { warehouse, dispose } = await openTestWarehouse(engine);
  const project = await projectOf({
    ...FILES,
    'models/core/codes.sql': model(
      ['code text', 'owner text'],
      'select substr(deal_id, 1, 1) as code, owner from deals_feed',
      'key: owner',
    ),
  });
  const one = rawDeals('one');
  for (const shape of [one, rawDeals('two')]) await makeRaw(warehouse, shape);
  const build = async (): Promise<string[]> => {
    const { relations } = await run(warehouse, project, {}, { rebuildShare: Infinity });
    return relations.flatMap(({ name, ran, written }) => (name === 'codes' ? [`${ran} ${written}`] : []));
  };
  await sync(warehouse, one, { rows: ['a1', 'b1'].map((id) => ({ id, owner: 'me' })) });
  await build();
  await sync(warehouse, one, { rows: [{ id: 'c1', owner: 'you' }] });
  expect(await build()).toEqual(['incremental 1']);
  await sync(warehouse, one, { rows: [{ id: 'a2', owner: 'you' }] });
  await expect(build()).rejects.toThrow(/core\.codes fails unique \(code\): 1 rows/);
  await dispose();
});
