import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { explainRelation } from '../../../src/model/plan/explain.ts';
import { planFrom } from '../../../src/model/plan/plan.ts';
import { readWarehouseState } from '../../../src/model/plan/warehouse-state.ts';
import type { Project } from '../../../src/project/load.ts';
import { recall, remember } from '../../../src/project/remembered.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { enginesOrOne, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';
import { loadRaw, planned, recordLoad, run, type Inputs } from '../building.ts';
import { projectOf, writeFiles, type Files } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';

function changed(path: string, from: string, to: string): Files {
  const text = LIBRARY[path] ?? '';
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  return { ...LIBRARY, [path]: text.replace(from, to) };
}

const DEALS = 'models/core/deals.sql';
const DOWNSTREAM = ['today run: parent deals rebuilt', 'won run: parent deals rebuilt'];

describe.each(enginesOrOne('postgres'))('%s', (engine) => {
  let opened: TestWarehouse;
  let warehouse: Warehouse;
  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    warehouse = opened.warehouse;
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
  });
  afterEach(() => opened.dispose());

  it('With an empty warehouse everything was never built', async () => {
    const lines = await planned(warehouse, await projectOf(LIBRARY), INPUTS);
    expect(lines).toHaveLength(12);
    expect(lines.every((line) => line.endsWith('run: never built'))).toBe(true);
  });

  it('With nothing new nothing runs, nothing is tested, and the plan says so', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    expect(await planned(warehouse, project, INPUTS)).toEqual([]);
    const steps: string[] = [];
    const { status } = await run(warehouse, project, INPUTS, { onStep: (step) => void steps.push(step) });
    expect([status, steps]).toEqual(['unchanged', ['started', 'dropped orphans']]);
  });

  it('A load that changed no row changes nothing', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    await recordLoad(warehouse, 'crm', 'deals', 0);
    await recordLoad(warehouse, 'crm', 'contacts', 7);
    expect(await planned(warehouse, project, INPUTS)).toEqual([]);
  });

  it.each<[string, Files, string[]]>([
    ['its comments and blanks', changed(DEALS, 'select source, deal_id', '-- why\n SELECT source,\n   deal_id'), []],
    ['its description', changed(DEALS, 'Made for a test.', 'Made for another test.'), []],
    [
      'its SQL',
      changed(DEALS, 'coalesce(is_won, false)', 'coalesce(is_won, true)'),
      ['deals run: own SQL changed', ...DOWNSTREAM],
    ],
    ['its tests', changed(DEALS, 'most: 1000', 'most: 1001'), ['deals test: tests changed']],
    ['its key', changed(DEALS, 'tests:', 'key: deal_id\ntests:'), ['deals run: header changed', ...DOWNSTREAM]],
    [
      'an arm less in its feed',
      changed('models/staging/other-crm/deals.sql', '\nfeeds: deals', ''),
      ['deals_feed run: arms changed', 'deals run: parent deals_feed changed', ...DOWNSTREAM],
    ],
    [
      "its parent's columns read",
      changed('models/staging/crm/deals.sql', 'reads: { id: text,', 'reads: { id: text, more: text,'),
      [
        'crm_deals run: header changed',
        'deals_feed run: parent crm_deals changed',
        'deals run: parent deals_feed changed',
        ...DOWNSTREAM,
      ],
    ],
    ['a list nobody reads', changed('models/reference/rates.csv', '0.9', '0.8'), ['rates run: rows changed']],
  ])('A model whose change is %s', async (_, files, expected) => {
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const lines = await planned(warehouse, await projectOf(files), INPUTS);
    expect(lines.toSorted()).toEqual(expected.toSorted());
  });

  it('A function that changed rebuilds what calls it, directly or not', async () => {
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const path = `sql/${engine}/functions.sql`;
    const lines = await planned(warehouse, await projectOf(changed(path, 'a * b', 'b * a')), INPUTS);
    expect(lines.toSorted()).toEqual(['deals run: function scaled changed; function times changed', ...DOWNSTREAM]);
  });

  it.each<[string, Inputs, string[]]>([
    [
      'a setting that is read',
      { settings: [{ factor: 3, unused: 'x' }] },
      ['settings run: rows changed', 'deals run: settings.factor changed', ...DOWNSTREAM],
    ],
    ['a setting that is not', { settings: [{ factor: 2, unused: 'y' }] }, ['settings run: rows changed']],
    [
      'the instant',
      { clock: [{ now_at: '2026-03-01T13:00:00Z', today: '2026-03-01' }] },
      ['clock run: rows changed', 'moment run: clock.now_at changed'],
    ],
    [
      'the day',
      { clock: [{ now_at: '2026-03-02T12:00:00Z', today: '2026-03-02' }] },
      ['clock run: rows changed', 'moment run: clock.now_at changed', 'today run: clock.today changed'],
    ],
  ])('Only what depends on it runs when the change is %s', async (_, change, expected) => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    expect((await planned(warehouse, project, { ...INPUTS, ...change })).toSorted()).toEqual(expected.toSorted());
    await run(warehouse, project, { ...INPUTS, ...change });
    expect(await planned(warehouse, project, { ...INPUTS, ...change })).toEqual([]);
  });

  it('The clock alone changes nothing when nobody reads the instant', async () => {
    const { 'models/marts/moment.sql': _, ...files } = LIBRARY;
    const project = await projectOf(files);
    await run(warehouse, project, INPUTS);
    const later = { ...INPUTS, clock: [{ now_at: '2026-03-01T13:00:00Z', today: '2026-03-01' }] };
    expect((await run(warehouse, project, later)).status).toBe('unchanged');
  });

  it('New data runs what reads it, through views', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['b', '2', 'true']]);
    const reason = 'new data in raw_crm.deals';
    expect((await planned(warehouse, project, INPUTS)).toSorted()).toEqual(
      [`crm_deals run: ${reason}`, `deals_feed run: ${reason}`, `deals run: ${reason}`, ...DOWNSTREAM].toSorted(),
    );
  });

  it('A raw table that appears is bound', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    await loadRaw(warehouse, 'other-crm', 'deals', { id: 'text' }, [['x']]);
    expect(await planned(warehouse, project, INPUTS)).toContain(
      'other_crm_deals run: columns of raw_other_crm.deals changed; new data in raw_other_crm.deals',
    );
  });

  it('What was dropped by hand is made again', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    await warehouse.execute('drop view marts.today');
    await warehouse.execute(`drop table revops_store.won__b1${engine === 'postgres' ? ' cascade' : ''}`);
    const lines = await planned(warehouse, project, INPUTS);
    expect(lines.toSorted()).toEqual(['today run: its view is gone', 'won run: its table is gone']);
    expect((await run(warehouse, project, INPUTS)).ran.toSorted()).toEqual(['today', 'won']);
  });

  it('A relation that is tested against another is tested again when that one runs', async () => {
    const files = changed('models/core/calls.sql', 'columns:', 'tests: [{ row_count: { equals: won } }]\ncolumns:');
    await expect(run(warehouse, await projectOf(files), INPUTS)).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    const none = {
      ...files,
      'models/marts/won.sql': (files['models/marts/won.sql'] ?? '').replace('where is_won', 'where false and is_won'),
    };
    await run(warehouse, await projectOf(none), INPUTS);
    expect(await planned(warehouse, await projectOf(files), INPUTS)).toEqual(
      ['won run: own SQL changed', 'calls test: tested against won'].toSorted(),
    );
    await expect(run(warehouse, await projectOf(files), INPUTS)).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  });

  it('A full refresh runs everything', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    const { ran, relations } = await run(warehouse, project, INPUTS, { fullRefresh: true });
    expect(ran).toHaveLength(12);
    expect(relations[0]?.reasons).toEqual(['full refresh']);
  });

  it('Rows for a relation that nobody described, or none for one that needs them, are a mistake of the caller', async () => {
    const project = await projectOf(LIBRARY);
    await expect(planned(warehouse, project, { settings: [], clock: [], setings: [] })).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'rows are handed in for setings, which models/reference does not describe; did you mean settings?',
    });
    await expect(planned(warehouse, project, { settings: [] })).rejects.toMatchObject({
      message: 'nobody handed in the rows of clock',
    });
  });

  it('explains a relation part by part, with and without the warehouse', async () => {
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    await recordLoad(warehouse, 'crm', 'deals', 2);
    const compiled = await compileProject(
      await projectOf(changed(DEALS, 'coalesce(is_won, false)', 'coalesce(is_won, true)')),
      engine,
    );
    const state = await readWarehouseState(warehouse, compiled);
    const prepared = planFrom(state, { compiled, inputs: INPUTS }, 'the next');
    const { parts, ...step } = explainRelation(compiled, prepared, 'core.deals');
    expect(step).toMatchObject({ name: 'deals', action: 'run', buildId: 'b1' });
    expect(parts.filter((part) => part.isDifferent)).toEqual([
      expect.objectContaining({ of: 'definition', part: 'SQL', reason: 'own SQL changed' }),
      {
        of: 'data',
        part: 'raw_crm.deals',
        published: '1',
        now: '2',
        isDifferent: true,
        reason: 'new data in raw_crm.deals',
      },
    ]);
    expect(parts.filter((part) => !part.isDifferent).map(({ part }) => part)).toEqual(
      expect.arrayContaining([
        'header',
        'function scaled',
        'function times',
        'definition of deals_feed',
        'settings.factor',
        'tests',
      ]),
    );
    expect(() => explainRelation(compiled, prepared, 'dealz')).toThrow('no model dealz; did you mean deals?');

    const folder = writeFiles({});
    const place = { stateFolder: `${folder}/.revops`, warehouse: { type: engine } } as Project;
    expect(await recall(place)).toBeNull();
    await remember(place, new Date('2026-03-01T12:00:00Z'), state, { ...INPUTS, coverage: [{ stream: 'x' }] });
    const recalled = await recall(place);
    expect(recalled).toMatchObject({ at: '2026-03-01T12:00:00.000Z', inputs: { coverage: [{ stream: 'x' }] } });
    const offline = planFrom(recalled?.state ?? state, { compiled, inputs: INPUTS }, 'the next');
    expect(offline.plan).toEqual(prepared.plan);
  });
});
