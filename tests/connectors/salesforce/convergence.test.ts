import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { SalesforceEmulator } from '../../../fixtures/emulators/salesforce/index.ts';
import type { Row } from '../../../fixtures/emulators/salesforce/rows.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { emulate, land, type Landed, live, nothingLanded, open } from './reading.ts';

const world = createWorld({ seed: 3, start: '2025-01-01', months: 6 });
const DAY_MS = 86_400_000;

const step = fc.record({
  days: fc.double({ min: 0.01, max: 12, noNaN: true }),
  largestPage: fc.constantFrom(7, 50, 2_000),
  bulkAbove: fc.constantFrom(0, 20, 100_000),
  lagMinutes: fc.integer({ min: 0, max: 9 }),
  clockAheadMinutes: fc.constantFrom(0, -30, 45),
  /** That pass with every page: records change, come and go while they are read. */
  pageMinutes: fc.constantFrom(0, 3, 600),
  stopAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  fault: fc.constantFrom(
    undefined,
    { reset: true },
    { resetAfterBytes: 300 },
    { status: 502, body: '<html>' },
    { special: 'INVALID_SESSION_ID' },
    { special: 'SERVER_UNAVAILABLE' },
  ),
  after: fc.integer({ min: 0, max: 8 }),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Runs at random times, by either API, with late commits, clocks that differ, faults and deaths, then undisturbed ones. */
async function run(name: string, steps: readonly Step[]): Promise<{ landed: Landed; emulator: SalesforceEmulator }> {
  let now = Date.parse('2025-02-01T00:00:00.000Z');
  const instant = (aheadMinutes = 0): string => new Date(now + aheadMinutes * 60_000).toISOString();
  const emulator = await emulate(world, instant());
  const landed = nothingLanded();
  for (const {
    days,
    largestPage,
    bulkAbove,
    lagMinutes,
    clockAheadMinutes,
    pageMinutes,
    stopAfter,
    fault,
    after,
  } of steps) {
    now += Math.round(days * DAY_MS);
    emulator.setNow(instant());
    Object.assign(emulator.knobs, { largestPage, commitLagMs: lagMinutes * 60_000 });
    if (fault !== undefined) emulator.inject({ match: '/services/data/', after, ...fault });
    const connection = await open(emulator, instant(clockAheadMinutes), {
      bulkAbove,
      bulkPageRecords: Math.max(largestPage, 25),
    });
    const afterPage = (): void => {
      now += pageMinutes * 60_000;
      emulator.setNow(instant());
    };
    await land(connection, name, landed, { afterPage, ...(stopAfter === undefined ? {} : { stopAfter }) });
    emulator.clearFaults();
  }
  now += 3_600_000;
  emulator.setNow(instant());
  emulator.knobs.commitLagMs = 0;
  await land(await open(emulator, instant()), name, landed);
  return { landed, emulator };
}

const steps = fc.array(step, { minLength: 1, maxLength: 4 });
const settings = { seed: 20_260_301, numRuns: Number(process.env['REVOPS_TEST_RUNS'] ?? 5) };

for (const [name, object, columns] of [
  [
    'opportunities',
    'Opportunity',
    { id: 'Id', stage_name: 'StageName', amount: 'Amount', close_date: 'CloseDate', is_won: 'IsWon' },
  ],
  ['leads', 'Lead', { id: 'Id', email: 'Email', status: 'Status', converted_contact_id: 'ConvertedContactId' }],
] as const) {
  test(`${name} converge to the organisation whatever the times, ways, clocks, faults and interruptions`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { landed, emulator } = await run(name, taken);
        const wanted = emulator.rows(object).filter((row: Row) => row['IsDeleted'] !== true);
        const seen = live(landed).toSorted((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1));
        expect(seen.map((row) => Object.keys(columns).map((column) => String(row[column])))).toEqual(
          wanted.map((row) => Object.values(columns).map((field) => String(row[field]))),
        );
      }),
      settings,
    );
  });
}

test('stage history converges to every entry the organisation tells', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const { landed, emulator } = await run('opportunity_history', taken);
      const told = emulator.rows('OpportunityHistory').map((row) => `${String(row['Id'])} ${String(row['StageName'])}`);
      const kept = new Set([...landed.rows.values()].map((row) => `${String(row['id'])} ${String(row['stage_name'])}`));
      expect(told.filter((entry) => !kept.has(entry))).toEqual([]);
    }),
    settings,
  );
});
