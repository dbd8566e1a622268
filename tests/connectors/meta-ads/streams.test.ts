import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startMetaAdsEmulator } from '../../../fixtures/emulators/meta-ads/index.ts';
import { micros, partitionsOf, readDays, readSnapshot, sliceOf, sum, windowStream } from '../reading.ts';
import { connectTo, HOME, NOW, reportsAsked, startSetting, TOKYO, WEST, world, type Setting } from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-07';
const view = world.at(NOW);

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting.close());

describe('accounts', () => {
  it('are those the token reaches, with zone and currency', async () => {
    const rows = await readSnapshot(setting.connection, 'accounts');
    expect(rows.map((row) => [row['account_id'], row['currency'], row['time_zone'], row['status']])).toEqual([
      [TOKYO, 'JPY', 'Asia/Tokyo', 'active'],
      [HOME, 'EUR', 'Europe/Paris', 'active'],
      [WEST, 'EUR', 'America/Los_Angeles', 'active'],
    ]);
  });

  it('are only those that are named, and a name that is not reached is noted', async () => {
    const { connection, notes } = await connectTo(setting.emulator, { accountIds: [`act_${WEST}`, '42'] });
    expect((await partitionsOf(connection, 'campaign_days')).map((partition) => partition.key)).toEqual([
      { account_id: WEST },
    ]);
    expect(notes).toEqual(['account 42 is skipped: it is not among the accounts the token reaches']);
  });

  it('that are closed or disabled are read too, with a note', async () => {
    const accounts = view
      .adAccounts()
      .map((account) => (account.id === WEST ? { ...account, status: 'CANCELED' as const } : account));
    const emulator = await startMetaAdsEmulator({
      world: { at: () => ({ ...view, adAccounts: () => accounts }) },
      now: () => NOW,
    });
    try {
      const { connection, notes } = await connectTo(emulator);
      expect(await partitionsOf(connection, 'campaign_days')).toHaveLength(3);
      expect(notes).toEqual([`account ${WEST} is closed`]);
      expect(await readDays(connection, 'campaign_days', WEST, FROM, TO)).not.toHaveLength(0);
    } finally {
      await emulator.close();
    }
  });
});

describe('the parts of the fact streams', () => {
  it('carry zone, 28 days of restatement and the platform’s 37 months', async () => {
    const parts = await partitionsOf(setting.connection, 'ad_set_days');
    expect(parts.find((part) => part.key['account_id'] === WEST)).toMatchObject({
      timeZone: 'America/Los_Angeles',
      restates: 28,
      earliest: '2023-05-16',
    });
    const { connection } = await connectTo(setting.emulator, { restatementDays: 40 });
    expect(new Set((await partitionsOf(connection, 'action_days')).map((part) => part.restates))).toEqual(
      new Set([40]),
    );
  });

  it('are asked for in reports the platform manages, of seven days, and land several at once', async () => {
    for (const name of ['campaign_days', 'ad_set_days', 'action_days'])
      expect(windowStream(setting.connection, name)).toMatchObject({ sliceDays: 35, restates: 28 });
    const start = reportsAsked(setting.emulator).length;
    const stream = windowStream(setting.connection, 'campaign_days');
    const whole: string[] = [];
    for await (const { through } of stream.read(setting.connection.context, sliceOf(HOME, '2026-05-01', '2026-05-17')))
      if (through !== undefined) whole.push(through);
    expect(reportsAsked(setting.emulator).slice(start)).toEqual([
      '2026-05-01..2026-05-07',
      '2026-05-08..2026-05-14',
      '2026-05-15..2026-05-17',
    ]);
    expect(whole).toEqual(['2026-05-07', '2026-05-14', '2026-05-17']);
  });
});

