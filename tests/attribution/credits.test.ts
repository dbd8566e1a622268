import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { InputRow } from '../../src/model/contract.ts';
import { compileProject, type CompiledProject } from '../../src/model/index.ts';
import { buildLibrary, installFunctions, type BuiltLibrary } from '../support/library.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';
import {
  oracleCredits,
  removalEffects,
  type OracleConversion,
  type OracleOptions,
  type OracleTouch,
} from './oracle.ts';
import { plainPathsProject, SETTINGS } from './paths.ts';

const RUNS = Number(process.env['REVOPS_TEST_RUNS'] ?? 3);
const MAY = Date.UTC(2024, 4, 1);
const HOUR = 3_600_000;

interface Company {
  touches: OracleTouch[];
  conversions: OracleConversion[];
}

/** Few people, channels and hours, so that ties, coinciding milestones and empty paths are common. */
const company: fc.Arbitrary<Company> = fc.record({
  touches: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'B', 'c', 'é', 'z1', 'z2', 'z3', 'z4', 'z5', 'z6', 'z7', 'z8'),
      person: fc.constantFrom('p', 'p', 'q', 's'),
      channel: fc.constantFrom('Direct', 'Email', 'a > b', 'Display'),
      at: fc.integer({ min: 0, max: 60 }).map((step) => MAY + step * 12 * HOUR),
    }),
    { selector: ({ id }) => id, minLength: 8, maxLength: 12 },
  ),
  conversions: fc.uniqueArray(
    fc
      .record({
        id: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'),
        type: fc.constantFrom('lead', 'opportunity', 'customer', 'customer'),
        people: fc.constantFrom(['p'], ['p'], ['q'], ['q', 'p'], []),
        deal: fc.constantFrom('1', '1', null),
        at: fc.integer({ min: 20, max: 70 }).map((step) => MAY + step * 12 * HOUR),
        // a lead is one person's
      })
      .map((own) => (own.type === 'lead' ? { ...own, people: own.people.slice(0, 1) } : own)),
    { selector: ({ id }) => id, minLength: 4, maxLength: 6 },
  ),
});

const OPTIONS: OracleOptions[] = [
  {
    lookbackDays: 90,
    halfLifeDays: 7,
    position: { first: 0.4, last: 0.4 },
    w: { first: 0.3, lead: 0.3, opportunity: 0.3 },
  },
  {
    lookbackDays: 10,
    halfLifeDays: 0.5,
    position: { first: 0.7, last: 0.1 },
    w: { first: 0.1, lead: 0.2, opportunity: 0.7 },
  },
];

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  let compiled: CompiledProject;
  let built = 0;

  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    compiled = await compileProject(await plainPathsProject(), engine);
    await installFunctions(opened.warehouse, compiled);
  }, 120_000);
  afterEach(() => opened.dispose());

  const creditsOf = (own: Company, settings: InputRow = {}): Promise<BuiltLibrary> =>
    buildLibrary(opened.warehouse, compiled, `paths_${(built += 1)}`, {
      ...tablesOf(own),
      settings: [{ ...SETTINGS, has_baseline: false, ...settings }],
      clock: [{ now_at: '2024-06-25T12:00:00Z', today: '2024-06-25' }],
    });

  it(
    'Credits under all models, and removal effects, are those of an independent implementation',
    { timeout: 600_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(company, async (own) => {
          for (const options of OPTIONS) {
            const library = await creditsOf(own, settingsOf(options));
            expect(await library.failures()).toEqual([]);
            await expectCredits(library, own, options);
            await expectEffects(library, own, options);
          }
        }),
        { numRuns: RUNS, seed: 7, endOnFailure: true },
      );
    },
  );

  it('The published examples of Markov and Shapley come out of the paths', { timeout: 120_000 }, async () => {
    // each by itself: who converts in one example would be a null path of the other
    const two = await creditsOf(
      companyOf([
        ['two', 'Google Ads', 2, 1],
        ['two', 'Mailing', 1, 0],
        ['two', 'Google Ads,Mailing', 1, 0],
      ]),
    );
    expect(await channels(two, 'two', 'markov')).toEqual(close({ 'Google Ads': 2.4, Mailing: 1.6 }));
    const three = await creditsOf(
      companyOf([
        ['three', 'c1,c2,c3', 1, 0],
        ['three', 'c1', 0, 1],
        ['three', 'c2,c3', 0, 1],
      ]),
    );
    expect(await channels(three, 'three', 'markov')).toEqual(close({ c1: 0.2, c2: 0.4, c3: 0.4 }));
    const games = await creditsOf(
      companyOf([
        ['airport', '1,2,3,4', 8, 0],
        ['airport', '2,3,4', 3, 0],
        ['airport', '3,4', 2, 0],
        ['airport', '4', 5, 0],
        ['advertising', 'F', 20, 0],
        ['advertising', 'O', 10, 0],
        ['advertising', 'L', 17, 0],
        ['advertising', 'F,O', 17, 0],
        ['advertising', 'F,L', 30, 0],
        ['advertising', 'F,O,L', 6, 0],
      ]),
    );
    expect(await channels(games, 'airport', 'shapley')).toEqual(close({ 1: 2, 2: 3, 3: 4, 4: 9 }));
    expect(await channels(games, 'advertising', 'shapley')).toEqual(close({ F: 45.5, O: 20.5, L: 34 }));
  });

  it(
    'What a channel loses whose touchpoints are gone goes to the rest of the path, and to nobody where there is none',
    { timeout: 120_000 },
    async () => {
      const whole = companyOf([
        ['lead', 'Email', 2, 0],
        ['lead', 'Display,Email', 3, 0],
        ['lead', 'Display', 1, 0],
      ]);
      const without = { ...whole, touches: whole.touches.filter(({ channel }) => channel !== 'Email') };
      const before = await creditsOf(whole);
      const after = await creditsOf(without);
      for (const model of ['first_touch', 'linear', 'time_decay', 'markov', 'shapley'])
        expect(await credited(after, model), model).toEqual(close({ Display: 4, '(unattributed)': 2 }));
      expect(await credited(before, 'linear')).toEqual(close({ Display: 2.5, Email: 3.5 }));
    },
  );
});

