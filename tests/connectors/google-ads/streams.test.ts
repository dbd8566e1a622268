import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { micros, partitionsOf, readDays, readSnapshot, sliceOf, sum, windowStream } from '../reading.ts';
import { AMERICA, EUROPE, connectTo, NOW, startSetting, world, type Setting } from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-31';
const view = world.at(NOW);

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting.close());

describe('accounts', () => {
  it('are found below managers and directly, each once, closed ones noted and not read', async () => {
    const rows = await readSnapshot(setting.connection, 'accounts');
    expect(rows.map((row) => row['account_id'])).toEqual(['1000000001', EUROPE, AMERICA, '2000000003']);
    expect(rows[1]).toMatchObject({
      name: 'Example Deutschland',
      currency: 'EUR',
      time_zone: 'Europe/Paris',
      status: 'ENABLED',
      is_manager: false,
      login_customer_id: EUROPE,
    });
    expect(rows[2]).toMatchObject({ time_zone: 'America/New_York', login_customer_id: '1000000001' });
    const partitions = await partitionsOf(setting.connection, 'campaign_days');
    expect(partitions.map((partition) => partition.key)).toEqual([{ account_id: EUROPE }, { account_id: AMERICA }]);
    expect(setting.notes).toContain('account 2000000003 is canceled: its history is kept, nothing new is read');
  });

  it('are read through the manager that is given, and only the ones that are given', async () => {
    const { connection } = await connectTo(setting.emulator, {
      loginCustomerId: '100-000-0001',
      customerIds: ['200-000-0002', '999-999-9999'],
    });
    const partitions = await partitionsOf(connection, 'clicks');
    expect(partitions.map((partition) => partition.key['account_id'])).toEqual([AMERICA]);
    expect(await readDays(connection, 'campaign_days', AMERICA, TO, TO)).not.toHaveLength(0);
  });

  it('of which a directly reached one is closed do not fail the run', async () => {
    const direct = {
      ...world,
      at: (now: string) => ({
        ...world.at(now),
        adAccounts: () =>
          world
            .at(now)
            .adAccounts()
            .map((account) => ({ ...account, isDirectlyAccessible: true })),
      }),
    };
    const closed = await startSetting({ world: direct });
    try {
      expect((await readSnapshot(closed.connection, 'accounts')).map((row) => row['account_id'])).toEqual([
        '1000000001',
        EUROPE,
        AMERICA,
        '2000000003',
      ]);
      expect(closed.notes.join('\n')).toMatch(/account 2000000003 is skipped: it is cancelled/);
    } finally {
      await closed.close();
    }
  });
});

describe('the parts of the fact streams', () => {
  it('carry zone, restatement window of the enabled actions and three days, and the platform’s retention', async () => {
    const [europe, america] = await partitionsOf(setting.connection, 'campaign_days');
    expect(europe).toMatchObject({ timeZone: 'Europe/Paris', restates: 33, earliest: '2023-05-16' });
    expect(america).toMatchObject({ timeZone: 'America/New_York', restates: 17 });
    const [clicks] = await partitionsOf(setting.connection, 'clicks');
    expect(clicks).toMatchObject({ earliest: '2026-03-18' });
    expect(clicks?.restates).toBeUndefined();
    expect(windowStream(setting.connection, 'clicks').restates).toBe(2);
  });

  it('take the restatement window from the options where it is given', async () => {
    const { connection } = await connectTo(setting.emulator, { restatementDays: 5 });
    expect((await partitionsOf(connection, 'ad_group_days')).map((partition) => partition.restates)).toEqual([5, 5]);
  });
});

