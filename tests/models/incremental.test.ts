import fc from 'fast-check';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { InputRow, ModelProject } from '../../src/model/contract.ts';
import { compileProject, readModelProject, verifyLedger } from '../../src/model/index.ts';
import { modelSql } from '../../src/model/build/model-sql.ts';
import { isKept } from '../../src/model/relation.ts';
import type { EngineName, Row } from '../../src/warehouse/types.ts';
import { run } from '../model/building.ts';
import { model, writeFiles, type Files } from '../model/project.ts';
import { makeRaw, sync, type RawRow, type RawTableShape } from '../model/synced.ts';
import { expectSameRows } from '../support/same-rows.ts';
import { engines, isWhole, openTestWarehouse } from '../support/warehouses.ts';
import { smallWorld, type SmallWorld } from './small-world.ts';

const root = join(import.meta.dirname, '../..');
/** Loads between the two companies. */
const STEPS = isWhole ? [1, 2, 3] : [1, 2];
const RUNS = Number(process.env['REVOPS_TEST_RUNS'] ?? 1);
const SEED = Number(process.env['REVOPS_TEST_SEED'] ?? 5);
/** Both, unless a hunt for bugs wants more runs of one. */
const ENGINES = engines.filter((engine) => (process.env['REVOPS_TEST_ENGINE'] ?? engine) === engine);
/** Models brought up to date in part, over all runs. */
const updated = new Set<string>();

