import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { modelSql } from '../../../src/model/build/model-sql.ts';
import { rollback } from '../../../src/model/changes/rollback.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { everything, loadRaw, rowsOf, run } from '../building.ts';
import { DENIED, LINKED, LINKS } from '../linked.ts';
import { model, projectOf } from '../project.ts';
import { filesOf, LABELS, PLAIN, randomNode, VERSIONED } from '../random-models.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';
import { makeRaw, sync } from '../synced.ts';

const RUNS = Number(process.env['REVOPS_TEST_RUNS'] ?? 2);

/** What people see of tables, and what the next build starts from. */
async function stateOf(warehouse: Warehouse): Promise<unknown> {
  const published = await warehouse.query(
    'select relation_schema, relation_name, build_id, physical_name, fingerprint, columns, input_version, row_count from revops.published order by 1, 2',
  );
  const shown: Record<string, Row[]> = {};
  for (const { schema, name } of await warehouse.relations('reference', 'core', 'marts'))
    shown[`${schema}.${name}`] = await rowsOf(warehouse, `${schema}.${name}`);
  return { published, shown };
}

describe.each(engines)('%s', (engine) => {
  it(
    'Taken back, a build leaves what was before it, and the next one ends where a build from nothing does',
    { timeout: 300_000 },
    async () => {
      const row = fc.record({
        id: fc.constantFrom('1', '2', '3', '4', '5'),
        k1: fc.constantFrom(null, 'x', 'y'),
        k2: fc.constantFrom(null, '1', '2'),
        n: fc.constantFrom(null, '1', '2.5', '3'),
        due: fc.constantFrom(null, '2026-03-10', '2026-03-12'),
        note: fc.constantFrom(null, '{"a": 1}'),
      });
      const step = fc.record({
        rows: fc.uniqueArray(row, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
        factor: fc.constantFrom(1, 1, 2),
        redefined: fc.constantFrom(null, null, 0, 1),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(randomNode, { minLength: 3, maxLength: 4 }),
          fc.array(step, { minLength: 2, maxLength: 3 }),
          async (given, steps) => {
            const { warehouse, dispose } = await openTestWarehouse(engine);
            let nodes = given;
            for (const shape of [PLAIN, VERSIONED, LABELS]) await makeRaw(warehouse, shape);
            const build = async (factor: number): Promise<void> => {
              const inputs = {
                settings: [{ factor }],
                clock: [{ now_at: '2026-03-11T12:00:00Z', today: '2026-03-11' }],
              };
              await run(warehouse, await projectOf(filesOf(nodes, true)), inputs, { rebuildShare: Infinity });
            };
            const start = [1, 2, 3, 4, 5].map((id) => ({
              id: `${id}`,
              k1: 'x',
              k2: '1',
              n: `${id}`,
              due: null,
              note: null,
            }));
            await sync(warehouse, PLAIN, { rows: start });
            await build(1);
            for (const { rows, factor, redefined } of steps) {
              const before = await stateOf(warehouse);
              await sync(warehouse, PLAIN, { rows });
              nodes = nodes.map((node, at) => (at === redefined ? { ...node, constant: node.constant + 2 } : node));
              await build(factor);
              await rollback({ warehouse });
              expect(await stateOf(warehouse)).toEqual(before);
              await build(factor);
              const compiled = await compileProject(await projectOf(filesOf(nodes, true)), engine);
              for (const { name } of compiled.relations.filter(({ schema }) => schema === 'core')) {
                const whole = await rowsOf(warehouse, `(${await modelSql(warehouse, compiled, name)}) as whole`);
                expect(await rowsOf(warehouse, `core.${name}`), name).toEqual(whole);
              }
            }
            await dispose();
          },
        ),
        { numRuns: RUNS, seed: 20_260_302, endOnFailure: true },
      );
    },
  );

  it('Views that changed, relations that came and relations that went are as they were; twice, as before that', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    const first = await everything(warehouse);
    await run(warehouse, await projectOf(LIBRARY), { ...INPUTS, settings: [{ factor: 7, unused: 'x' }] });
    const second = await everything(warehouse);
    const { 'models/marts/won.sql': _, ...files } = LIBRARY;
    const staging = files['models/staging/crm/deals.sql'] ?? '';
    await run(
      warehouse,
      await projectOf({
        ...files,
        'models/staging/crm/deals.sql': staging.replace("'crm' as source", "'CRM' as source"),
        'models/marts/more.sql': model(['deal_id text'], 'select deal_id from deals'),
      }),
      { ...INPUTS, settings: [{ factor: 8, unused: 'x' }] },
    );
    expect(Object.keys(await everything(warehouse))).toContain('marts.more');
    expect(await rollback({ warehouse })).toMatchObject({
      buildId: 'b3',
      shown: 'b2',
      relations: expect.arrayContaining([
        { schema: 'marts', name: 'more', how: 'dropped' },
        { schema: 'marts', name: 'won', how: 'view' },
        { schema: 'staging', name: 'crm_deals', how: 'view' },
      ]),
    });
    expect(await everything(warehouse)).toEqual(second);
    // the tables of the second build took the place of the first's, which are the ones kept before them
    expect(
      await rollback({ warehouse }).then(
        () => everything(warehouse),
        (error: unknown) => error,
      ),
    ).toMatchObject({
      code: 'ROLLBACK_REFUSED',
      message: expect.stringMatching(/core\.deals: its table before, revops_store\.deals__b1, is gone/),
    });
    expect(await everything(warehouse)).toEqual(second);
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    expect(await everything(warehouse)).toEqual(first);
    await dispose();
  });

  it('Rows of a ledger stay and are told; connected components and their merges go back', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf({
      ...LINKED,
      'models/core/frozen.sql': model(
        ['component text', 'nodes bigint'],
        'select component, nodes from sizes where nodes > 2',
        'key: component\nmaterialized: ledger',
      ),
    });
    for (const shape of [LINKS, DENIED]) await makeRaw(warehouse, shape);
    const link = (id: number, one: string, other: string): Record<string, string> => ({
      id: `${id}`,
      one,
      other,
      seen_at: `2026-01-0${id}T00:00:00Z`,
    });
    await sync(warehouse, LINKS, { rows: [link(1, 'a', 'b'), link(2, 'c', 'd'), link(3, 'x', 'y')] });
    const build = (): Promise<unknown> => run(warehouse, project, {}, { rebuildShare: Infinity });
    await build();
    const before = await stateOf(warehouse);
    await sync(warehouse, LINKS, { rows: [link(4, 'b', 'c')] });
    await build();
    expect(await rowsOf(warehouse, 'core.frozen')).toEqual([{ component: 'a', nodes: 4 }]);
    expect(await rowsOf(warehouse, 'core.people_merges')).toHaveLength(1);
    await expect(rollback({ warehouse })).rejects.toMatchObject({
      code: 'ROLLBACK_REFUSED',
      message: 'build b2 wrote rows into core.frozen, and rows of a ledger stay',
    });
    expect(await rollback({ warehouse, keepLedgers: true })).toMatchObject({ shown: 'b1', ledgers: ['core.frozen'] });
    const { shown } = (await stateOf(warehouse)) as { shown: Record<string, Row[]> };
    expect(shown).toEqual({
      ...(before as { shown: Record<string, Row[]> }).shown,
      'core.frozen': [{ component: 'a', nodes: 4 }],
    });
    await build();
    expect(await rowsOf(warehouse, 'core.people_merges')).toHaveLength(1);
    expect(await rowsOf(warehouse, 'core.sizes')).toMatchObject([
      { component: 'a', nodes: 4 },
      { component: 'x', nodes: 2 },
    ]);
    expect(await rowsOf(warehouse, 'core.frozen')).toEqual([{ component: 'a', nodes: 4 }]);
    expect(await rowsOf(warehouse, 'core.frozen_restatements')).toEqual([]);
    await run(warehouse, project, {}, { fullRefresh: true });
    expect(await rowsOf(warehouse, 'core.frozen')).toEqual([{ component: 'a', nodes: 4 }]);
    await dispose();
  });

  it('A ledger that got another column shows what it showed, and gets it again with the next build', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const shape = { connector: 'crm', table: 'deals', columns: DEAL_COLUMNS, primaryKey: ['id'] };
    await makeRaw(warehouse, shape);
    const ledger = (columns: string[], select: string): Record<string, string> => ({
      ...LIBRARY,
      'models/core/frozen.sql': model(
        ['deal_id text', ...columns],
        `select deal_id, ${select} from deals`,
        'key: deal_id\nmaterialized: ledger',
      ),
    });
    const narrow = await projectOf(ledger(['amount decimal(18,6)'], 'amount'));
    const wide = await projectOf(ledger(['amount decimal(18,6)', 'is_won boolean'], 'amount, is_won'));
    await sync(warehouse, shape, { rows: [{ id: 'a', amount: '1', won: 'true' }] });
    await run(warehouse, narrow, INPUTS);
    const before = await stateOf(warehouse);
    await run(warehouse, wide, INPUTS);
    expect(await rowsOf(warehouse, 'core.frozen')).toEqual([{ deal_id: 'a', amount: '2.000000', is_won: null }]);
    await rollback({ warehouse });
    expect(await stateOf(warehouse)).toEqual(before);
    await sync(warehouse, shape, { rows: [{ id: 'b', amount: '1', won: 'true' }] });
    await run(warehouse, wide, INPUTS);
    expect(await rowsOf(warehouse, 'core.frozen')).toEqual([
      { deal_id: 'a', amount: '2.000000', is_won: null },
      { deal_id: 'b', amount: '2.000000', is_won: true },
    ]);
    expect(await rowsOf(warehouse, 'core.frozen_restatements')).toEqual([]);
    await expect(rollback({ warehouse })).rejects.toMatchObject({ code: 'ROLLBACK_REFUSED' });
    expect(await rollback({ warehouse, keepLedgers: true })).toMatchObject({ ledgers: ['core.frozen'] });
    expect(await rowsOf(warehouse, 'core.frozen')).toHaveLength(2);
    await run(warehouse, wide, INPUTS);
    expect(await rowsOf(warehouse, 'core.frozen')).toHaveLength(2);
    expect(await rowsOf(warehouse, 'core.frozen_restatements')).toEqual([]);
    await run(warehouse, narrow, INPUTS);
    expect(await rowsOf(warehouse, 'core.frozen')).toEqual([
      { deal_id: 'a', amount: '2.000000' },
      { deal_id: 'b', amount: '2.000000' },
    ]);
    await dispose();
  });

  it('A rollback that ends before its commit changes nothing', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await expect(rollback({ warehouse: await migrated(warehouse) })).rejects.toMatchObject({
      code: 'ROLLBACK_REFUSED',
    });
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
    await run(warehouse, await projectOf(LIBRARY), INPUTS);
    await run(warehouse, await projectOf(LIBRARY), { ...INPUTS, settings: [{ factor: 7, unused: 'x' }] });
    const before = await stateOf(warehouse);
    const stop = (step: string): void => {
      if (step === 'before commit') throw new Error('stopped');
    };
    await expect(rollback({ warehouse, onStep: stop })).rejects.toThrow('stopped');
    expect(await stateOf(warehouse)).toEqual(before);
    await dispose();
  });
});

async function migrated(warehouse: Warehouse): Promise<Warehouse> {
  const { migrateState } = await import('../../../src/warehouse/state/index.ts');
  await migrateState(warehouse, () => new Date('2026-03-01T12:00:00Z'));
  return warehouse;
}