describe('campaign_days', () => {
  it('hold every fact of the world to the micro, Performance Max and removed campaigns included', async () => {
    for (const accountId of [EUROPE, AMERICA]) {
      const rows = await readDays(setting.connection, 'campaign_days', accountId, FROM, TO);
      const facts = [...view.campaignFacts(accountId, FROM, TO)];
      expect(rows).toHaveLength(facts.length);
      for (const [index, fact] of facts.entries()) {
        expect(rows[index]).toMatchObject({
          account_id: accountId,
          campaign_id: fact.campaignId,
          date: fact.day,
          impressions: String(fact.impressions),
          clicks: String(fact.clicks),
          conversions: fact.conversions,
          all_conversions: fact.allConversions,
        });
        expect(micros(rows[index]?.['cost'])).toBe(fact.costMicros);
        expect(micros(rows[index]?.['conversions_value'])).toBe(BigInt(Math.round(fact.conversionsValue * 1e6)));
      }
      expect(new Set(rows.map((row) => row['channel_type']))).toContain('PERFORMANCE_MAX');
    }
    const removed = view.campaigns(AMERICA).find((campaign) => campaign.status === 'REMOVED');
    const days = [...view.campaignFacts(AMERICA, '2025-01-01', '2026-06-15')]
      .filter((fact) => fact.campaignId === removed?.id)
      .map((fact) => fact.day);
    const [day = ''] = days;
    expect(
      (await readDays(setting.connection, 'campaign_days', AMERICA, day, day)).map((row) => row['campaign_id']),
    ).toContain(removed?.id);
  });

  it('keep ids beyond 2^53', async () => {
    const rows = await readDays(setting.connection, 'campaign_days', EUROPE, FROM, TO);
    expect(rows.map((row) => row['campaign_id'])).toContain('9007199254740993');
  });

  it('count what ad groups do not: Performance Max has none, so their sum is smaller', async () => {
    const campaigns = await readDays(setting.connection, 'campaign_days', EUROPE, FROM, TO);
    const groups = await readDays(setting.connection, 'ad_group_days', EUROPE, FROM, TO);
    const cost = (rows: typeof campaigns): bigint => sum(rows.map((row) => micros(row['cost'])));
    expect(cost(groups)).toBeLessThan(cost(campaigns));
    expect(cost(groups)).toBe(sum([...view.adGroupFacts(EUROPE, FROM, TO)].map((fact) => fact.costMicros)));
    expect(cost(campaigns)).toBe(sum([...view.campaignFacts(EUROPE, FROM, TO)].map((fact) => fact.costMicros)));
    expect(new Set(groups.map((row) => row['channel_type']))).not.toContain('PERFORMANCE_MAX');
    expect(new Set(groups.map((row) => row['ad_group_id'])).size).toBeGreaterThan(3);
  });

  it('have asset groups below them for Performance Max only, which are a part of it and no total', async () => {
    const campaigns = await readDays(setting.connection, 'campaign_days', EUROPE, FROM, TO);
    const groups = await readDays(setting.connection, 'asset_group_days', EUROPE, FROM, TO);
    const cost = (rows: typeof campaigns): bigint => sum(rows.map((row) => micros(row['cost'])));
    const whole = campaigns.filter((row) => row['channel_type'] === 'PERFORMANCE_MAX');
    expect(new Set(groups.map((row) => row['channel_type']))).toEqual(new Set(['PERFORMANCE_MAX']));
    expect(cost(groups)).toBeLessThan(cost(whole));
    expect(cost(groups)).toBeGreaterThan((cost(whole) * 9n) / 10n);
    expect(groups[0]).toMatchObject({
      account_id: EUROPE,
      asset_group_name: 'Everyone',
      asset_group_status: 'ENABLED',
    });
    expect(groups[0]).not.toHaveProperty('view_through_conversions');
    const listed = await readSnapshot(setting.connection, 'asset_groups', { account_id: EUROPE });
    expect(listed).toHaveLength(2);
    expect(listed[0]).toMatchObject({ campaign_id: whole[0]?.['campaign_id'], ad_strength: 'GOOD' });
    expect(new Set(groups.map((row) => row['asset_group_id']))).toEqual(
      new Set(listed.map((row) => row['asset_group_id'])),
    );
  });

  it('agree with the control totals of the account', async () => {
    const rows = await readDays(setting.connection, 'campaign_days', AMERICA, FROM, TO);
    const stream = windowStream(setting.connection, 'campaign_days');
    const slice = {
      kind: 'window' as const,
      partition: { key: { account_id: AMERICA }, label: '' },
      from: FROM,
      to: TO,
    };
    const totals = await stream.controlTotals?.(setting.connection.context, slice);
    expect(micros(totals?.['cost'])).toBe(sum(rows.map((row) => micros(row['cost']))));
    expect(BigInt(totals?.['clicks'] ?? '')).toBe(sum(rows.map((row) => BigInt(String(row['clicks'])))));
    expect(await stream.controlTotals?.(setting.connection.context, { ...slice, to: '2026-06-15' })).toEqual({});
  });

  it('follow the platform when it restates and drops rows', async () => {
    const early = '2026-05-03T12:00:00.000Z';
    const before = await connectTo(setting.emulator, {}, early);
    setting.emulator.setNow(early);
    const first = await readDays(before.connection, 'campaign_days', EUROPE, '2026-04-01', '2026-05-02');
    setting.emulator.setNow(NOW);
    const second = await readDays(setting.connection, 'campaign_days', EUROPE, '2026-04-01', '2026-05-02');
    expect(second).not.toEqual(first);
    expect(second).toHaveLength([...view.campaignFacts(EUROPE, '2026-04-01', '2026-05-02')].length);
  });

  it('have days of the account’s zone, and never a day that has not begun there', async () => {
    const now = '2026-06-15T02:00:00.000Z';
    const { connection } = await connectTo(setting.emulator, {}, now);
    setting.emulator.setNow(now);
    const start = setting.emulator.requests.length;
    const rows = await readDays(connection, 'campaign_days', AMERICA, '2026-06-10', '2026-06-15');
    expect(rows.map((row) => row['date'])).not.toContain('2026-06-15');
    expect(await readDays(connection, 'campaign_days', AMERICA, '2026-06-15', '2026-06-15')).toEqual([]);
    const asked = setting.emulator.requests
      .slice(start)
      .map((request) => request.body)
      .filter((body) => body.includes('segments.date'));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("'2026-06-14'");
    expect(asked[0]).not.toContain('2026-06-15');
    expect(
      (await readDays(connection, 'campaign_days', EUROPE, '2026-06-15', '2026-06-15')).length,
    ).toBeGreaterThanOrEqual(0);
    setting.emulator.setNow(NOW);
    expect(rows.every((row) => row['account_time_zone'] === 'America/New_York')).toBe(true);
  });
});

