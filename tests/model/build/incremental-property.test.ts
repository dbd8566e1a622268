import fc from 'fast-check';
import { expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { modelSql } from '../../../src/model/build/model-sql.ts';
import type { EngineName, Row } from '../../../src/warehouse/types.ts';
import { engines, isWhole, openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { projectOf } from '../project.ts';
import { filesOf, LABELS, PLAIN, randomNode, VERSIONED, type RandomNode } from '../random-models.ts';
import { makeRaw, sync, type Load, type RawTableShape } from '../synced.ts';

const RUNS = Number(process.env['REVOPS_TEST_RUNS'] ?? (isWhole ? 6 : 4));
/** Both, unless a hunt for bugs wants more runs of one. */
const ENGINES = engines.filter((engine) => (process.env['REVOPS_TEST_ENGINE'] ?? engine) === engine);
const SEED = Number(process.env['REVOPS_TEST_SEED'] ?? 20_260_301);

/** How often tables were updated in part, over all runs: the property must not hold for want of them. */
const seen: Record<string, number> = {};

it('After every step of a random history every model holds what its SQL gives, on both engines alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(randomNode, { minLength: 3, maxLength: 6 }),
      fc.array(step(), { minLength: 3, maxLength: 6 }),
      fc.boolean(),
      async (nodes, steps, isStagingTable) => {
        const states: unknown[][] = [];
        for (const engine of ENGINES) states.push(await live(engine, nodes, steps, isStagingTable));
        for (const other of states) expect(other).toEqual(states[0]);
      },
    ),
    { numRuns: RUNS, seed: SEED, endOnFailure: process.env['REVOPS_TEST_SHRINK'] !== '1' },
  );
  if (process.env['REVOPS_TEST_RUNS'] !== undefined) console.log(seen);
  expect(seen['incremental'] ?? 0).toBeGreaterThan(RUNS);
}, 900_000);

// --- internal ---

/** So that there is something to change from the first step on. */
const START: Step['loads'] = [
  {
    shape: PLAIN,
    load: {
      rows: ['x', 'y', 'Z', ''].map((k1, at) => ({
        id: String(at + 1),
        k1,
        k2: String(at % 3),
        n: String(at),
        due: '2026-03-11',
      })),
    },
  },
  {
    shape: VERSIONED,
    load: { rows: ['x', 'y'].map((k1, at) => ({ id: String(at + 1), version: '1', k1, k2: '1', n: '2', due: null })) },
  },
  { shape: LABELS, load: { rows: ['x', 'y', 'Z'].map((code) => ({ code, weight: '1', unread: null })) } },
];

type Step = {
  loads: { shape: RawTableShape; load: Load }[];
  today: number | null;
  factor: number | null;
  /** A model whose definition changes. */
  redefined: number | null;
  /** Build only this one, with or without what it reads or what reads it. */
  selected: number | null;
};

