import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { BuildOptions, BuildReport } from '../../../src/model/build/build-options.ts';
import { compileProject } from '../../../src/model/compile/compile.ts';
import type { ModelProject } from '../../../src/model/contract.ts';
import { planBuild } from '../../../src/model/plan/plan.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { makeRaw, sync, type RawTableShape } from '../synced.ts';

const DEALS: RawTableShape = {
  connector: 'crm',
  table: 'deals',
  columns: { id: 'text', company: 'text', amount: 'bigint', due: 'date', unread: 'text' },
  primaryKey: ['id'],
};
const NAMES: RawTableShape = {
  connector: 'crm',
  table: 'names',
  columns: { company: 'text', name: 'text', phone: 'text' },
  primaryKey: ['company'],
};
const FILES: Files = {
  'models/reference/inputs.yml':
    'settings:\n  filled_by: engine\n  description: One row.\n  columns: { factor: { type: integer, description: F. } }\nclock:\n  filled_by: engine\n  description: One row.\n  columns: { now_at: { type: timestamptz, description: N. }, today: { type: date, description: T. } }\n',
  'models/staging/crm/deals.sql': model(
    ['deal_id text', 'company text', 'amount bigint', 'due date'],
    'select id as deal_id, company, amount, due from source where not _deleted',
    'source: crm.deals\nreads: { id: text, company: text, amount: bigint, due: date, _deleted: boolean }',
  ),
  'models/staging/crm/names.sql': model(
    ['company text', 'name text', 'phone text'],
    'select company, name, phone from source',
    'source: crm.names\nreads: { company: text, name: text, phone: text }',
  ),
  'models/core/deals.sql': model(
    ['deal_id text', 'company text', 'amount bigint', 'due date'],
    'select deal_id, company, cast(amount * settings.factor as bigint) as amount, due from crm_deals cross join settings',
    'key: deal_id',
  ),
  'models/core/totals.sql': model(
    ['owner text', 'name text', 'amount bigint'],
    'select deals.company as owner, max(crm_names.name) as name, cast(sum(amount) as bigint) as amount from deals left join crm_names on crm_names.company = deals.company group by deals.company',
    'key: { owner: { deals: company } }\ntests: [{ expression: amount < 1000 }]',
  ),
  'models/marts/all.sql': model(['amount bigint'], 'select cast(sum(amount) as bigint) as amount from totals'),
};
const INPUTS = { settings: [{ factor: 1 }], clock: [{ now_at: '2026-03-10T12:00:00Z', today: '2026-03-10' }] };

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  let warehouse: Warehouse;
  let project: ModelProject;
  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    warehouse = opened.warehouse;
    project = await projectOf(FILES);
    for (const shape of [DEALS, NAMES]) await makeRaw(warehouse, shape);
    await deals([1, 'x', 5], [2, 'x', 7], [3, 'y', 1], [4, null, 2], [5, 'z', 1], [6, 'v', 1], [7, 'w', 1]);
    await sync(warehouse, NAMES, { rows: [{ company: 'x', name: 'Xylo', phone: '1' }] });
    await build();
  });
  afterEach(() => opened.dispose());

  async function deals(...rows: [number, string | null, number, string?][]): Promise<void> {
    const given = rows.map(([id, company, amount, due]) => ({
      ...{ id: String(id), company, amount: String(amount), due: due ?? null, unread: String(Math.random()) },
    }));
    await sync(warehouse, DEALS, { rows: given });
  }

  const build = (options: Partial<BuildOptions> = {}, inputs = INPUTS): Promise<BuildReport> =>
    run(warehouse, project, inputs, { rebuildShare: 0.7, ...options });

  /** What was done with the tables. */
  const done = ({ relations }: BuildReport): Record<string, string> =>
    Object.fromEntries(relations.flatMap(({ name, ran }) => (ran === null ? [] : [[name, ran]])));

  const planned = async (inputs = INPUTS): Promise<string[]> => {
    const plan = await planBuild({ warehouse, compiled: await compileProject(project, engine), inputs });
    return plan.relations
      .filter(({ mode }) => mode !== undefined)
      .map(({ name, mode, reasons, because }) => [name, mode, ...reasons, because].join(' | '));
  };

  const totals = async (): Promise<unknown[]> =>
    (await rowsOf(warehouse, 'core.totals')).map(({ owner, amount }) => [owner, amount]);

  it('A row that moves to another key changes the old key and the new one, in the table that was there', async () => {
    const before = await warehouse.relations('revops_store');
    await deals([3, 'x', 1], [4, 'z', 2]);
    const report = await build();
    expect(done(report)).toEqual({ deals: 'incremental', totals: 'incremental', all: 'full' });
    expect(await totals()).toEqual([
      ['v', 1],
      ['w', 1],
      ['x', 13],
      ['z', 3],
    ]);
    expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['totals__b1']));
    const [published] = await warehouse.query(
      "select build_id, physical_name from revops.published where relation_name = 'totals'",
    );
    expect(published).toEqual({ build_id: 'b2', physical_name: 'totals__b1' });
    expect(
      await warehouse.query(
        "select mode, rows, rows_written, rows_removed, rows_unchanged from revops.model_runs where build_id = 'b2' and model = 'totals'",
      ),
    ).toEqual([{ mode: 'incremental', rows: 4, rows_written: 2, rows_removed: 4, rows_unchanged: 2 }]);
  });

  it('A tombstone and a row that vanished take their part out; a key that is NULL is a key', async () => {
    await sync(warehouse, DEALS, {
      rows: [],
      tombstones: [{ id: '1', company: 'x', amount: '5', due: null, unread: null }],
      vanished: [{ id: '4' }],
    });
    expect(done(await build())['totals']).toBe('incremental');
    expect(await totals()).toEqual([
      ['v', 1],
      ['w', 1],
      ['x', 7],
      ['y', 1],
      ['z', 1],
    ]);
  });

  it('A change in what no model reads dies out, and so does what comes out as it was', async () => {
    await deals([1, 'x', 5]);
    expect(done(await build())).toEqual({ deals: 'unchanged', totals: 'unchanged', all: 'unchanged' });
    await deals([1, 'x', 7], [2, 'x', 5]);
    expect(done(await build())).toEqual({ deals: 'incremental', totals: 'unchanged', all: 'unchanged' });
    expect(await planned()).toEqual([]);
    await deals([1, 'x', 8]);
    expect(done(await build())).toEqual({ deals: 'incremental', totals: 'incremental', all: 'full' });
  });

  it('A lookup that changed in what the model reads rebuilds it whole, and says so', async () => {
    await sync(warehouse, NAMES, { rows: [{ company: 'x', name: 'Xylo', phone: '2' }] });
    expect(done(await build())).toEqual({ totals: 'unchanged', all: 'unchanged' });
    await sync(warehouse, NAMES, { rows: [{ company: 'x', name: 'Xenon', phone: '2' }] });
    const report = await build();
    expect(report.relations.find(({ name }) => name === 'totals')).toMatchObject({
      ran: 'full',
      because: 'crm_names changed, and is read whole',
    });
    expect((await rowsOf(warehouse, 'core.totals')).find(({ owner }) => owner === 'x')).toMatchObject({
      name: 'Xenon',
    });
  });

  it('Where most of a table is touched it is built whole, and what changed goes on to its readers', async () => {
    await deals([1, 'x', 6], [2, 'x', 7], [3, 'y', 1], [4, null, 2], [5, 'z', 1], [6, 'v', 1]);
    await build();
    await deals([1, 'x', 9]);
    const report = await build({ rebuildShare: 0.01 });
    expect(report.relations.find(({ name }) => name === 'deals')).toMatchObject({
      ran: 'full',
      because: '1 keys touched, of 7 rows',
    });
    const settings = await build({}, { ...INPUTS, settings: [{ factor: 2 }] });
    expect(done(settings)).toMatchObject({ deals: 'full', totals: 'full' });
    await deals([1, 'x', 9], [6, 'v', 3]);
    expect(done(await build({}, { ...INPUTS, settings: [{ factor: 2 }] }))).toMatchObject({ deals: 'incremental' });
  });

  it('The plan says what is built in part, what whole, and why', async () => {
    await deals([1, 'x', 9]);
    expect(await planned()).toEqual([
      'deals | incremental | new data in raw_crm.deals | ',
      'totals | incremental | parent deals rebuilt | ',
      'all | full | parent totals rebuilt | ',
    ]);
    const other = await planned({ ...INPUTS, settings: [{ factor: 3 }] });
    expect(other.find((line) => line.startsWith('deals'))).toMatch(
      /^deals \| full .*settings.factor changed, and is read whole$/,
    );
    project = await projectOf(FILES, {
      'models/core/totals.sql': (FILES['models/core/totals.sql'] ?? '').replace('sum(', 'max('),
    });
    expect(await planned()).toContain(
      'totals | full | own SQL changed | parent deals rebuilt | its definition changed',
    );
    expect(done(await build())).toMatchObject({ deals: 'incremental', totals: 'full' });
    await build({ fullRefresh: true });
    await deals([1, 'x', 10]);
    await build({ select: ['+deals'] });
    await deals([1, 'x', 11]);
    expect(await planned()).toContain('totals | full | parent deals rebuilt | deals was built without it');
  });

  it('A model whose SQL changed hands on only the rows that changed', async () => {
    project = await projectOf(FILES, {
      'models/core/deals.sql': (FILES['models/core/deals.sql'] ?? '').replace(
        'cast(amount * settings.factor as bigint)',
        "cast(case when company = 'y' then 50 else amount * settings.factor end as bigint)",
      ),
    });
    const report = await build();
    expect(done(report)).toEqual({ deals: 'full', totals: 'incremental', all: 'full' });
    expect(report.relations.find(({ name }) => name === 'totals')).toMatchObject({ written: 1, removed: 1, rows: 6 });
  });

  it('Tests see what will be published: a failing one publishes nothing, and correct rows do', async () => {
    await deals([5, 'z', 5000]);
    const before = await rowsOf(warehouse, 'core.totals');
    await expect(build()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(await rowsOf(warehouse, 'core.totals')).toEqual(before);
    await deals([5, 'z', 50]);
    expect(done(await build())['totals']).toBe('incremental');
    expect(await totals()).toContainEqual(['z', 50]);
    // the test that is broken by a row that stays is found too
    project = await projectOf(FILES, {
      'models/core/totals.sql': (FILES['models/core/totals.sql'] ?? '').replace('< 1000', '< 20'),
    });
    await deals([3, 'y', 2]);
    await expect(build()).rejects.toThrow(/expression \(amount < 20\): 1 rows/);
  });

  it('Stopped at any step it changes nothing, and the next build ends where an undisturbed one does', async () => {
    await deals([3, 'x', 1], [4, 'z', 2]);
    const before = [await totals(), await rowsOf(warehouse, 'marts.all')];
    const steps: string[] = [];
    for (let stop = 0; ; stop += 1) {
      let at = 0;
      const onStep = (step: string): void => {
        if (at++ < stop) return;
        steps.push(step);
        throw new Error('stopped');
      };
      const stopped = await build({ onStep }).then(
        () => false,
        (error: Error) => error.message === 'stopped',
      );
      if (!stopped || steps.at(-1) === 'published') break;
      expect([await totals(), await rowsOf(warehouse, 'marts.all')], steps.at(-1)).toEqual(before);
    }
    expect(steps).toEqual(
      expect.arrayContaining(['touched totals', 'publishing', 'applied totals', 'before commit', 'published']),
    );
    expect(await totals()).toEqual([
      ['v', 1],
      ['w', 1],
      ['x', 13],
      ['z', 3],
    ]);
    expect((await build()).status).toBe('unchanged');
    expect((await warehouse.relations('revops_store')).filter(({ name }) => /__(touched|fresh)$/.test(name))).toEqual(
      [],
    );
  });

  it('The rows removed and added by the last 7 builds are kept', async () => {
    for (let amount = 10; amount < 19; amount += 1) {
      await deals([1, 'x', amount]);
      await build();
    }
    const kept = (await warehouse.relations('revops_store'))
      .map(({ name }) => name)
      .filter((name) => name.startsWith('totals__b') && name.endsWith('__delta'));
    expect(kept.toSorted()).toEqual(['b10', 'b4', 'b5', 'b6', 'b7', 'b8', 'b9'].map((id) => `totals__${id}__delta`));
    expect(
      await warehouse.query('select owner, amount from revops_store.totals__b10__delta where _delta_copies < 0'),
    ).toEqual([{ owner: 'x', amount: 24 }]);
  });

  it('Time touches the keys whose time has come', async () => {
    project = await projectOf(FILES, {
      'models/core/ripe.sql': model(
        ['deal_id text', 'due date'],
        'select deal_id, due from deals cross join clock where due <= clock.today',
        'key: deal_id\nwakes_at: deals.due',
      ),
    });
    await deals([1, 'x', 5, '2026-03-11'], [2, 'x', 7, '2026-03-12'], [3, 'y', 1, '2026-03-01']);
    await build();
    const later = (day: number): typeof INPUTS => ({
      ...INPUTS,
      clock: [{ now_at: `2026-03-${day}T12:00:00Z`, today: `2026-03-${day}` }],
    });
    const ids = async (): Promise<unknown[]> => (await rowsOf(warehouse, 'core.ripe')).map((row) => row['deal_id']);
    expect(await ids()).toEqual(['3']);
    expect(done(await build({ rebuildShare: Infinity }, later(11)))).toMatchObject({ ripe: 'incremental' });
    expect(await ids()).toEqual(['1', '3']);
    expect(await planned(later(12))).toEqual(['clock | full | rows changed | ', 'ripe | incremental | time passed | ']);
    await build({ rebuildShare: Infinity }, later(12));
    expect(await ids()).toEqual(['1', '2', '3']);
    expect(done(await build({ rebuildShare: Infinity }, later(20)))).toMatchObject({ ripe: 'unchanged' });
  });
});

it.each<[string, string, RegExp]>([
  ['a parent it does not read', 'key: { owner: { crm_deals: company } }', /does not read crm_deals/],
  [
    'a column the parent does not have',
    'key: { owner: { deals: compny } }',
    /deals has no column compny; did you mean company\?/,
  ],
  ['a column of another type', 'key: { owner: { deals: amount } }', /key owner is text, but deals.amount is bigint/],
  ['no column of its own', 'key: owned', /names owned, which is no column/],
  [
    'a time that is none',
    'key: { owner: { deals: company } }\nwakes_at: deals.amount',
    /wakes_at deals.amount: it is bigint/,
  ],
  ['a time without the clock', 'key: { owner: { deals: company } }\nwakes_at: deals.due', /does not read clock/],
])('A key that names %s is an error', async (_, key, message) => {
  const text = (FILES['models/core/totals.sql'] ?? '').replace('key: { owner: { deals: company } }', key);
  const compiled = projectOf({ ...FILES, 'models/core/totals.sql': text }).then((project) => compileProject(project));
  await expect(compiled).rejects.toThrow(message);
});