describe('conversion_action_days', () => {
  it('hold the claims of the world, by action, with the one that counts marked', async () => {
    const rows = await readDays(setting.connection, 'conversion_action_days', EUROPE, FROM, TO);
    const facts = [...view.conversionFacts(EUROPE, FROM, TO)];
    expect(rows).toHaveLength(facts.length);
    expect(
      rows.map((row) => [row['conversion_action_id'], row['date'], row['conversions'], row['all_conversions']]),
    ).toEqual(facts.map((fact) => [fact.conversionActionId, fact.day, fact.conversions, fact.allConversions]));
    expect(new Set(rows.filter((row) => row['is_canonical']).map((row) => row['conversion_action_name']))).toEqual(
      new Set(['Purchase']),
    );
  });

  it('count by the action that the project names', async () => {
    for (const canonicalConversionAction of ['Demo request', '700000101']) {
      const { connection } = await connectTo(setting.emulator, { canonicalConversionAction });
      const rows = await readDays(connection, 'conversion_action_days', EUROPE, FROM, TO);
      expect(new Set(rows.filter((row) => row['is_canonical']).map((row) => row['conversion_action_id']))).toEqual(
        new Set(['700000101']),
      );
    }
  });
});

describe('snapshots per account', () => {
  it('hold conversion actions and campaigns as the account has them', async () => {
    const actions = await readSnapshot(setting.connection, 'conversion_actions', { account_id: EUROPE });
    expect(actions).toHaveLength(view.conversionActions(EUROPE).length);
    expect(actions[0]).toMatchObject({
      conversion_action_id: '700000101',
      click_through_days: '30',
      is_canonical: false,
    });
    const campaigns = await readSnapshot(setting.connection, 'campaigns', { account_id: AMERICA });
    expect(campaigns.map((row) => [row['campaign_id'], row['status']])).toEqual(
      view.campaigns(AMERICA).map((campaign) => [campaign.id, campaign.status]),
    );
  });
});