describe('campaign_days', () => {
  it('hold every fact of the world to the smallest unit, in order of ids no double can hold', async () => {
    for (const accountId of [HOME, WEST, TOKYO]) {
      const rows = await readDays(setting.connection, 'campaign_days', accountId, FROM, TO);
      const facts = [...view.campaignFacts(accountId, FROM, TO)];
      expect(
        rows.map((row) => [
          row['campaign_id'],
          row['date'],
          micros(row['spend']),
          row['impressions'],
          row['link_clicks'],
        ]),
      ).toEqual(
        facts.map((fact) => [
          fact.campaignId,
          fact.day,
          fact.costMicros,
          String(fact.impressions),
          String(fact.clicks),
        ]),
      );
      expect(rows.length).toBeGreaterThan(5);
    }
  });

  it('leave money of a currency without a smaller unit whole', async () => {
    const rows = await readDays(setting.connection, 'campaign_days', TOKYO, FROM, TO);
    expect(rows.every((row) => /^\d{4,}$/.test(String(row['spend'])) && row['currency'] === 'JPY')).toBe(true);
  });

  it('keep deleted campaigns, which the platform leaves out unless it is asked for them', async () => {
    const deleted = view.campaigns(HOME).find((campaign) => campaign.status === 'REMOVED')?.id;
    const [day = ''] = [...view.campaignFacts(HOME, '2025-06-01', '2025-06-30')]
      .filter((fact) => fact.campaignId === deleted)
      .map((fact) => fact.day);
    const rows = await readDays(setting.connection, 'campaign_days', HOME, day, day);
    expect(rows.map((row) => row['campaign_id'])).toContain(deleted);
    const totals = await windowStream(setting.connection, 'campaign_days').controlTotals?.(
      setting.connection.context,
      sliceOf(HOME, day, day),
    );
    expect(micros(totals?.['spend'])).toBe(sum(rows.map((row) => micros(row['spend']))));
  });

  it('agree with the account’s own total; a running day has none', async () => {
    const stream = windowStream(setting.connection, 'campaign_days');
    for (const accountId of [HOME, TOKYO]) {
      const rows = await readDays(setting.connection, 'campaign_days', accountId, FROM, TO);
      const totals = await stream.controlTotals?.(setting.connection.context, sliceOf(accountId, FROM, TO));
      expect(micros(totals?.['spend'])).toBe(sum(rows.map((row) => micros(row['spend']))));
      expect(BigInt(totals?.['impressions'] ?? '')).toBe(sum(rows.map((row) => BigInt(String(row['impressions'])))));
    }
    expect(await stream.controlTotals?.(setting.connection.context, sliceOf(HOME, '2026-06-10', '2026-06-15'))).toEqual(
      {},
    );
    expect(await stream.controlTotals?.(setting.connection.context, sliceOf(HOME, '2024-06-10', '2024-06-12'))).toEqual(
      { spend: '0', impressions: '0' },
    );
  });

  it('have days of the account’s zone: an account ahead of UTC has today, one behind has not', async () => {
    const now = '2026-06-14T22:00:00.000Z';
    const { connection } = await connectTo(setting.emulator, {}, now);
    setting.emulator.setNow(now);
    try {
      expect(
        (await readDays(connection, 'campaign_days', TOKYO, '2026-06-15', '2026-06-15')).map((row) => row['date']),
      ).toContain('2026-06-15');
      const start = reportsAsked(setting.emulator).length;
      expect(await readDays(connection, 'campaign_days', WEST, '2026-06-15', '2026-06-15')).toEqual([]);
      await readDays(connection, 'campaign_days', WEST, '2026-06-10', '2026-06-15');
      expect(reportsAsked(setting.emulator).slice(start)).toEqual(['2026-06-10..2026-06-14']);
    } finally {
      setting.emulator.setNow(NOW);
    }
  });

  it('follow the platform when it restates and drops rows', async () => {
    const early = '2026-05-08T12:00:00.000Z';
    setting.emulator.setNow(early);
    const before = await connectTo(setting.emulator, {}, early);
    const first = await readDays(before.connection, 'campaign_days', HOME, FROM, TO);
    setting.emulator.setNow(NOW);
    const second = await readDays(setting.connection, 'campaign_days', HOME, FROM, TO);
    expect(second).not.toEqual(first);
    expect(second).toHaveLength([...view.campaignFacts(HOME, FROM, TO)].length);
  });
});

describe('ad_set_days', () => {
  it('sum to their campaigns, deleted ad sets included', async () => {
    const rows = await readDays(setting.connection, 'ad_set_days', HOME, '2025-06-01', '2025-06-07');
    const campaigns = await readDays(setting.connection, 'campaign_days', HOME, '2025-06-01', '2025-06-07');
    expect(sum(rows.map((row) => micros(row['spend'])))).toBe(sum(campaigns.map((row) => micros(row['spend']))));
    const removed = new Set(
      view
        .adGroups(HOME)
        .filter((adSet) => adSet.status === 'REMOVED')
        .map((adSet) => adSet.id),
    );
    expect(rows.some((row) => removed.has(String(row['ad_set_id'])))).toBe(true);
    expect(rows[0]).toMatchObject({ ad_set_name: expect.stringContaining('Group') as string });
  });
});

