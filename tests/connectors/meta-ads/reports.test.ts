/** Asynchronous reports: their course, failures, parts, and ids that outlive an interruption. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FAILED, type JobStep } from '../../../fixtures/emulators/meta-ads/jobs.ts';
import type { KeptValues } from '../../../src/connector/contract.ts';
import { readDays, thrown } from '../reading.ts';
import { connectTo, HOME, NOW, reportsAsked, startSetting, world, type Setting } from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-07';
const DONE: JobStep = { status: 'Job Completed', percent: 100 };
const facts = [...world.at(NOW).campaignFacts(HOME, FROM, TO)];

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting();
});
afterEach(() => setting.close());

const read = (from = FROM, to = TO, { connection } = setting) => readDays(connection, 'campaign_days', HOME, from, to);
const polls = (): number =>
  setting.emulator.requests.filter(({ method, url }) => method === 'GET' && /\/\d+$/.test(url.pathname)).length;

/** Another connection, as the next run makes it, with what the one before has kept. */
async function nextRun(kept: KeptValues, now = NOW): Promise<Setting> {
  const { connection, notes } = await connectTo(setting.emulator, {}, now);
  return { ...setting, connection: { ...connection, context: { ...connection.context, kept } }, notes };
}

describe('a report', () => {
  it('is read once it is completed and at 100 percent, not when it only says so', async () => {
    expect(await read()).toHaveLength(facts.length);
    expect(polls()).toBe(4);
  });

  it('is asked for day by day, with the windows that are still answered and with deleted campaigns', async () => {
    await readDays(setting.connection, 'action_days', HOME, FROM, TO);
    expect(JSON.parse(setting.emulator.requests.find(({ method }) => method === 'POST')?.body ?? '')).toMatchObject({
      level: 'campaign',
      time_increment: 1,
      time_range: { since: FROM, until: TO },
      action_attribution_windows: ['1d_click', '7d_click', '28d_click', '1d_view'],
      filtering: [
        {
          field: 'campaign.effective_status',
          operator: 'IN',
          value: expect.arrayContaining(['ARCHIVED', 'DELETED']) as unknown,
        },
      ],
    });
  });

  it('is read over pages by cursor, never by the link that carries the token', async () => {
    setting.emulator.setLimits({ pageRows: 5 });
    expect(await read()).toHaveLength(facts.length);
    const pages = setting.emulator.requests
      .filter(({ url }) => /\/\d+\/insights$/.test(url.pathname))
      .map(({ url }) => url.searchParams);
    expect(pages[0]?.get('limit')).toBe('500');
    const others = pages.filter((page) => page.has('after'));
    expect(others.length).toBeGreaterThan(1);
    expect(others.every((page) => page.get('limit') === '5' && !page.has('fields'))).toBe(true);
  });

  it.each(['job_failed', 'job_skipped'])('is asked for once more when it fails: %s', async (special) => {
    setting.emulator.inject({ match: 'POST .*/insights', special });
    expect(await read()).toHaveLength(facts.length);
    expect(reportsAsked(setting.emulator)).toEqual([`${FROM}..${TO}`, `${FROM}..${TO}`]);
  });

  it('is asked for in halves when it fails twice', async () => {
    setting.emulator.inject({ match: 'POST .*/insights', special: 'job_failed', times: 2 });
    expect(await read()).toHaveLength(facts.length);
    expect(reportsAsked(setting.emulator).slice(2)).toEqual(['2026-05-01..2026-05-03', '2026-05-04..2026-05-07']);
  });

  it('is given up when it takes too long, and asked for in halves', async () => {
    setting.emulator.setCourse([{ status: 'Job Running', percent: 5 }]);
    const { connection } = await connectTo(setting.emulator, { reportMinutes: 0.002 });
    const error = await thrown(readDays(connection, 'campaign_days', HOME, FROM, FROM));
    expect(connection.classify(error)).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(/was not ready after 0.002 minutes/) as string,
    });
    expect(reportsAsked(setting.emulator).length).toBeGreaterThan(1);
  });
});

