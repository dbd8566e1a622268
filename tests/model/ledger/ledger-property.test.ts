import fc from 'fast-check';
import { expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { verifyLedger } from '../../../src/model/ledger/ledger-digest.ts';
import { modelSql } from '../../../src/model/build/model-sql.ts';
import type { EngineName, Row } from '../../../src/warehouse/types.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { makeRaw, sync, type Load, type RawRow, type RawTableShape } from '../synced.ts';

const RUNS = Number(process.env['REVOPS_TEST_RUNS'] ?? 2);
const ENGINES = engines.filter((engine) => (process.env['REVOPS_TEST_ENGINE'] ?? engine) === engine);
const SEED = Number(process.env['REVOPS_TEST_SEED'] ?? 20_260_301);

it('Over a random history a ledger only grows, and with its restatements says what is known, however it is built', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 3, maxLength: 5 }), async (steps) => {
      const states: unknown[] = [];
      for (const engine of ENGINES)
        for (const isWhole of [false, true]) states.push(await live(engine, steps, isWhole));
      for (const other of states) expect(other).toEqual(states[0]);
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: process.env['REVOPS_TEST_SHRINK'] !== '1' },
  );
}, 900_000);

// --- internal ---

const ITEMS: RawTableShape = {
  connector: 'crm',
  table: 'items',
  columns: { id: 'text', owner: 'text', n: 'bigint', due: 'date' },
  primaryKey: ['id'],
};

interface Step {
  load: Load;
  today: number;
  /** Another factor is another definition. */
  factor: number;
}

function filesOf(factor: number): Files {
  return {
    'models/reference/inputs.yml':
      'clock:\n  filled_by: engine\n  description: One row.\n  columns: { now_at: { type: timestamptz, description: N. }, today: { type: date, description: T. } }\n',
    'models/staging/crm/items.sql': model(
      ['id text', 'owner text', 'n bigint', 'due date'],
      'select id, owner, n, due from source where not _deleted',
      'source: crm.items\nreads: { id: text, owner: text, n: bigint, due: date, _deleted: boolean }',
    ),
    // keyed by owner, NULL too: what an owner has is frozen together
    'models/core/kept.sql': model(
      ['owner text', 'id text', 'n bigint', 'share double', 'due date'],
      `select owner, id, n * ${factor} as n, cast(n as double precision) / cast(sum(n) over (partition by owner) as double precision) as share, due from crm_items cross join clock where due <= clock.today`,
      'grain: [owner, id]\nkey: owner\nmaterialized: ledger\nledger: { period: due }\nwakes_at: crm_items.due',
    ),
  };
}

async function live(engine: EngineName, steps: readonly Step[], isWhole: boolean): Promise<unknown> {
  const { warehouse, dispose } = await openTestWarehouse(engine);
  try {
    await makeRaw(warehouse, ITEMS);
    const states: unknown[] = [];
    let before: Row[] = [];
    for (const [index, { load, today, factor }] of steps.entries()) {
      await sync(warehouse, ITEMS, load);
      const project = await projectOf(filesOf(factor));
      const day = `2026-03-${String(today).padStart(2, '0')}`;
      const inputs = { clock: [{ now_at: `${day}T12:00:00Z`, today: day }] };
      const share = { rebuildShare: isWhole ? 0 : Infinity };
      const report = await run(warehouse, project, inputs, { ...share, fullRefresh: isWhole && index % 2 === 1 });
      const frozen = await rowsOf(warehouse, 'core.kept');
      expect(frozen).toEqual(expect.arrayContaining(before));
      const owners = new Set(before.map((row) => row['owner']));
      expect(frozen.filter((row) => owners.has(row['owner'] ?? null))).toHaveLength(before.length);
      before = frozen;

      const compiled = await compileProject(project, engine);
      const computed = await rowsOf(warehouse, `(${await modelSql(warehouse, compiled, 'kept')}) as computed`);
      const restated = await warehouse.query(
        'select owner, id, change, changed_columns, cause, build_id, locked_n, known_n, locked_share, known_share, locked_due, known_due from core.kept_restatements order by cast(substr(build_id, 2) as bigint), owner, id',
      );
      expect(sorted(knownNow(frozen, restated)), `${engine}, step ${index}, ${report.buildId}`).toEqual(computed);
      expect(await verifyLedger(warehouse, 'kept')).toEqual([]);
      states.push([frozen, sorted(restated)]);
    }
    return states;
  } finally {
    await dispose();
  }
}

/** The ledger's rows, each as its last restatement says. */
function knownNow(frozen: readonly Row[], restated: readonly Row[]): Row[] {
  const place = (row: Row): string => JSON.stringify([row['owner'], row['id']]);
  const known = new Map(frozen.map((row) => [place(row), row]));
  for (const row of restated) {
    const { owner, id, change, known_n: n, known_share: share, known_due: due } = row;
    const isThere = change === 'restored' ? frozen.some((other) => place(other) === place(row)) : change !== 'removed';
    if (isThere) known.set(place(row), { owner, id, n, share, due } as Row);
    else known.delete(place(row));
  }
  return [...known.values()];
}

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function step(): fc.Arbitrary<Step> {
  const row = fc.record({
    id: fc.constantFrom('1', '2', '3', '4', '5'),
    owner: fc.constantFrom(null, 'x', 'y'),
    n: fc.constantFrom('1', '2', '3'),
    due: fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'),
  });
  const load = fc
    .uniqueArray(fc.tuple(row, fc.constantFrom('rows', 'rows', 'rows', 'tombstones', 'vanished')), {
      minLength: 1,
      maxLength: 4,
      selector: ([one]) => one.id,
    })
    .map((rows): Load => {
      const of = (kind: string): RawRow[] => rows.filter(([, own]) => own === kind).map(([one]) => one);
      return { rows: of('rows'), tombstones: of('tombstones'), vanished: of('vanished') };
    });
  return fc.record({
    load,
    today: fc.integer({ min: 1, max: 4 }),
    factor: fc.constantFrom(1, 1, 1, 2),
  });
}