test('The library built in part after every load is the library built whole, on both engines alike.', async () => {
  const shipped = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
  const { feeds } = await readModelProject([shipped]);
  const folder = writeFiles(Object.fromEntries(feeds.map((feed) => armOf(feed))));
  const project = await readModelProject([
    shipped,
    { origin: 'own', models: join(folder, 'models'), sql: join(folder, 'sql') },
  ]);
  await fc.assert(
    fc.asyncProperty(
      smallWorld,
      smallWorld,
      fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
      async (from, to, choices) => {
        const steps = STEPS.map(() => [...choices.take(400)]);
        const states: Record<string, Row[]>[][] = [];
        for (const engine of ENGINES) states.push(await live(engine, project, { from, to, steps }));
        for (const other of states) {
          other.forEach((state, index) => {
            for (const [name, rows] of Object.entries(state)) expectSameRows(rows, states[0]?.[index]?.[name] ?? []);
          });
        }
      },
    ),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  if (process.env['REVOPS_TEST_RUNS'] !== undefined) console.log([...updated].toSorted());
  expect([...updated].toSorted()).toEqual(
    // deals: fixtures/cases/deals/step_by_step
    expect.arrayContaining([
      'contacts',
      'current_credits',
      'settled_credits',
      'shared_identifiers',
      'spend_daily',
      'touchpoints',
    ]),
  );
}, 900_000);

// --- internal ---

/** From one company to another, step by step: at each some rows are as in the second, or gone when it has none. */
async function live(
  engine: EngineName,
  project: ModelProject,
  { from, to, steps }: { from: SmallWorld; to: SmallWorld; steps: number[][] },
): Promise<Record<string, Row[]>[]> {
  const { warehouse, dispose } = await openTestWarehouse(engine);
  try {
    const shapes = project.feeds.map(shapeOf);
    // whatever the engine fills; of what the models of core do not read there is no row
    const filled = project.inputs.filter(({ filledBy }) => filledBy === 'engine').map(({ name }) => name);
    const fixed = Object.fromEntries(
      [...filled, 'exchange_rates', 'stage_criteria', 'stage_definitions'].map((name) => [name, from[name] ?? []]),
    );
    const compiled = await compileProject(project, engine);
    // marts have no key: they are built whole, or not at all
    const select = compiled.relations.filter(({ schema }) => schema === 'core').map(({ name }) => name);
    for (const shape of shapes) {
      await makeRaw(warehouse, shape);
      await sync(warehouse, shape, { rows: (from[`${shape.table}_feed`] ?? []).map(textRow) });
    }
    const states: Record<string, Row[]>[] = [];
    for (const [step, choices] of [[], ...steps].entries()) {
      // some of the account's days become final, as they do every day
      const inputs = { ...fixed, source_coverage: [coverageAt(step)], denied_identifiers: deniedAt(step) };
      let at = 0;
      for (const shape of choices.length === 0 ? [] : shapes) {
        // lookups like clicks stand still in some steps, else what reads them is never brought up to date in part
        if ((choices[at++ % choices.length] ?? 0) < 4) continue;
        const wanted = new Map((to[`${shape.table}_feed`] ?? []).map((row) => [keyOf(shape, row), textRow(row)]));
        const there = (from[`${shape.table}_feed`] ?? []).filter((row) => !wanted.has(keyOf(shape, row))).map(textRow);
        const isChosen = (): boolean => (choices[at++ % choices.length] ?? 0) < 3;
        await sync(warehouse, shape, { rows: [...wanted.values()].filter(isChosen), vanished: there.filter(isChosen) });
      }
      const { relations } = await run(warehouse, project, inputs, { compiled, select, rebuildShare: Infinity });
      for (const { name, ran } of relations) if (ran === 'incremental') updated.add(name);
      const state: Record<string, Row[]> = {};
      for (const relation of compiled.relations) {
        const { name, schema, grain } = relation;
        if (schema !== 'core') continue;
        const order = grain.join(', ') || '1';
        const found = await warehouse.query(`select * from ${schema}.${name} order by ${order}`);
        state[name] = found.toSorted((a, b) => (orderKey(grain, a) < orderKey(grain, b) ? -1 : 1));
        // what a ledger froze, and what was noted then, is not what it would be now
        if (isKept(relation)) continue;
        const whole = await warehouse.query(
          `select * from (${await modelSql(warehouse, compiled, name)}) as whole order by ${order}`,
        );
        expectSameRows(found, whole);
      }
      // a frozen credit never changes, whatever comes, goes or is merged
      const before = states.at(-1)?.['settled_credits'] ?? [];
      const now = new Set(state['settled_credits']?.map((row) => JSON.stringify(row)));
      expect(before.filter((row) => !now.has(JSON.stringify(row)))).toEqual([]);
      expect(await verifyLedger(warehouse, 'settled_credits')).toEqual([]);
      states.push(state);
    }
    return states;
  } finally {
    await dispose();
  }
}

/** People are taken apart, and come together again. */
function deniedAt(step: number): InputRow[] {
  const denied = [
    { identifier: 'user:u1', other_identifier: 'device:a' },
    { identifier: 'contact:hubspot:1', other_identifier: 'click:gclid:g1' },
    { identifier: 'user:u2', other_identifier: null },
  ];
  return step % 2 === 0 ? denied.slice(0, 1) : denied;
}

function coverageAt(step: number): InputRow {
  const final_to = ['2024-02-20', '2024-03-10', '2024-03-20', '2024-04-30'][step] ?? '2024-04-30';
  return { connector: 'google-ads', stream: 'campaign_days', feed: 'ad_spend', account_id: '1', final_to };
}

/** A connector that gives a feed's columns as they are. */
function armOf(feed: ModelProject['feeds'][number]): [string, string] {
  const columns = feed.columns.map(({ name, type }) => `${name} ${type}`);
  const reads = feed.columns.map(({ name, type }) => `${name}: "${type}"`).join(', ');
  const header = `grain: [${feed.grain.join(', ')}]\nsource: given.${feed.name}\nreads: { ${reads}, _deleted: boolean }\nfeeds: ${feed.name}`;
  const sql = `select ${feed.columns.map(({ name }) => name).join(', ')} from source where not _deleted`;
  const files: Files = { [`models/staging/given/${feed.name}.sql`]: model(columns, sql, header) };
  return Object.entries(files)[0] ?? ['', ''];
}

function shapeOf({ name, columns, grain }: ModelProject['feeds'][number]): RawTableShape {
  return {
    connector: 'given',
    table: name,
    columns: Object.fromEntries(columns.map((column) => [column.name, column.type])),
    primaryKey: grain,
  };
}

function textRow(row: InputRow): RawRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]));
}

function keyOf({ primaryKey }: RawTableShape, row: InputRow): string {
  return JSON.stringify(primaryKey.map((name) => String(row[name] ?? '')));
}

function orderKey(grain: readonly string[], row: Row): string {
  // rows of a log have no grain: their texts tell them apart, fractions may differ in the last digits
  const values = grain.length > 0 ? grain.map((name) => row[name]) : Object.values(row);
  return JSON.stringify(grain.length > 0 ? values : values.filter((value) => typeof value !== 'number'));
}