describe('a report that is too much', () => {
  it.each(['reduce', 'timed_out'])(
    'when it is asked for is split, without being tried again as it was: %s',
    async (special) => {
      setting.emulator.inject({ match: 'POST .*/insights', special });
      expect(await read()).toHaveLength(facts.length);
      expect(reportsAsked(setting.emulator)).toEqual([
        `${FROM}..${TO}`,
        '2026-05-01..2026-05-03',
        '2026-05-04..2026-05-07',
      ]);
    },
  );

  it('while it is made is split by days, then by campaigns, and nothing is lost or doubled', async () => {
    setting.emulator.setCourse([DONE]);
    setting.emulator.setLimits({ refuseRows: 1 });
    const [from, to] = ['2025-06-02', '2025-06-03'];
    const known = [...world.at(NOW).campaignFacts(HOME, from, to)];
    const rows = await read(from, to);
    expect(rows.map((row) => `${row['date']} ${row['campaign_id']}`)).toEqual(
      known.map((fact) => `${fact.day} ${fact.campaignId}`),
    );
    expect(reportsAsked(setting.emulator)).toEqual([
      `${from}..${to}`,
      ...[from, to].flatMap((day) => [
        `${day}..${day}`,
        `${day}..${day} 2 campaigns`,
        `${day}..${day} 1 campaigns`,
        `${day}..${day} 1 campaigns`,
        `${day}..${day} 1 campaigns`,
      ]),
    ]);
  });

  it('for one campaign and day is an error that says so', async () => {
    setting.emulator.setLimits({ refuseRows: 0 });
    const error = await thrown(read(FROM, FROM));
    expect(error).toMatchObject({
      code: 'REQUEST_REJECTED',
      hint: expect.stringMatching(/single campaign and day/) as string,
    });
  });

  it('page by page is read in smaller pages', async () => {
    setting.emulator.setLimits({ pageRows: 10 });
    expect(await read()).toHaveLength(facts.length);
    expect(reportsAsked(setting.emulator)).toHaveLength(1);
  });
});

describe('the id of a report', () => {
  const values = new Map<string, string>();
  const kept: KeptValues = {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void (value === null ? values.delete(key) : values.set(key, value)),
  };
  beforeEach(() => values.clear());

  async function interrupted(now = NOW): Promise<void> {
    // The results cannot be read, again and again: the run fails with the report made.
    setting.emulator.inject({ match: 'GET .*/insights', special: 'permission_10' });
    await thrown(read(FROM, TO, await nextRun(kept, now)));
    expect(values.size).toBe(1);
  }

  it('is used by the next run, which asks for nothing again, and is forgotten then', async () => {
    await interrupted();
    expect(await read(FROM, TO, await nextRun(kept))).toHaveLength(facts.length);
    expect(reportsAsked(setting.emulator)).toHaveLength(1);
    expect(values.size).toBe(0);
    await read(FROM, TO, await nextRun(kept));
    expect(reportsAsked(setting.emulator)).toHaveLength(2);
  });

  it('of a part is used too, and a part known to be too large is not tried whole', async () => {
    setting.emulator.setLimits({ refuseRows: facts.length - 1 });
    setting.emulator.inject({ match: 'GET .*/insights', after: 1, special: 'permission_10' });
    await thrown(read(FROM, TO, await nextRun(kept)));
    const before = reportsAsked(setting.emulator);
    expect(before).toEqual([`${FROM}..${TO}`, '2026-05-01..2026-05-03', '2026-05-04..2026-05-07']);
    expect(await read(FROM, TO, await nextRun(kept))).toHaveLength(facts.length);
    expect(reportsAsked(setting.emulator)).toEqual(before);
  });

  it('is not used on another day of the account, when more is known and days have become final', async () => {
    const evening = '2026-05-08T20:00:00.000Z';
    setting.emulator.setNow(evening);
    await interrupted(evening);
    // Still 8 May in UTC, but the 9th in the account's zone.
    const night = '2026-05-08T22:30:00.000Z';
    setting.emulator.setNow(night);
    const rows = await read(FROM, TO, await nextRun(kept, night));
    expect(reportsAsked(setting.emulator)).toHaveLength(2);
    const known = [...world.at(night).campaignFacts(HOME, FROM, TO)];
    expect(rows.map((row) => row['impressions'])).toEqual(known.map((fact) => String(fact.impressions)));
  });

  it('that the platform no longer knows is replaced', async () => {
    values.set(HOME, JSON.stringify({ day: '2026-06-15', reports: { [`${FROM}..${TO}`]: '999' } }));
    expect(await read(FROM, TO, await nextRun(kept))).toHaveLength(facts.length);
    expect(reportsAsked(setting.emulator)).toHaveLength(1);
  });

  it('of a failed report is not used again', async () => {
    setting.emulator.setCourse([FAILED]);
    const error = await thrown(read(FROM, FROM, await nextRun(kept)));
    expect(error.message).toMatch(/Job Failed \(-2 2490547/);
    setting.emulator.setCourse([DONE]);
    expect(await read(FROM, FROM, await nextRun(kept))).not.toHaveLength(0);
  });
});
