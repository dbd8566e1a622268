import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { CONTACT_PROPERTIES, createWorld, DEAL_PROPERTIES } from '../../../fixtures/world/index.ts';
import type { CrmObject, CrmObjectType, World, WorldView } from '../../../fixtures/world/types.ts';
import type { SourceRecord } from '../../../src/connector/contract.ts';
import { emulate, land, type Landed, live, nothingLanded, open } from './reading.ts';

const world = createWorld({ seed: 3, start: '2025-01-01', months: 6, scale: 1 });
const DAY_MS = 86_400_000;

/** The platform's names for the world's. */
const NAMES: Record<string, string> = {
  firstName: 'firstname',
  lastName: 'lastname',
  lifecycleStage: 'lifecyclestage',
  originalSource: 'hs_analytics_source',
  originalSourceDetail1: 'hs_analytics_source_data_1',
  originalSourceDetail2: 'hs_analytics_source_data_2',
  firstUrl: 'hs_analytics_first_url',
  firstReferrer: 'hs_analytics_first_referrer',
  firstSeenAt: 'hs_analytics_first_timestamp',
  latestSource: 'hs_latest_source',
  latestSourceDetail1: 'hs_latest_source_data_1',
  latestSourceDetail2: 'hs_latest_source_data_2',
  latestSeenAt: 'hs_latest_source_timestamp',
  gclid: 'hs_google_click_id',
  fbclid: 'hs_facebook_click_id',
  name: 'dealname',
  stage: 'dealstage',
  currency: 'deal_currency_code',
  closeDate: 'closedate',
  ownerId: 'hubspot_owner_id',
};

function expected(object: CrmObject, properties: readonly string[]): SourceRecord {
  return {
    id: object.id,
    updated_at: object.updatedAt,
    ...Object.fromEntries(properties.map((name) => [NAMES[name] ?? name, object.properties[name] || null])),
  };
}

function liveObjects(view: WorldView, type: CrmObjectType): CrmObject[] {
  return view.crmObjects(type).filter((object) => !object.isArchived);
}

function byId(rows: readonly SourceRecord[]): SourceRecord[] {
  return rows.toSorted((left, right) => Number(left['id']) - Number(right['id']));
}

function seenOf(landed: Landed, properties: readonly string[]): SourceRecord[] {
  const names = ['id', 'updated_at', ...properties.map((name) => NAMES[name] ?? name)];
  return byId(live(landed)).map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
}

const step = fc.record({
  days: fc.double({ min: 0.01, max: 25, noNaN: true }),
  largestPage: fc.constantFrom(7, 50, 1_000),
  indexLagMinutes: fc.integer({ min: 0, max: 9 }),
  /** That pass with every page: records change, come and go while they are read. */
  pageMinutes: fc.constantFrom(0, 3, 600),
  stopAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  fault: fc.constantFrom(
    undefined,
    { reset: true },
    { resetAfterBytes: 300 },
    { status: 502, body: '<html>' },
    { status: 401, headers: { 'content-type': 'application/json' }, body: '{"category":"EXPIRED_AUTHENTICATION"}' },
  ),
  after: fc.integer({ min: 0, max: 8 }),
});

/** Runs at random times, with random pages, lags, faults and deaths, then two undisturbed ones. */
async function run(
  history: World,
  name: string,
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
): Promise<{ landed: Landed; view: WorldView }> {
  let now = Date.parse('2025-02-01T00:00:00.000Z');
  const instant = (): string => new Date(now).toISOString();
  const emulator = await emulate(history, instant());
  const { clientId, clientSecret, refreshToken } = emulator.knobs;
  const landed = nothingLanded();
  for (const { days, largestPage, indexLagMinutes, pageMinutes, stopAfter, fault, after } of steps) {
    now += Math.round(days * DAY_MS);
    emulator.setNow(instant());
    Object.assign(emulator.knobs, { largestPage, indexLagMs: indexLagMinutes * 60_000 });
    // A token that has just been renewed and is refused again is no fault that passes.
    const isTwiceRefused = pageMinutes > 0 && fault?.status === 401;
    if (fault !== undefined && !isTwiceRefused) emulator.inject({ match: '/crm/', after, ...fault });
    const connection = await open(emulator, instant(), { oauth: { clientId, clientSecret, refreshToken } });
    const afterPage = (): void => {
      now += pageMinutes * 60_000;
      emulator.setNow(instant());
    };
    await land(connection, name, landed, { afterPage, ...(stopAfter === undefined ? {} : { stopAfter }) });
    emulator.clearFaults();
  }
  for (const minutes of [60, 75]) {
    now += minutes * 60_000;
    emulator.setNow(instant());
    emulator.knobs.indexLagMs = 0;
    await land(await open(emulator, instant()), name, landed);
  }
  return { landed, view: history.at(instant()) };
}

const steps = fc.array(step, { minLength: 1, maxLength: 4 });
const settings = { seed: 20_260_301, numRuns: Number(process.env['REVOPS_TEST_RUNS'] ?? 4) };

for (const [type, properties] of [
  ['contacts', CONTACT_PROPERTIES],
  ['deals', DEAL_PROPERTIES],
] as const) {
  test(`${type} converge to the CRM whatever the times, pages, lags, faults and interruptions`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { landed, view } = await run(world, type, taken);
        expect(seenOf(landed, properties)).toEqual(
          liveObjects(view, type).map((object) => expected(object, properties)),
        );
      }),
      settings,
    );
  });
}

test('stage history converges to every entry the CRM still tells', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const { landed, view } = await run(world, 'deal_stage_history', taken);
      const told = view
        .crmObjects('deals')
        .flatMap((deal) =>
          (deal.history['stage'] ?? []).map((change) => `${deal.id}|dealstage|${change.at}|=${change.value ?? ''}`),
        );
      const kept = new Set([...landed.rows.keys()].filter((key) => key.includes('|dealstage|')));
      expect(told.filter((key) => !kept.has(key))).toEqual([]);
    }),
    settings,
  );
});
