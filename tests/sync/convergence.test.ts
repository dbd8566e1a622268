import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { engines, isWhole } from '../support/warehouses.ts';
import {
  apply,
  emptyModel,
  expected,
  randomStreams,
  SHOWN,
  type Change,
  type Manner,
  type Model,
} from './random-source.ts';
import { connectorOf, openBench, type Bench } from './support.ts';

const id = fc.integer({ min: 1, max: 5 });
const day = fc.integer({ min: 0, max: 12 });
const value = fc.integer({ min: -3, max: 3 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('object' as const), id, value }),
  fc.record({ kind: fc.constant('delete' as const), id }),
  fc.record({ kind: fc.constant('fact' as const), day, id, value }),
  fc.record({ kind: fc.constant('vanish' as const), day, id }),
  fc.record({ kind: fc.constant('member' as const), owner: id, member: id, isIn: fc.boolean() }),
  fc.record({ kind: fc.constant('event' as const), value }),
);
const manner: fc.Arbitrary<Manner> = fc.record({
  pageSize: fc.integer({ min: 1, max: 6 }),
  repeats: fc.boolean(),
  reversed: fc.boolean(),
  failures: fc.array(fc.boolean(), { maxLength: 25 }),
});
const history = fc.array(
  fc.record({
    changes: fc.array(change, { maxLength: 25 }),
    manner,
    cut: fc.integer({ min: 1, max: 8 }),
    now: fc.integer({ min: 3, max: 15 }),
  }),
  { minLength: 1, maxLength: 4 },
);
/** More for a drill: each run is some ten syncs. */
const RUNS = Number(process.env['REVOPS_PROPERTY_RUNS'] ?? (isWhole ? 6 : 4));
const TABLES = ['objects', 'facts', 'parts', 'members', 'events'];
/** Tables of days: none is there before its day has come. */
const DAYS = ['facts', 'parts'];

for (const engine of engines) {
  describe(`any history of a source on ${engine}`, () => {
    let bench: Bench;
    let runs = 0;
    beforeAll(async () => {
      bench = await openBench(engine);
    });
    afterAll(() => bench.dispose());

    async function shown(schema: string, table: string): Promise<string[]> {
      const rows = await bench.query(`select ${SHOWN[table]} as row from ${schema}.${table} where not _deleted`);
      return rows.map(({ row }) => String(row)).toSorted();
    }

    /** The table as it was after the load of a number, from the live rows and the history. */
    async function shownAsOf(schema: string, table: string, load: number): Promise<string[]> {
      const rows = await bench.query(
        `select row from (
               select ${SHOWN[table]} as row, _deleted, _load_id, cast(null as text) as _replaced_by from ${schema}.${table}
               union all
               select ${SHOWN[table]} as row, _deleted, _load_id, _replaced_by from ${schema}.${table}__history
             ) as versions
             join revops.loads as made on made.load_id = versions._load_id
             left join revops.loads as replaced on replaced.load_id = versions._replaced_by
             where not _deleted and made.load_number <= ${load} and (replaced.load_number is null or replaced.load_number > ${load})`,
      );
      return rows.map(({ row }) => String(row)).toSorted();
    }

    it(
      'ends in the state of the source, keeps every past state, and changes nothing the second time',
      async () => {
        await fc.assert(
          fc.asyncProperty(history, async (steps) => {
            runs += 1;
            const name = `run-${runs}`;
            const schema = `raw_run_${runs}`;
            const model: Model = emptyModel();
            const past: { load: number; state: Record<string, string[]> }[] = [];
            for (const step of steps) {
              for (const one of step.changes) apply(model, one);
              const options = {
                now: () => new Date(`2026-03-${String(step.now + past.length).padStart(2, '0')}T12:00:00Z`),
                allowShrink: true,
                checkpoint: { rows: step.cut, bytes: 1_000_000 },
              };
              const wild = await bench.sync([connectorOf(randomStreams(model, step.manner), name)], options);
              for (const { rows } of wild.streams) expect(rows.read).toBe(rows.loaded + rows.unchanged + rows.rejected);
              const calm = await bench.sync(
                [connectorOf(randomStreams(model, { ...step.manner, failures: [] }), name)],
                options,
              );
              expect(calm.status).toBe('ok');
              const today = options.now().toISOString().slice(0, 10);
              const state = expected(model);
              for (const table of DAYS) {
                const before = past.at(-1)?.state[table]?.filter((row) => row.slice(0, 10) > today) ?? [];
                state[table] = [...state[table]!.filter((row) => row.slice(0, 10) <= today), ...before].toSorted();
              }
              for (const table of TABLES) expect(await shown(schema, table), table).toEqual(state[table]);
              const live = await bench.query(
                `select id || '|' || cast(value as text) as row from ${schema}.snapshots where not _deleted`,
              );
              expect(live.map(({ row }) => String(row)).toSorted()).toEqual(state['objects']);
              const [last] = await bench.query('select max(load_number) as n from revops.loads');
              const now: Record<string, string[]> = {};
              for (const table of TABLES) now[table] = await shown(schema, table);
              past.push({ load: Number(last?.['n'] ?? 0), state: now });
            }
            for (const { load, state } of past) {
              for (const table of TABLES)
                expect(await shownAsOf(schema, table, load), `${table} as of ${load}`).toEqual(state[table]);
            }
            const stamps = `select _load_id, count(*) as n from ${schema}.facts group by 1 order by 1`;
            const stamped = await bench.query(stamps);
            const last = steps.at(-1)!;
            const again = await bench.sync(
              [connectorOf(randomStreams(model, { ...last.manner, failures: [] }), name)],
              {
                now: () => new Date(`2026-03-${String(last.now + past.length - 1).padStart(2, '0')}T12:00:00Z`),
              },
            );
            for (const { rows } of again.streams) expect(rows).toMatchObject({ loaded: 0, deleted: 0, vanished: 0 });
            expect(await bench.query(stamps)).toEqual(stamped);
            expect(await bench.spooled()).toEqual([]);
          }),
          { seed: 5, numRuns: RUNS },
        );
      },
      RUNS * 60_000,
    );
  });
}
