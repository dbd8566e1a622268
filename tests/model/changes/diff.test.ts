import { describe, expect, it } from 'vitest';

import { diffModel, type DiffOptions, type ModelDiff } from '../../../src/model/changes/diff.ts';
import type { KeyChange } from '../../../src/model/changes/paired-rows.ts';
import { rollback } from '../../../src/model/changes/rollback.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { loadRaw, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';
import { makeRaw, sync } from '../synced.ts';

/** A diff with all its rows. */
async function diffOf(
  warehouse: Warehouse,
  options: DiffOptions,
): Promise<Omit<ModelDiff, 'rows'> & { rows: KeyChange[] }> {
  const diff = await diffModel(warehouse, options);
  return { ...diff, rows: (await Array.fromAsync(diff.rows)).flat() };
}

describe.each(engines)('%s', (engine) => {
  it('A diff names the changed cells, the rows that came and went, and what caused it', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf({
      ...LIBRARY,
      'models/core/deals.sql': (LIBRARY['models/core/deals.sql'] ?? '').replace(
        'tests:',
        'key: [source, deal_id]\ntests:',
      ),
    });
    const shape = { connector: 'crm', table: 'deals', columns: DEAL_COLUMNS, primaryKey: ['id'] };
    await makeRaw(warehouse, shape);
    const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, amount: '1', won: 'true' }));
    await sync(warehouse, shape, { rows });
    await run(warehouse, project, INPUTS, { rebuildShare: Infinity });
    await expect(diffOf(warehouse, { relation: 'dealz' })).rejects.toMatchObject({
      message: 'nothing published is called dealz; did you mean deals?',
    });
    await expect(diffOf(warehouse, { relation: 'crm_deals' })).rejects.toThrow('is a view');
    expect((await diffOf(warehouse, { relation: 'core.deals' })).note).toBe(
      'build b1 made it for the first time: 5 rows',
    );
    await sync(warehouse, shape, {
      rows: [
        { id: 'a', amount: '3', won: 'true' },
        { id: 'f', amount: '4', won: null },
      ],
      vanished: [{ id: 'b', amount: '1', won: 'true' }],
    });
    await run(warehouse, project, INPUTS, { rebuildShare: Infinity });
    const diff = await diffOf(warehouse, { relation: 'deals' });
    expect(diff).toMatchObject({
      relation: 'core.deals',
      counts: { changed: 1, removed: 1, added: 1 },
      builds: [
        {
          buildId: 'b2',
          clockAt: '2026-03-01T12:00:00.000000Z',
          mode: 'incremental',
          causes: [{ reason: 'new data in raw_crm.deals', loads: [{ loadId: 'l2', stream: 'crm.deals' }] }],
        },
      ],
      columns: [
        { column: 'amount', changed: 1, before: 4, after: 14 },
        { column: 'is_won', changed: 0 },
      ],
    });
    const causes = [{ buildId: 'b2', reasons: ['new data in raw_crm.deals'] }];
    expect(diff.rows).toEqual([
      {
        change: 'changed',
        key: { source: 'crm', deal_id: 'a' },
        before: { amount: '2.000000' },
        after: { amount: '6.000000' },
        causes,
      },
      {
        change: 'removed',
        key: { source: 'crm', deal_id: 'b' },
        before: { amount: '2.000000', is_won: true },
        after: {},
        causes,
      },
      {
        change: 'added',
        key: { source: 'crm', deal_id: 'f' },
        before: {},
        after: { amount: '8.000000', is_won: false },
        causes,
      },
    ]);
    expect((await diffOf(warehouse, { relation: 'deals', limit: 1 })).rows).toHaveLength(1);
    const mart = await diffOf(warehouse, { relation: 'marts.won' });
    expect(mart).toMatchObject({
      counts: { changed: 1, removed: 0, added: 0 },
      builds: [
        {
          mode: 'full',
          causes: [
            {
              parent: { name: 'deals', removed: 2, added: 2 },
              causes: [{ reason: 'new data in raw_crm.deals', loads: [{ loaded: 3 }] }],
            },
          ],
        },
      ],
    });

    // changed and changed back: since the first build nothing is left of it
    await sync(warehouse, shape, { rows: [{ id: 'a', amount: '1', won: 'true' }] });
    await run(warehouse, project, INPUTS, { rebuildShare: Infinity });
    expect((await diffOf(warehouse, { relation: 'deals', build: 'b2' })).counts.changed).toBe(1);
    expect((await diffOf(warehouse, { relation: 'deals', since: 'b1' })).rows.map(({ key }) => key['deal_id'])).toEqual(
      ['b', 'f'],
    );
    await expect(diffOf(warehouse, { relation: 'deals', build: 'b9' })).rejects.toMatchObject({
      hint: expect.stringContaining('b1, b2, b3'),
    });

    // another definition: compared with the table before, as long as it is there
    const redefined = await projectOf({
      ...LIBRARY,
      'models/marts/won.sql': (LIBRARY['models/marts/won.sql'] ?? '').replace('min(deal_id)', 'max(deal_id)'),
    });
    await run(warehouse, redefined, INPUTS);
    expect(await diffOf(warehouse, { relation: 'won' })).toMatchObject({
      builds: [{ causes: expect.arrayContaining([{ reason: 'own SQL changed' }]) }],
      rows: [{ change: 'changed', before: { first_deal: 'a' }, after: { first_deal: 'e' } }],
    });
    await rollback({ warehouse });
    expect(await diffOf(warehouse, { relation: 'won' })).toMatchObject({ builds: [{ buildId: 'b3' }] });
    await dispose();
  });

  it('Builds whose columns differ are taken together in those that all of them have, and the others are named', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const won = (columns: string, select: string): Files => ({
      ...LIBRARY,
      'models/marts/won.sql': model(['deal_id text', ...columns.split('; ')], `select deal_id, ${select} from deals`),
    });
    const shape = { connector: 'crm', table: 'deals', columns: DEAL_COLUMNS, primaryKey: ['id'] };
    await makeRaw(warehouse, shape);
    const load = (id: string, amount: string): Promise<void> =>
      sync(warehouse, shape, { rows: [{ id, amount, won: 'true' }] });
    for (const id of ['a', 'b', 'c']) await load(id, '1');
    const first = await projectOf(won('amount decimal(18,6); label text', 'amount, deal_id as label'));
    await run(warehouse, first, INPUTS);
    await load('a', '2');
    await run(warehouse, first, INPUTS);
    const second = await projectOf(
      won('amount decimal(18,6); label bigint; more text', "amount, cast(7 as bigint) as label, 'x' as more"),
    );
    await run(warehouse, second, INPUTS);
    const diff = await diffOf(warehouse, { relation: 'won', since: 'b1' });
    expect(diff).toMatchObject({
      key: ['deal_id'],
      counts: { changed: 1, removed: 0, added: 0 },
      leftOut: [
        { column: 'label', builds: ['b3'] },
        { column: 'more', builds: ['b2', 'b3'] },
      ],
      columns: [{ column: 'amount', changed: 1, before: 2, after: 4 }],
    });
    expect(diff.rows).toMatchObject([
      { change: 'changed', key: { deal_id: 'a' }, before: { amount: '2.000000' }, after: { amount: '4.000000' } },
    ]);

    await load('b', '3');
    await run(warehouse, second, INPUTS);
    // what the third build changed is told by its two tables only, of which one is gone
    expect(await diffOf(warehouse, { relation: 'won', since: 'b1' })).toMatchObject({
      rows: [],
      note: 'the rows that build b3 changed are not kept, since its definition changed: 3 rows before, 3 after',
    });

    // without its grain no row can be said to be another one's successor
    const third = await projectOf({
      ...LIBRARY,
      'models/marts/won.sql': model(
        ['number bigint', 'amount decimal(18,6)'],
        "select cast(case deal_id when 'a' then 1 when 'b' then 2 else 3 end as bigint) as number, cast(amount + 1 as decimal(18,6)) as amount from deals",
      ),
    });
    await run(warehouse, third, INPUTS);
    const regrained = await diffOf(warehouse, { relation: 'won' });
    expect(regrained).toMatchObject({
      key: ['amount'],
      counts: { changed: 0, removed: 3, added: 3 },
      leftOut: expect.arrayContaining([{ column: 'number', builds: [expect.any(String)] }]),
    });
    const fourth = await projectOf({
      ...LIBRARY,
      'models/marts/won.sql': model(['n bigint'], 'select count(*) as n from deals'),
    });
    await run(warehouse, fourth, INPUTS);
    expect((await diffOf(warehouse, { relation: 'won' })).note).toBe(
      'its rows cannot be compared: no column kept its name and type',
    );
    await dispose();
  });

  it('Each row says which of the causes touched it', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const VISITS = { visit_id: 'text', deal_id: 'text', is_paid: 'boolean' } as const;
    const deals = { connector: 'crm', table: 'deals', columns: DEAL_COLUMNS, primaryKey: ['id'] };
    const visits = { connector: 'web', table: 'visits', columns: VISITS, primaryKey: ['visit_id'] };
    const project = await projectOf({
      ...LIBRARY,
      'models/core/deals.sql': (LIBRARY['models/core/deals.sql'] ?? '').replace(
        'tests:',
        'key: [source, deal_id]\ntests:',
      ),
      'models/staging/web/visits.sql': model(
        ['visit_id text', 'deal_id text', 'is_paid boolean'],
        'select visit_id, deal_id, is_paid from source where not _deleted',
        'source: web.visits\nreads: { visit_id: text, deal_id: text, is_paid: boolean, _deleted: boolean }',
      ),
      // its key is none of its grain, and a row can go from one key to another
      'models/marts/paths.sql': model(
        ['visit_id text', 'is_paid boolean', 'deal_id text', 'amount decimal(18,6)'],
        'select visit_id, web_visits.is_paid, web_visits.deal_id, deals.amount from web_visits left join deals on deals.deal_id = web_visits.deal_id',
        'key: deal_id',
      ),
      'models/marts/paid.sql': model(
        ['is_paid boolean', 'visits bigint'],
        'select is_paid, count(*) as visits from paths group by is_paid',
        'key: is_paid',
      ),
    });
    for (const shape of [deals, visits]) await makeRaw(warehouse, shape);
    const visit = (id: string, deal: string | null, paid = 'false'): Record<string, string | null> => ({
      visit_id: id,
      deal_id: deal,
      is_paid: paid,
    });
    const deal = (id: string, amount: string): Record<string, string> => ({ id, amount, won: 'true' });
    const build = (): Promise<unknown> => run(warehouse, project, INPUTS, { rebuildShare: Infinity });
    await sync(warehouse, deals, { rows: ['a', 'b', 'c'].map((id) => deal(id, '1')) });
    await sync(warehouse, visits, { rows: [visit('1', 'a'), visit('2', 'b'), visit('3', 'c'), visit('4', null)] });
    await build();
    await sync(warehouse, deals, { rows: [deal('a', '2'), deal('c', '2')] });
    await sync(warehouse, visits, {
      rows: [visit('2', 'b', 'true'), visit('3', 'c', 'true'), visit('4', null, 'true')],
    });
    await build();
    const [byDeal, byVisit] = ['parent deals rebuilt', 'new data in raw_web.visits'];
    const told = async (options: DiffOptions): Promise<unknown[]> =>
      (await diffOf(warehouse, options)).rows.map(({ key, causes }) => [
        Object.values(key)[0],
        ...causes.map(({ buildId, reasons }) => [buildId, ...reasons.toSorted()].join(' | ')),
      ]);
    expect(await told({ relation: 'paths' })).toEqual([
      ['1', `b2 | ${byDeal}`],
      ['2', `b2 | ${byVisit}`],
      ['3', `b2 | ${byVisit} | ${byDeal}`],
      ['4', `b2 | ${byVisit}`],
    ]);
    expect(await told({ relation: 'paid' })).toEqual([
      [false, 'b2 | parent paths rebuilt'],
      [true, 'b2 | parent paths rebuilt'],
    ]);
    await sync(warehouse, visits, { rows: [visit('1', 'b')] });
    await build();
    expect(await told({ relation: 'paths' })).toEqual([['1', `b3 | ${byVisit}`]]);
    // the rows of both its keys
    expect(await told({ relation: 'paths', since: 'b1' })).toContainEqual([
      '1',
      `b2 | ${byVisit} | ${byDeal}`,
      `b3 | ${byVisit}`,
    ]);
    // all rows were computed, for several reasons: no row has its own
    await sync(warehouse, deals, { rows: [deal('b', '5')] });
    const redefined = await projectOf({
      ...LIBRARY,
      'models/marts/won.sql': (LIBRARY['models/marts/won.sql'] ?? '').replace('min(deal_id)', 'max(deal_id)'),
    });
    await run(warehouse, redefined, INPUTS);
    expect((await told({ relation: 'won' })).flat()).toHaveLength(1);
    await dispose();
  });

  it('Rows are read as they are asked for, changed ones first', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const numbers = (from: number): Files => ({
      ...LIBRARY,
      'models/core/numbers.sql': model(
        ['n bigint', 'half bigint'],
        `select cast(i as bigint) as n, cast(i + settings.factor as bigint) as half from settings cross join generate_series(${from}, ${from + 9_000}) as series(i)`,
      ),
    });
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, []);
    await run(warehouse, await projectOf(numbers(0)), INPUTS, { select: ['numbers'] });
    await run(
      warehouse,
      await projectOf(numbers(5)),
      { ...INPUTS, settings: [{ factor: 9, unused: 'x' }] },
      { select: ['numbers'] },
    );
    const { rows, counts } = await diffModel(warehouse, { relation: 'numbers' });
    expect(counts).toEqual({ changed: 8_996, removed: 5, added: 5 });
    const chunks: number[] = [];
    const changes: string[] = [];
    for await (const chunk of rows) {
      chunks.push(chunk.length);
      changes.push(...chunk.map(({ change }) => change));
    }
    expect(chunks.length).toBeGreaterThan(1);
    expect(changes).toHaveLength(9_006);
    expect(new Set(changes.slice(0, 8_996))).toEqual(new Set(['changed']));
    expect(changes.slice(-10)).toEqual([...Array<string>(5).fill('removed'), ...Array<string>(5).fill('added')]);
    await dispose();
  });
});