// --- internal ---

function settingsOf({ lookbackDays, halfLifeDays, position, w }: OracleOptions): Record<string, number | string> {
  return {
    lookback_days: lookbackDays,
    half_life_days: halfLifeDays,
    position_first: String(position.first),
    position_last: String(position.last),
    w_first: String(w.first),
    w_lead: String(w.lead),
    w_opportunity: String(w.opportunity),
  };
}

function tablesOf({ touches, conversions }: Company): Record<string, InputRow[]> {
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    given_touchpoints: touches.map(({ id, channel, person, at }) => ({
      touchpoint_id: id,
      person_id: `person ${person}`,
      channel,
      occurred_at: iso(at),
    })),
    given_all_conversions: conversions.map(({ id, type, deal, people, at }) => ({
      conversion_id: id,
      conversion_type: type,
      source: 'crm',
      deal_id: deal,
      person_id: people[0] === undefined ? null : `person ${people[0]}`,
      amount_reporting: '99.99',
      is_new_customer: type === 'customer' ? true : null,
      converted_date: iso(at).slice(0, 10),
      converted_at: iso(at),
    })),
    given_conversion_people: conversions.flatMap(({ id, people }) =>
      people.map((person) => ({ conversion_id: id, person_id: `person ${person}` })),
    ),
  };
}

async function expectCredits(library: BuiltLibrary, own: Company, options: OracleOptions): Promise<void> {
  const expected = oracleCredits(own.touches, own.conversions, options);
  const rows = await library.rows('current_credits');
  const found = new Map(
    rows.map((row) => [
      `${row['conversion_id']} ${row['touchpoint_id']} ${row['attribution_model']}`,
      Number(row['credit']),
    ]),
  );
  expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [key, credit] of expected) expect(Math.abs((found.get(key) ?? 0) - credit), key).toBeLessThan(1e-9);
}

async function expectEffects(library: BuiltLibrary, own: Company, options: OracleOptions): Promise<void> {
  const rows = await library.rows('markov_effects');
  for (const type of new Set(own.conversions.map((conversion) => conversion.type))) {
    const expected = removalEffects(type, own.touches, own.conversions, options);
    const found = new Map(
      rows
        .filter((row) => row['conversion_type'] === type)
        .map((row) => [String(row['channel']), Number(row['removal_effect'])]),
    );
    expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [channel, effect] of expected)
      expect(Math.abs((found.get(channel) ?? 0) - effect), `${type} ${channel}`).toBeLessThan(1e-9);
  }
}

/** Type, channels of a path, how often it converts, how often it does not. */
function companyOf(given: readonly (readonly [string, string, number, number])[]): Company {
  const paths = given.flatMap(([type, path, converting, not]) =>
    Array.from({ length: converting + not }, (_, index) => ({
      type,
      id: `${type} ${path} ${index}`,
      path: path.split(','),
      converts: index < converting,
    })),
  );
  return {
    touches: paths.flatMap(({ id, path }) =>
      path.map((channel, index) => ({ id: `${id} ${index}`, person: id, channel, at: MAY + index * HOUR })),
    ),
    conversions: paths
      .filter(({ converts }) => converts)
      .map(({ id, type }) => ({ id, type, people: [id], deal: null, at: MAY + 100 * HOUR })),
  };
}

/** Credit by channel, what is nobody's included. */
async function credited(library: BuiltLibrary, model: string): Promise<Record<string, number>> {
  const rows = await library.query(
    `select channel, sum(credit) as credit from attribution_credits where attribution_model = '${model}' group by 1`,
  );
  return Object.fromEntries(rows.map(({ channel, credit }) => [String(channel), Number(credit)]));
}

async function channels(library: BuiltLibrary, type: string, model: string): Promise<Record<string, number>> {
  const rows = await library.rows('attribution_channels');
  const own = rows.filter((row) => row['conversion_type'] === type && row['attribution_model'] === model);
  return Object.fromEntries(own.map(({ channel, conversions }) => [String(channel), Number(conversions)]));
}

function close(expected: Record<string, number>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, expect.closeTo(value, 9)]));
}
