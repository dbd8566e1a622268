import { describe, expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { selectForBuild } from '../../../src/model/plan/plan.ts';
import type { CompiledProject } from '../../../src/model/relation.ts';
import { selectRelations } from '../../../src/model/plan/selection.ts';
import { enginesOrOne, openTestWarehouse } from '../../support/warehouses.ts';
import { everything, loadRaw, recordLoad, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';

const TAGGED: Files = {
  ...LIBRARY,
  'models/marts/won.sql': (LIBRARY['models/marts/won.sql'] ?? '').replace('grain:', 'tags: [money, daily]\ngrain:'),
  'models/marts/today.sql': (LIBRARY['models/marts/today.sql'] ?? '').replace('grain:', 'tags: [daily]\ngrain:'),
};

describe('a selection', () => {
  let compiled: Promise<CompiledProject> | undefined;
  // in a test, which removes the files when it ends
  const compile = async (): Promise<CompiledProject> =>
    (compiled ??= projectOf(TAGGED).then((project) => compileProject(project)));
  const select = async (text: string, exclude?: string): Promise<string[]> =>
    [
      ...selectRelations(await compile(), { select: [text], ...(exclude === undefined ? {} : { exclude: [exclude] }) }),
    ].toSorted();

  it.each([
    ['won', ['won']],
    ['marts.won', ['won']],
    ['*crm_deals', ['crm_deals', 'other_crm_deals']],
    ['1+won', ['deals', 'won']],
    ['2+won', ['deals', 'deals_feed', 'settings', 'won']],
    ['+won', ['crm_deals', 'deals', 'deals_feed', 'other_crm_deals', 'settings', 'won']],
    ['deals+', ['deals', 'today', 'won']],
    ['crm_deals+1', ['crm_deals', 'deals_feed']],
    ['1+deals+1', ['deals', 'deals_feed', 'settings', 'today', 'won']],
    ['models/core', ['calls', 'deals']],
    ['path:models/core/deals.sql', ['deals']],
    ['./models/staging/', ['crm_deals', 'other_crm_deals']],
    ['models/**/deals.sql', ['crm_deals', 'deals', 'other_crm_deals']],
    ['tag:daily', ['today', 'won']],
    ['source:other-crm', ['other_crm_deals']],
    ['source:crm.deals', ['crm_deals']],
    ['won calls', ['calls', 'won']],
    ['tag:daily,tag:money', ['won']],
    ['deals+,models/marts calls', ['calls', 'today', 'won']],
  ])('%s is %j', async (text, expected) => {
    expect(await select(text)).toEqual(expected);
  });

  it('takes away what is excluded, and is everything where nothing is named', async () => {
    expect(await select('+won', 'models/staging settings')).toEqual(['deals', 'deals_feed', 'won']);
    const { relations } = await compile();
    expect(selectRelations({ relations }, {}).size).toBe(relations.length);
    expect(selectRelations({ relations }, { exclude: ['won'] }).size).toBe(relations.length - 1);
  });

  it.each([
    ['wonn', 'no model wonn; did you mean won?'],
    ['core.won', 'no model core.won; did you mean won?'],
    ['tag:dayly', 'no model has the tag dayly; did you mean daily?'],
    ['models/cor', 'no model is in models/cor; did you mean models/core'],
    ['source:crn', 'no model reads the source crn; did you mean crm?'],
    ['tags:daily', 'tags:daily: there is no method tags; did you mean tag?'],
    ['state:new', 'state:new: there is only state:changed'],
    ['won,calls', 'nothing is selected by won,calls'],
  ])('that matches nothing, %s, is an error with what is near', async (text, message) => {
    await expect(select(text)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
  });

  it('from which everything is excluded is an error', async () => {
    await expect(select('won', 'models/marts')).rejects.toThrow('nothing is selected by won without models/marts');
  });
});

describe.each(enginesOrOne('duckdb'))('%s', (engine) => {
  it('state:changed is what the project defines anew, not what has new data', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
    const changedIn = async (files: Files, inputs = INPUTS): Promise<string[]> =>
      [
        ...(await selectForBuild({
          warehouse,
          compiled: await compileProject(await projectOf(files), engine),
          inputs,
          select: ['state:changed'],
        })),
      ].toSorted();
    expect(await changedIn(LIBRARY)).toHaveLength(12);
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    await recordLoad(warehouse, 'crm', 'deals', 3);
    const later = [{ now_at: '2026-03-02T12:00:00Z', today: '2026-03-02' }];
    expect(await changedIn(LIBRARY, { ...INPUTS, clock: later })).toEqual([]);
    expect(await changedIn(LIBRARY, { ...INPUTS, settings: [{ factor: 3, unused: 'x' }] })).toEqual(['settings']);
    const staging = LIBRARY['models/staging/crm/deals.sql'] ?? '';
    const scripts = LIBRARY[`sql/${engine}/functions.sql`] ?? '';
    expect(
      await changedIn({
        ...LIBRARY,
        'models/staging/crm/deals.sql': staging.replace("'crm' as source", "'CRM' as source"),
        'models/reference/rates.csv': 'currency,rate\nEUR,1\n',
        'models/core/calls.sql': `${LIBRARY['models/core/calls.sql'] ?? ''}-- a comment is no change\n`,
        [`sql/${engine}/functions.sql`]: scripts.replace('a * b', 'b * a'),
        'models/marts/more.sql': model(['deal_id text'], 'select deal_id from deals'),
      }),
    ).toEqual(['crm_deals', 'deals', 'more', 'rates']);
    await dispose();
  });

  it('Built one by one, children first, the models end where one build of all does', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [
      ['a', '1', 'true'],
      ['b', '2', 'true'],
    ]);
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    const later = {
      settings: [{ factor: 5, unused: 'z' }],
      clock: [{ now_at: '2026-03-02T12:00:00Z', today: '2026-03-02' }],
    };
    const names = (await compileProject(project, engine)).relations.map(({ name }) => name).toReversed();
    for (const name of names) await run(warehouse, project, later, { select: [name] });
    // today was built before its parent: the next build knows that it has to follow
    expect((await run(warehouse, project, later)).ran.toSorted()).toEqual(['today', 'won']);
    const found = await everything(warehouse);
    await dispose();
    const other = await openTestWarehouse(engine);
    await loadRaw(other.warehouse, 'crm', 'deals', DEAL_COLUMNS, [
      ['a', '1', 'true'],
      ['b', '2', 'true'],
    ]);
    await run(other.warehouse, project, later);
    expect(found).toEqual(await everything(other.warehouse));
    await other.dispose();
  });
});
