import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { modelSql } from '../../../src/model/build/model-sql.ts';
import { compileProject } from '../../../src/model/compile/compile.ts';
import { searchPath } from '../../../src/model/store/search-path.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';
import { everything, loadRaw, rowsOf, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';

const FAILING: Files = {
  'models/core/deals.sql': LIBRARY['models/core/deals.sql']?.replace('amount >= 0', 'amount > 200') ?? '',
};

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  let warehouse: Warehouse;
  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    warehouse = opened.warehouse;
  });
  afterEach(() => opened.dispose());

  async function loadDeals(): Promise<void> {
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [
      ['b', '10.5', 'true'],
      ['B', '100', 'true'],
      ['a', null, 'false'],
    ]);
  }

  it('A build gives every relation, and an unconfigured connector and a feed without arms are empty', async () => {
    await loadDeals();
    const { ran, status } = await run(warehouse, await projectOf(LIBRARY), INPUTS);
    expect(status).toBe('published');
    expect(ran).toHaveLength(12);
    expect(await everything(warehouse)).toEqual({
      'reference.clock': [{ now_at: '2026-03-01T12:00:00.000000Z', today: '2026-03-01' }],
      'reference.rates': [
        { currency: 'EUR', rate: '1.000000' },
        { currency: 'USD', rate: '0.900000' },
      ],
      'reference.settings': [{ factor: 2, unused: 'x' }],
      'staging.crm_deals': [
        { source: 'crm', deal_id: 'B', amount: '100.000000', is_won: true },
        { source: 'crm', deal_id: 'a', amount: null, is_won: false },
        { source: 'crm', deal_id: 'b', amount: '10.500000', is_won: true },
      ],
      'staging.other_crm_deals': [],
      'feeds.deals_feed': [
        { source: 'crm', deal_id: 'B', amount: '100.000000', is_won: true },
        { source: 'crm', deal_id: 'a', amount: null, is_won: false },
        { source: 'crm', deal_id: 'b', amount: '10.500000', is_won: true },
      ],
      'feeds.calls_feed': [],
      'core.deals': [
        { source: 'crm', deal_id: 'B', amount: '200.000000', is_won: true },
        { source: 'crm', deal_id: 'a', amount: null, is_won: false },
        { source: 'crm', deal_id: 'b', amount: '21.000000', is_won: true },
      ],
      'core.calls': [],
      'marts.moment': [{ moment: '2026-03-01T12:00:00.000000Z' }],
      'marts.today': [{ day: '2026-03-01', deals: 3 }],
      // text is compared by bytes, whatever the database's collation
      'marts.won': [{ source: 'crm', deals: 2, amount: '221.000000', first_deal: 'B' }],
    });
    expect(await warehouse.describe({ schema: 'core', name: 'calls' })).toEqual([
      { name: 'call_id', type: 'text' },
      { name: 'seconds', type: 'bigint' },
    ]);
  });

  it('A raw table without one of the declared columns gives NULL there', async () => {
    await loadRaw(warehouse, 'other-crm', 'deals', { id: 'text' }, [['x']]);
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    expect(await rowsOf(warehouse, 'staging.other_crm_deals')).toEqual([
      { source: 'other', deal_id: 'x', amount: null, is_won: null },
    ]);
  });

  it("A project's own model replaces the packaged one", async () => {
    await run(
      warehouse,
      await projectOf(LIBRARY, { 'models/marts/moment.sql': model(['answer integer'], 'select 42 as answer') }),
      INPUTS,
    );
    expect(await rowsOf(warehouse, 'marts.moment')).toEqual([{ answer: 42 }]);
  });

  it('A failing test of severity error publishes nothing, and says where the rows are', async () => {
    await loadDeals();
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const before = await everything(warehouse);
    const broken = await projectOf(LIBRARY, {
      ...FAILING,
      'models/marts/moment.sql': model(['answer integer'], 'select 42 as answer'),
    });
    const error = await run(warehouse, broken, { ...INPUTS, settings: [{ factor: 3 }] }).catch(
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({
      code: 'AUDIT_FAILED',
      exitCode: 5,
      message:
        'a data test failed; nothing was published\nmodels/core/deals.sql:6: core.deals fails expression (amount > 200): 1 rows. See: select * from revops_store.failing_rows_deals_3__b2',
    });
    expect(await everything(warehouse)).toEqual(before);
    expect(await warehouse.query('select deal_id, amount from revops_store.failing_rows_deals_3__b2')).toEqual([
      { deal_id: 'b', amount: '31.500000' },
    ]);
    expect(await warehouse.query('select build_id, status from revops.builds order by build_id')).toEqual([
      { build_id: 'b1', status: 'published' },
      { build_id: 'b2', status: 'audit_failed' },
    ]);
  });

  it('Relations that read a failed one are not made, the others are: one build tells all failures', async () => {
    await loadDeals();
    const own: Files = {
      ...FAILING,
      'models/core/calls.sql': model(
        ['call_id text', 'seconds bigint'],
        "select 'x' as call_id, cast(-1 as bigint) as seconds",
        'tests: [{ expression: seconds >= 0 }]',
      ),
    };
    const made: string[] = [];
    const onEvent = (event: { type: string; name?: string }): void =>
      void (event.type === 'model_finished' && made.push(event.name ?? ''));
    await expect(run(warehouse, await projectOf(LIBRARY, own), INPUTS, { onEvent })).rejects.toThrow(
      /^2 data tests failed.*core\.calls.*core\.deals/s,
    );
    expect(made).toContain('moment');
    expect(made).not.toContain('won');
  });

  it('A failing test of severity warning is told, and publishes', async () => {
    await loadDeals();
    const file = FAILING['models/core/deals.sql']?.replace('severity: error', 'severity: warn') ?? '';
    const { status, warnings } = await run(
      warehouse,
      await projectOf(LIBRARY, { 'models/core/deals.sql': file }),
      INPUTS,
    );
    expect(status).toBe('published');
    expect(warnings).toMatchObject([{ relation: 'deals', test: 'expression (amount > 200)', count: 2 }]);
    expect(warnings[0]?.examples.map((row) => row['deal_id']).toSorted()).toEqual(['B', 'b']);
  });

  it.each<[string, string, string[], number]>([
    ['not_null', '{ not_null: }', [], 1],
    ['not_null with a condition', '{ not_null: , where: n <> 0 }', [], 0],
    ['unique', 'unique', [], 1],
    ['accepted_values', '{ accepted_values: [x, "it\'s"] }', [], 1],
    ['between', '{ between: [b, null] }', [], 1],
    ['expression', '{ expression: "a = lower(a)" }', [], 1],
    ['expression that is NULL', '{ expression: "n > 0 or a is null" }', [], 0],
    ['relationships', '{ relationships: { to: others, column: b } }', [], 1],
    ['a check with the column', '{ no_such: { word: Y } }', [], 1],
    [
      'an expression and a condition with a library function',
      '',
      ['{ expression: same(n) < 3, where: "same(row_id) <> 2" }'],
      1,
    ],
    ['row_count', '', ['row_count: { equals: others }'], 1],
    ['row_count of some rows', '', ['row_count: { equals: { relation: others, where: "same(n) > 2 -- two" } }'], 1],
    [
      'row_count of some rows with a condition',
      '',
      ['{ row_count: { equals: { relation: others, where: n > 2 } }, where: "a = \'x\'" }'],
      0,
    ],
    ['sum', '', ['sum: { column: n, equals: { relation: others, column: n } }'], 1],
    ['sum within the tolerance', '', ['sum: { column: n, equals: { relation: others, column: n }, tolerance: 5 }'], 0],
    [
      'sum with conditions',
      '',
      ['{ sum: { column: n, equals: { relation: others, column: n, where: "b = \'x\'" } }, where: "a = \'x\'" }'],
      0,
    ],
    ['a check with arguments', '', ['few: { most: 3 }'], 1],
  ])('The data test %s finds what it should', async (_, column, tests, failures) => {
    const tested = model(
      ['row_id integer', 'a text', 'n bigint'],
      "select row_id, a, cast(n as bigint) as n from (values (1, 'x', 1), (2, 'Y', 1), (3, null, 0), (4, 'x', 3)) as listed(row_id, a, n)",
      tests.length > 0
        ? `tests:\n${tests.map((test) => `  - ${test.startsWith('{') ? test : `{ ${test} }`}`).join('\n')}`
        : '',
    ).replace("a: { type: 'text', description: A column. }", `a: { type: text, description: A., tests: [${column}] }`);
    const project = await projectOf({
      'models/core/tested.sql': tested.replaceAll('description: A.', 'description: A'),
      'models/core/others.sql': model(
        ['b text', 'n bigint'],
        "select b, cast(n as bigint) as n from (values ('x', 4), ('z', 4), ('w', 2)) as listed(b, n)",
      ),
      'sql/duckdb/functions.sql': 'create or replace macro same(a) as a;',
      'sql/postgres/functions.sql':
        'create or replace function same(a bigint) returns bigint language sql immutable as $$ select a $$;',
      'sql/checks/no_such.sql':
        'select model.row_id from model cross join arguments where model.tested = arguments.word',
      'sql/checks/few.sql':
        'select found.n from (select count(*) as n from tested) as found cross join arguments where found.n > arguments.most',
    });
    const result = await run(warehouse, project).catch((thrown: unknown) => thrown as Error);
    if (failures === 0) expect(result).toMatchObject({ status: 'published' });
    else expect(result).toMatchObject({ code: 'AUDIT_FAILED', message: expect.stringMatching(/^a data test failed/) });
  });

  it('A model that fails while it runs leaves the old state, and names its file', async () => {
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const own = {
      'models/core/calls.sql': model(
        ['call_id text', 'seconds bigint'],
        "select 'a' as call_id, cast('x' || currency as bigint) as seconds from rates",
      ),
    };
    const before = await everything(warehouse);
    await expect(run(warehouse, await projectOf(LIBRARY, own), INPUTS)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(/^models\/core\/calls\.sql: core\.calls cannot be built: /),
    });
    expect(await everything(warehouse)).toEqual(before);
    expect(
      await warehouse.query("select model, status from revops.model_runs where build_id = 'b2' and status <> 'ok'"),
    ).toEqual([{ model: 'calls', status: 'failed' }]);
    expect((await run(warehouse, await projectOf(LIBRARY), INPUTS)).status).toBe('unchanged');
  });

  it('A model that the project has no more is shown no more', async () => {
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const { 'models/marts/won.sql': _, ...rest } = LIBRARY;
    const { removed, events, ran } = await run(warehouse, await projectOf(rest), INPUTS);
    expect([removed, ran]).toEqual([[{ schema: 'marts', name: 'won' }], []]);
    expect(events).toContainEqual({ type: 'removed', schema: 'marts', name: 'won' });
    expect((await warehouse.relations('marts')).map((relation) => relation.name)).toEqual(['moment', 'today']);
    await run(warehouse, await projectOf(rest), INPUTS);
    expect((await warehouse.relations('revops_store')).filter((relation) => relation.name.startsWith('won'))).toEqual(
      [],
    );
  });

  it('Changed columns are announced, and the view shows them', async () => {
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const own = {
      'models/core/calls.sql': model(['call_id text', 'seconds text'], "select 'a' as call_id, 'long' as seconds"),
    };
    const { events } = await run(warehouse, await projectOf(LIBRARY, own), INPUTS);
    expect(events).toContainEqual({ type: 'recreated', schema: 'core', name: 'calls' });
    expect(await rowsOf(warehouse, 'core.calls')).toEqual([{ call_id: 'a', seconds: 'long' }]);
  });

  it('Old tables go, the ones before the current stay, and nothing piles up', async () => {
    await loadDeals();
    for (let factor = 1; factor <= 9; factor += 1)
      await run(warehouse, await projectOf(LIBRARY), { ...INPUTS, settings: [{ factor }] }, { select: ['deals'] });
    const tables = (await warehouse.relations('revops_store')).map((relation) => relation.name);
    const kept = [3, 4, 5, 6, 7, 8, 9].map((build) => `deals__b${build}__delta`);
    expect(tables.filter((name) => name.startsWith('deals__'))).toEqual(['deals__b8', 'deals__b9', ...kept].toSorted());
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const later = (await warehouse.relations('revops_store')).map((relation) => relation.name);
    expect(later.filter((name) => name.startsWith('rates__'))).toEqual(['rates__b10']);
    const builds = await warehouse.query('select distinct build_id from revops.changes order by 1');
    expect(builds).toHaveLength(7);
  });

  it('A changed function changes nothing that is shown before the build that uses it', async () => {
    await loadDeals();
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const changed = Object.fromEntries(
      Object.entries(LIBRARY)
        .filter(([path]) => path.includes('functions.sql'))
        .map(([path, text]) => [path, text.replace('a * b', '-a * b')]),
    );
    await expect(run(warehouse, await projectOf(LIBRARY, changed), INPUTS)).rejects.toMatchObject({
      code: 'AUDIT_FAILED',
    });
    await warehouse.query('select * from core.deals');
    expect(
      (
        await warehouse.query(await modelSql(warehouse, await compileProject(await projectOf(LIBRARY), engine), 'won'))
      )[0],
    ).toMatchObject({ amount: '221.000000' });
    const people = engine === 'duckdb' ? 'revops.scaled(2, 3)' : 'revops.scaled(2::numeric, 3::numeric)';
    expect(await warehouse.query(`select cast(${people} as integer) as answer`)).toEqual([{ answer: 6 }]);
  });

  it('A function can change its arguments', async () => {
    await loadDeals();
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const changed = {
      'sql/duckdb/functions.sql': 'create or replace macro scaled(amount, factor) as amount + factor;',
      'sql/postgres/functions.sql':
        'create or replace function scaled(value numeric, plus bigint) returns numeric language sql immutable as $$ select value + plus $$;',
    };
    const { relations } = await run(warehouse, await projectOf(LIBRARY, changed), INPUTS);
    expect(relations.find((relation) => relation.name === 'deals')?.reasons).toContain('function scaled changed');
    expect((await rowsOf(warehouse, 'marts.won'))[0]).toMatchObject({ amount: '114.500000' });
    expect((await warehouse.query('select cast(revops.scaled(1, 2) as integer) as answer'))[0]).toEqual({ answer: 3 });
  });

  it('What a build records survives: why each model ran, rows and times', async () => {
    await loadDeals();
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const runs = await warehouse.query(
      "select action, reason, rows, status from revops.model_runs where model in ('won', 'crm_deals') order by model",
    );
    expect(runs).toEqual([
      { action: 'run', reason: 'never built', rows: null, status: 'ok' },
      { action: 'run', reason: 'never built', rows: 1, status: 'ok' },
    ]);
  });

  it('A selection builds what it names, what that reads where it is not there yet, and nothing else', async () => {
    await loadDeals();
    const { ran } = await run(warehouse, await projectOf(LIBRARY), INPUTS, { select: ['won'] });
    expect(ran.toSorted()).toEqual(['crm_deals', 'deals', 'deals_feed', 'other_crm_deals', 'settings', 'won']);
    expect((await run(warehouse, await projectOf(LIBRARY), INPUTS, { select: ['deals+'] })).ran.toSorted()).toEqual([
      'clock',
      'today',
    ]);
    const refreshed = await run(warehouse, await projectOf(LIBRARY), INPUTS, { select: ['won'], fullRefresh: true });
    expect(refreshed.ran).toEqual(['won']);
    const spared = await run(warehouse, await projectOf(LIBRARY), INPUTS, { exclude: ['+deals+'] });
    expect(spared.ran.toSorted()).toEqual(['calls', 'calls_feed', 'moment', 'rates']);
    await expect(run(warehouse, await projectOf(LIBRARY), INPUTS, { select: ['wont'] })).rejects.toMatchObject({
      code: 'USAGE',
      message: 'no model wont; did you mean won?',
    });
  });

  it('A build that is stopped publishes nothing', async () => {
    const stop = new AbortController();
    const onStep = (step: string): void => void (step === 'made deals' && stop.abort());
    await expect(
      run(warehouse, await projectOf(LIBRARY), INPUTS, { signal: stop.signal, onStep }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await everything(warehouse)).toEqual({});
  });

  it('The SELECT of one model gives what a build stores', async () => {
    await loadDeals();
    const project = await projectOf(LIBRARY);
    await run(warehouse, project, INPUTS);
    const compiled = await compileProject(project, engine);
    for (const name of ['won', 'deals', 'crm_deals', 'deals_feed', 'settings']) {
      const relation = compiled.byName.get(name);
      expect(await rowsOf(warehouse, `(${await modelSql(warehouse, compiled, name)}) as model`)).toEqual(
        await rowsOf(warehouse, `${relation?.schema ?? ''}.${name}`),
      );
    }
  });

  it('Bare names are looked up in the schemas that exist, marts first', async () => {
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    expect(await searchPath(warehouse)).toEqual(['marts', 'core', 'feeds', 'staging', 'reference', 'revops']);
  });
});

it('Both engines give the same', async () => {
  const results = await Promise.all(
    engines.map(async (engine) => {
      const { warehouse, dispose } = await openTestWarehouse(engine);
      await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [
        ['ä', '0.1', 'true'],
        ['Z', '1e3', 'true'],
        ['z', '3', null],
        ['', '7.1234567', 'true'],
      ]);
      await run(warehouse, await projectOf(LIBRARY), INPUTS);
      const found = await everything(warehouse);
      await dispose();
      return found;
    }),
  );
  expect(results[0]).toEqual(results[1]);
  expect(Object.keys(results[0] ?? {})).toHaveLength(12);
});
