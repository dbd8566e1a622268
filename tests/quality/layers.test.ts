import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  acknowledge,
  judge,
  layersOf,
  LAYERS,
  readReadiness,
  recordShown,
  redPipeline,
  type Check,
  type LayerStatus,
  type Readiness,
} from '../../src/quality/index.ts';
import { aboutPipeline } from '../../src/cli/cac-words.ts';
import { adviceFor, stackLines } from '../../src/cli/status.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

const check = (name: string, ...tags: string[]): Check => ({
  name,
  description: name,
  tags,
  isByDay: false,
  remedy: 'look',
});
const CHECKS = [
  check('freshness', 'data'),
  check('own', 'of no layer'),
  check('definition_conflicts', 'pipeline', 'definitions'),
  check('utm', 'attribution'),
];
const NOW = new Date('2026-03-02T06:00:00Z');

/** A company of which everything is known. */
const SOUND: Readiness = {
  as_of_date: '2026-03-02',
  has_spend: true,
  has_deals: true,
  has_events: true,
  known_people: 200,
  linked_people: 150,
  leads: 200,
  qualified_leads: 90,
  wins: 100,
  traced_wins: 70,
  monthly_conversions: 120,
  spend_channels: 3,
  channels: 5,
  median_cycle_days: 40,
  p90_cycle_days: 80,
  history_weeks: 60,
  would_spreadsheet_do: false,
};

for (const engine of engines) {
  describe(`layers on ${engine}`, () => {
    let test: TestWarehouse;
    beforeEach(async () => {
      test = await openTestWarehouse(engine);
      await migrateState(test.warehouse, () => NOW);
      await test.warehouse.script('create schema marts; create schema quality');
      for (const { name } of CHECKS) {
        await test.warehouse.execute(
          `create table quality.${name} (subject text, day date, severity text, detail text)`,
        );
      }
    });
    afterEach(() => test.dispose());

    /** The status of a company that is sound but for what is given. */
    const statusOf = async (
      change: Partial<Readiness>,
      ...findings: [check: string, severity: string][]
    ): Promise<LayerStatus> => {
      const row = Object.entries({ ...SOUND, ...change } as Readiness);
      const values = row.map(([name, value]) => `${literalOf(value)} as ${name}`);
      await test.warehouse.execute(`create table marts.readiness as select ${values.join(', ')}`);
      for (const [name, severity] of findings) {
        await test.warehouse.execute(
          `insert into quality.${name} values ('${name} of x', null, '${severity}', 'told')`,
        );
      }
      const readiness = await readReadiness(test.warehouse);
      const judgement = await judge(test.warehouse, { now: NOW, freshnessHours: 26, gate: 'stamp' }, CHECKS);
      return layersOf(judgement, readiness, { leastTraced: 0.7, hasLock: true });
    };
    const states = ({ layers }: LayerStatus): string => layers.map(({ state }) => state).join(' ');

    it('stand where nothing is wrong; the last two are not measured', async () => {
      const status = await statusOf({});
      expect(states(status)).toBe('green green green ready ready');
      expect(status.binding).toBeNull();
    });

    it('are bound by attribution where wins have no trace to a first touch, just below the share', async () => {
      const status = await statusOf({ traced_wins: 69 });
      expect(status.binding).toEqual({
        layer: 'attribution',
        because: ['no trace from a won deal to its first touch: 69 of 100 wins have one'],
      });
      expect(states(status)).toBe('green green red blocked blocked');
      expect(status.layers[3]?.because).toEqual(['attribution is red']);
    });

    it('are bound by the pipeline where definitions conflict, whatever is wrong above it', async () => {
      const status = await statusOf({ traced_wins: 0 }, ['definition_conflicts', 'warning']);
      expect(status.binding).toEqual({
        layer: 'pipeline',
        because: ['conflicting definitions: definition_conflicts of x'],
      });
      expect(states(status)).toBe('green red red blocked blocked');
    });

    it('a red pipeline is told with what the next customer costs, until it is answered for or mended', async () => {
      const about = async (): Promise<string[]> =>
        aboutPipeline(
          redPipeline(await judge(test.warehouse, { now: NOW, freshnessHours: 26, gate: 'stamp' }, CHECKS)),
        );
      expect(await about()).toEqual([]);
      await statusOf({}, ['definition_conflicts', 'warning'], ['utm', 'error']);
      expect(await about()).toEqual([
        'The layer pipeline is red (conflicting definitions: definition_conflicts of x): what the next customer costs stands on definitions that do not hold. `revops check pipeline` says what to do.',
      ]);
      await answerAll(test);
      expect(await about()).toEqual([]);
    });

    it.each<[string, Partial<Readiness>, string]>([
      [
        'no qualified lead',
        { qualified_leads: 0 },
        'no agreed qualified lead: of the leads of 90 days none became an mql or sql',
      ],
      ['silos', { linked_people: 9 }, 'silos: of 200 people in the CRM 9 are known to another system'],
      ['no spend', { has_spend: false }, 'no ad spend'],
      ['no CRM', { has_deals: false }, 'no CRM: there are no deals'],
    ])('are bound by the data where there is %s, whatever is wrong above it', async (_, change, because) => {
      const status = await statusOf({ traced_wins: 0, ...change }, ['definition_conflicts', 'warning']);
      expect(status.binding).toEqual({ layer: 'data', because: [because] });
    });

    it('are red by errors of their checks, and only looked at by warnings; who answers for one mends it', async () => {
      const status = await statusOf(
        { linked_people: 10 },
        ['freshness', 'error'],
        ['own', 'error'],
        ['utm', 'warning'],
      );
      expect(states(status)).toBe('red green warnings blocked blocked');
      expect(status.binding?.because).toEqual(['freshness: freshness of x', 'own: own of x']);
      expect(status.layers[2]).toMatchObject({ because: [], checks: ['utm'] });
      await answerAll(test);
      const judgement = await judge(test.warehouse, { now: NOW, freshnessHours: 26, gate: 'stamp' }, CHECKS);
      const mended = layersOf(judgement, SOUND, { leastTraced: 0.7, hasLock: false });
      expect(states(mended)).toBe('green green red blocked blocked');
      expect(mended.binding?.because).toEqual(['no attribution lock']);
    });

    it('need four weeks of history before forecasts', async () => {
      const status = await statusOf({ history_weeks: 3 });
      expect(status.layers[3]).toEqual({
        layer: 'forecasting',
        state: 'blocked',
        because: ['insufficient history: 3 of 4 weeks'],
        checks: [],
      });
      expect(status.binding).toBeNull();
      expect(states(await layersAgain(test, { history_weeks: 4 }))).toBe('green green green ready ready');
    });
  });
}