describe('ads', () => {
  it('sum to their ad sets by day, and know their creative with what it adds to links', async () => {
    const [from, to] = ['2025-06-01', '2025-06-03'];
    const ads = await readDays(setting.connection, 'ad_days', HOME, from, to);
    const adSets = await readDays(setting.connection, 'ad_set_days', HOME, from, to);
    const bySet = (rows: typeof ads): Map<string, bigint> => {
      const sums = new Map<string, bigint>();
      for (const row of rows) {
        const key = `${String(row['date'])} ${String(row['ad_set_id'])}`;
        sums.set(key, (sums.get(key) ?? 0n) + micros(row['spend']));
      }
      return sums;
    };
    expect(ads.length).toBeGreaterThan(adSets.length);
    expect(bySet(ads)).toEqual(bySet(adSets));
    const listed = await readSnapshot(setting.connection, 'ads', { account_id: HOME });
    expect(listed).toHaveLength(view.adGroups(HOME).length * 2);
    expect(new Set(listed.map((row) => row['effective_status']))).toContain('DELETED');
    const creatives = await readSnapshot(setting.connection, 'ad_creatives', { account_id: HOME });
    const shown = listed.find((row) => row['ad_id'] === ads[0]?.['ad_id']);
    expect(creatives.find((row) => row['creative_id'] === shown?.['creative_id'])).toMatchObject({
      url_tags: 'utm_source=facebook&utm_campaign={{campaign.id}}',
      name: expect.stringContaining('✓') as string,
    });
  });
});

describe('action_days', () => {
  it('have a row per action type and window, one of them the canonical one', async () => {
    const rows = await readDays(setting.connection, 'action_days', HOME, FROM, TO);
    const campaign = rows.find((row) => row['action_type'] === 'lead')?.['campaign_id'];
    const day = rows.find((row) => row['action_type'] === 'lead')?.['date'];
    const facts = [...view.conversionFacts(HOME, String(day), String(day))].filter(
      (fact) => fact.campaignId === campaign,
    );
    const leadAction = view.conversionActions(HOME).find((action) => action.category === 'SUBMIT_LEAD_FORM')?.id;
    const leads = Math.ceil(facts.find((fact) => fact.conversionActionId === leadAction)?.allConversions ?? 0);
    const of = (type: string) =>
      rows.filter((row) => row['campaign_id'] === campaign && row['date'] === day && row['action_type'] === type);
    expect(of('lead').find((row) => row['attribution_window'] === '28d_click')?.['conversions']).toBe(leads);
    expect(of('offsite_conversion.fb_pixel_lead').map((row) => row['conversions'])).toEqual(
      of('lead').map((row) => row['conversions']),
    );
    expect(new Set(rows.map((row) => row['attribution_window']))).toEqual(
      new Set(['default', '1d_click', '7d_click', '28d_click', '1d_view']),
    );
    expect(
      new Set(
        rows.filter((row) => row['is_canonical']).map((row) => `${row['action_type']} ${row['attribution_window']}`),
      ),
    ).toEqual(new Set(['lead default']));
    const keys = rows.map((row) =>
      ['campaign_id', 'date', 'action_type', 'attribution_window'].map((name) => row[name]).join(),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are counted by the action the project names, for one account or all', async () => {
    const canonicalAction = { [`act_${HOME}`]: 'purchase' };
    const { connection } = await connectTo(setting.emulator, { canonicalAction });
    const canonical = async (accountId: string) => [
      ...new Set(
        (await readDays(connection, 'action_days', accountId, '2026-04-01', '2026-04-28'))
          .filter((row) => row['is_canonical'])
          .map((row) => row['action_type']),
      ),
    ];
    expect(await canonical(HOME)).toEqual(['purchase']);
    expect(await canonical(WEST)).toEqual([]);
  });
});

describe('snapshots per account', () => {
  it('hold campaigns and ad sets as they are, deleted ones included, over pages', async () => {
    const campaigns = await readSnapshot(setting.connection, 'campaigns', { account_id: HOME });
    expect(campaigns.map((row) => [row['campaign_id'], row['name'], row['status']])).toEqual(
      view
        .campaigns(HOME)
        .map(({ id, name, status }) => [id, name, { ENABLED: 'ACTIVE', PAUSED: 'PAUSED', REMOVED: 'DELETED' }[status]]),
    );
    const adSets = await readSnapshot(setting.connection, 'ad_sets', { account_id: HOME });
    expect(adSets.map((row) => row['ad_set_id'])).toEqual(view.adGroups(HOME).map(({ id }) => id));
    expect(adSets[0]).toMatchObject({ click_through_days: '7', view_through_days: '1' });
  });
});
