import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { PipedriveEmulator } from '../../../fixtures/emulators/pipedrive/index.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { emulate, land, type Landed, live, nothingLanded, open } from './reading.ts';

const world = createWorld({ seed: 3, start: '2025-01-01', months: 6 });
const DAY_MS = 86_400_000;

const step = fc.record({
  days: fc.double({ min: 0.01, max: 12, noNaN: true }),
  largestPage: fc.constantFrom(7, 50, 500),
  lagMinutes: fc.integer({ min: 0, max: 4 }),
  clockAheadMinutes: fc.constantFrom(0, -30, 45),
  /** That pass with every page: records change, come and go while they are read. */
  pageMinutes: fc.constantFrom(0, 3, 600),
  stopAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  fault: fc.constantFrom(
    undefined,
    { reset: true },
    { resetAfterBytes: 300 },
    { status: 502, body: '<html>' },
    { special: 'UNAUTHORIZED' },
    { special: 'UNAVAILABLE' },
  ),
  after: fc.integer({ min: 0, max: 8 }),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Runs at random times, with late changes, clocks that differ, faults and deaths, then an undisturbed one. */
async function run(name: string, steps: readonly Step[]): Promise<{ landed: Landed; emulator: PipedriveEmulator }> {
  let now = Date.parse('2025-02-01T00:00:00.000Z');
  const instant = (aheadMinutes = 0): string => new Date(now + aheadMinutes * 60_000).toISOString();
  const emulator = await emulate(world, instant());
  const { clientId, clientSecret, refreshToken } = emulator.knobs;
  const oauth = { clientId, clientSecret, refreshToken };
  const landed = nothingLanded();
  for (const { days, largestPage, lagMinutes, clockAheadMinutes, pageMinutes, stopAfter, fault, after } of steps) {
    now += Math.round(days * DAY_MS);
    emulator.setNow(instant());
    Object.assign(emulator.knobs, { largestPage, lagMs: lagMinutes * 60_000 });
    if (fault !== undefined) emulator.inject({ match: '/api/', after, ...fault });
    const connection = await open(emulator, instant(clockAheadMinutes), { oauth });
    const afterPage = (): void => {
      now += pageMinutes * 60_000;
      emulator.setNow(instant());
    };
    await land(connection, name, landed, { afterPage, ...(stopAfter === undefined ? {} : { stopAfter }) });
    emulator.clearFaults();
  }
  now += 3_600_000;
  emulator.setNow(instant());
  emulator.knobs.lagMs = 0;
  await land(await open(emulator, instant(), { oauth }), name, landed);
  return { landed, emulator };
}

const settings = { seed: 20_260_301, numRuns: Number(process.env['REVOPS_TEST_RUNS'] ?? 4) };
const steps = fc.array(step, { minLength: 1, maxLength: 4 });

test('deals converge to the company whatever the times, clocks, faults and interruptions', async () => {
  const columns = ['id', 'status', 'stage_id', 'value', 'person_id', 'won_time', 'update_time'];
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const { landed, emulator } = await run('deals', taken);
      const shape = (rows: readonly Record<string, unknown>[]): string[] =>
        rows.map((row) => columns.map((column) => String(row[column])).join(' ')).toSorted();
      expect(shape(live(landed))).toEqual(shape(emulator.company().deals.filter(({ isDeleted }) => !isDeleted)));
    }),
    settings,
  );
});

test('the history of deals converges to every entry the company tells', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 2 }), async (taken) => {
      const { landed, emulator } = await run('deal_history', taken);
      const kept = new Set(
        [...landed.rows.values()].map((row) => `${String(row['deal_id'])} ${String(row['changed_at'])}`),
      );
      const told = emulator
        .company()
        .deals.flatMap(({ id, course, isDeleted }) =>
          course.entries
            .filter(({ field_key: field }) => !isDeleted && (field === 'stage_id' || field === 'status'))
            .map(({ at }) => `${id} ${at.slice(0, 19)}Z`),
        );
      expect(told.filter((entry) => !kept.has(entry))).toEqual([]);
    }),
    { ...settings, numRuns: Math.ceil(settings.numRuns / 2) },
  );
});