/** Lives through a history on an engine, checks every state, and gives all of them. */
async function live(
  engine: EngineName,
  given: readonly RandomNode[],
  steps: readonly Step[],
  isStagingTable: boolean,
): Promise<unknown[]> {
  const { warehouse, dispose } = await openTestWarehouse(engine);
  try {
    for (const shape of [PLAIN, VERSIONED, LABELS]) await makeRaw(warehouse, shape);
    for (const { shape, load } of START) await sync(warehouse, shape, load);
    const states: unknown[] = [];
    let nodes = [...given];
    let today = 10;
    let factor = 1;
    for (const [index, { loads, ...change }] of steps.entries()) {
      for (const { shape, load } of loads) await sync(warehouse, shape, load);
      today = change.today ?? today;
      factor = change.factor ?? factor;
      nodes = nodes.map((node, at) => (at === change.redefined ? { ...node, constant: node.constant + 2 } : node));
      const project = await projectOf(filesOf(nodes, isStagingTable));
      const day = `2026-03-${String(today).padStart(2, '0')}`;
      const inputs = { settings: [{ factor }], clock: [{ now_at: `${day}T12:00:00Z`, today: day }] };
      const isPartial = index > 0 && change.selected !== null && change.selected < nodes.length;
      const chosen = `m${(change.selected ?? 0) + 1}`;
      const select = isPartial ? [[chosen, `+${chosen}`, `${chosen}+`][index % 3] ?? chosen] : [];
      const report = await run(warehouse, project, inputs, { select, rebuildShare: Infinity });
      for (const { ran } of report.relations) if (ran !== null) seen[ran] = (seen[ran] ?? 0) + 1;
      if (isPartial) continue;
      const compiled = await compileProject(project, engine);
      const state: Record<string, Row[]> = {};
      for (const { name, schema } of compiled.relations.filter((relation) => relation.schema === 'core')) {
        const found = await rowsOf(warehouse, `${schema}.${name}`);
        const how = report.relations.find((relation) => relation.name === name);
        const whole = await rowsOf(warehouse, `(${await modelSql(warehouse, compiled, name)}) as whole`);
        expect(
          found,
          `${engine}, step ${index}, ${name} (${how?.ran ?? ''}): ${compiled.byName.get(name)?.kind === 'model' ? filesOf(nodes, isStagingTable)[`models/core/${name}.sql`] : ''}`,
        ).toEqual(whole);
        state[name] = found;
      }
      states.push(state);
    }
    return states;
  } finally {
    await dispose();
  }
}

function step(): fc.Arbitrary<Step> {
  const k1 = fc.constantFrom(null, '', 'x', 'y', 'Z');
  const k2 = fc.constantFrom(null, '0', '1', '2');
  const n = fc.constantFrom(null, '0', '1', '2.5', '3');
  const due = fc.constantFrom(null, '2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12');
  const id = fc.constantFrom('1', '2', '3', '4', '5', '6');
  const plain = fc.record({
    id,
    k1,
    k2,
    n,
    due,
    note: fc.constantFrom(null, '{"a":1}', '[1]'),
    noise: fc.constantFrom('p', 'q'),
  });
  const versioned = fc.record({ id, version: fc.constantFrom('1', '2', '3'), k1, k2, n, due });
  const labels = fc.record({
    code: fc.constantFrom('x', 'y', 'Z', 'w'),
    weight: fc.constantFrom('1', '2'),
    unread: fc.constantFrom('p', 'q'),
  });
  const loadOf = (
    shape: RawTableShape,
    row: fc.Arbitrary<Record<string, string | null>>,
  ): fc.Arbitrary<Step['loads'][number]> =>
    fc
      .uniqueArray(fc.tuple(row, fc.constantFrom('rows', 'rows', 'rows', 'rows', 'tombstones', 'vanished')), {
        maxLength: 3,
        selector: ([one]) => shape.primaryKey.map((name) => one[name]).join('|'),
      })
      .map((rows) => {
        const of = (kind: string): Record<string, string | null>[] =>
          rows.filter(([, own]) => own === kind).map(([one]) => one);
        return { shape, load: { rows: of('rows'), tombstones: of('tombstones'), vanished: of('vanished') } };
      });
  return fc.record({
    loads: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: loadOf(PLAIN, plain) },
        { weight: 3, arbitrary: loadOf(VERSIONED, versioned) },
        { weight: 3, arbitrary: loadOf(LABELS, labels) },
      ),
      { maxLength: 3 },
    ),
    today: seldom(2, fc.integer({ min: 9, max: 13 })),
    factor: seldom(8, fc.integer({ min: 1, max: 3 })),
    redefined: seldom(8, fc.nat(5)),
    selected: seldom(6, fc.nat(5)),
  });
}

/** Null, and once in so many times another value. */
function seldom(times: number, value: fc.Arbitrary<number>): fc.Arbitrary<number | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
}