describe('the stack in revops status', () => {
  it('is told where it is worse than allowed, a line per measure', () => {
    const measured = { out_of: 26, share: null, is_bad: true };
    expect(
      stackLines([
        { measure: 'dead_source', subject: 'ads.days 1', ...measured, found: 60.5 },
        { measure: 'dead_source', subject: 'crm.deals', ...measured, found: 2, is_bad: false },
        { measure: 'dead_source', subject: 'crm.companies', ...measured, found: null },
        { measure: 'duplicate_contacts', subject: 'hubspot', ...measured, found: 100, out_of: 2000 },
        { measure: 'unknown_source', subject: 'hubspot', ...measured, found: 3, out_of: 25 },
        { measure: 'unused_field', subject: 'hubspot contacts.phone', ...measured, found: 0, out_of: 2000 },
      ]),
    ).toEqual([
      'Sources that ended: ads.days 1 (60 hours ago), crm.companies (never loaded).',
      'Contacts that are there twice: hubspot 100 of 2,000 (5 %).',
      'Contacts of 90 days whose source nobody knows: hubspot 3 of 25 (12 %).',
      'Fields that nobody fills: hubspot contacts.phone (of 2,000).',
    ]);
  });
});

describe('the advice of revops status', () => {
  it('says that a spreadsheet would do, or what speaks against it', () => {
    const small = {
      ...SOUND,
      monthly_conversions: 80,
      spend_channels: 1,
      median_cycle_days: 12,
      would_spreadsheet_do: true,
    };
    expect(adviceFor(small, 100)).toEqual([
      'A spreadsheet would do: 80 conversions a month, 1 channel with spend, half of the customers within 12 days.',
    ]);
    expect(adviceFor(SOUND, 100)).toEqual([
      'A warehouse is worth it: 120 conversions a month, 3 channels with spend, half of the customers within 40 days. More than two channels feed one pipeline: attribute before you compare them.',
    ]);
    expect(adviceFor({ ...SOUND, monthly_conversions: 99, spend_channels: 2, median_cycle_days: null }, 100)).toEqual([
      'A warehouse is worth it: 99 conversions a month, 2 channels with spend, no cycle known. Few conversions: expect wide intervals.',
    ]);
    expect(LAYERS).toHaveLength(5);
  });
});

// --- internal ---

function literalOf(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `cast('${value}' as date)` : String(value);
}

/** Somebody answers for all that is found. */
async function answerAll({ warehouse }: TestWarehouse): Promise<void> {
  await recordShown(warehouse, CHECKS, NOW);
  const times = { acknowledgedAt: NOW.toISOString(), expiresAt: '2026-04-01T00:00:00.000Z' };
  const { findings } = await judge(warehouse, { now: NOW, freshnessHours: 26, gate: 'stamp' }, CHECKS);
  for (const { check: name, subject, id, severity } of findings)
    await acknowledge(warehouse, { check: name, subject, finding: id, severity, reason: 'known', by: 'ann', ...times });
}

async function layersAgain(test: TestWarehouse, change: Partial<Readiness>): Promise<LayerStatus> {
  const judgement = await judge(test.warehouse, { now: NOW, freshnessHours: 26, gate: 'stamp' }, CHECKS);
  return layersOf(judgement, { ...SOUND, ...change } as Readiness, { leastTraced: 0.7, hasLock: true });
}