describe('clicks', () => {
  it('hold every click of a day with its id verbatim, one day per request', async () => {
    const days = ['2026-06-01', '2026-06-02', '2026-06-03'];
    const start = setting.emulator.requests.length;
    const rows = await readDays(setting.connection, 'clicks', EUROPE, '2026-06-01', '2026-06-03');
    const clicks = days.flatMap((day) => [...view.clicks(EUROPE, day)]);
    expect(rows.length).toBeGreaterThan(0);
    expect(
      rows.map((row) => [row['gclid'], row['campaign_id'], row['ad_group_id'] ?? null, row['keyword'] ?? null]),
    ).toEqual(clicks.map((click) => [click.gclid, click.campaignId, click.adGroupId, click.keyword]));
    const asked = setting.emulator.requests.slice(start).filter((request) => request.body.includes('click_view'));
    expect(asked.map((request) => /date = '(.+?)'/.exec(request.body)?.[1])).toEqual(days);
  });

  it('are answered on the oldest day that is asked', async () => {
    const [partition] = await partitionsOf(setting.connection, 'clicks');
    const day = partition?.earliest ?? '';
    await expect(readDays(setting.connection, 'clicks', EUROPE, day, day)).resolves.toBeDefined();
  });
});

describe('ad group days', () => {
  it('are asked in the order of their days, and say of each that it is whole once the next begins', async () => {
    const start = setting.emulator.requests.length;
    const rows = await readDays(setting.connection, 'ad_group_days', EUROPE, '2026-05-01', '2026-05-17');
    const asked = setting.emulator.requests.slice(start).filter((request) => request.body.includes('FROM ad_group'));
    expect(asked.map((request) => /BETWEEN .*? ORDER BY segments.date/.exec(request.body)?.[0])).toEqual([
      "BETWEEN '2026-05-01' AND '2026-05-17' ORDER BY segments.date",
    ]);
    expect(rows).toHaveLength([...view.adGroupFacts(EUROPE, '2026-05-01', '2026-05-17')].length);
    const through: string[] = [];
    const small = await startSetting({ batchRows: 7 });
    try {
      const slice = sliceOf(EUROPE, '2026-05-01', '2026-05-04');
      for await (const page of windowStream(small.connection, 'ad_group_days').read(small.connection.context, slice)) {
        if (page.through !== undefined) through.push(page.through);
      }
    } finally {
      await small.close();
    }
    expect(through).toEqual(['2026-05-01', '2026-05-02', '2026-05-03']);
  });
});

describe('batches', () => {
  it('of any size give the same rows', async () => {
    const whole = await readDays(setting.connection, 'ad_group_days', EUROPE, FROM, '2026-05-07');
    for (const batchRows of [1, 7]) {
      const small = await startSetting({ batchRows });
      try {
        expect(await readDays(small.connection, 'ad_group_days', EUROPE, FROM, '2026-05-07')).toEqual(whole);
      } finally {
        await small.close();
      }
    }
  });

  it('of a slice without facts are none', async () => {
    expect(await readDays(setting.connection, 'campaign_days', EUROPE, '2024-01-01', '2024-01-05')).toEqual([]);
  });
});
