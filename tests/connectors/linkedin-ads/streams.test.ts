import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { canonicalOf, longestWindow, type Rule } from '../../../connectors/linkedin-ads/rules.ts';
import { options } from '../../../connectors/linkedin-ads/options.ts';
import { startLinkedinAdsEmulator } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import { micros, partitionsOf, readDays, readSnapshot, sliceOf, sum, windowStream } from '../reading.ts';
import {
  connectTo,
  HOME,
  NOW,
  optionsFor,
  questionsAsked,
  startSetting,
  TOKYO,
  WEST,
  world,
  type Setting,
} from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-30';
const view = world.at(NOW);

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting.close());

describe('accounts', () => {
  it('are those the member has a role on, with currency, and UTC as their zone', async () => {
    const rows = await readSnapshot(setting.connection, 'accounts');
    expect(rows.map((row) => [row['account_id'], row['currency'], row['time_zone'], row['status']])).toEqual([
      [TOKYO, 'JPY', 'UTC', 'active'],
      [HOME, 'EUR', 'UTC', 'active'],
      [WEST, 'EUR', 'UTC', 'active'],
    ]);
  });

  it('are only those that are named, and a name that is not reached is noted', async () => {
    const accountIds = [`urn:li:sponsoredAccount:${WEST}`, '42'];
    const { connection, notes } = await connectTo(setting.emulator, { accountIds });
    expect((await partitionsOf(connection, 'campaign_days')).map((partition) => partition.key)).toEqual([
      { account_id: WEST },
    ]);
    expect(notes).toEqual(['account 42 is skipped: the member of the token has no role on it']);
  });

  it('that are canceled are read too, with a note', async () => {
    const accounts = view
      .adAccounts()
      .map((account) => (account.id === WEST ? { ...account, status: 'CANCELED' as const } : account));
    const emulator = await startLinkedinAdsEmulator({
      world: { at: () => ({ ...view, adAccounts: () => accounts }) },
      now: () => NOW,
    });
    try {
      const { connection, notes } = await connectTo(emulator);
      expect(await partitionsOf(connection, 'campaign_days')).toHaveLength(3);
      expect(notes).toEqual([`account ${WEST} is canceled`]);
      expect(await readDays(connection, 'campaign_days', WEST, FROM, TO)).not.toHaveLength(0);
    } finally {
      await emulator.close();
    }
  });

  it('without a role are refused, though the platform would answer that nothing was delivered', async () => {
    const tokens = { 'a-token-of-another-member': [HOME] };
    const other = await startSetting({ tokens }, { accessToken: 'a-token-of-another-member' });
    try {
      expect(await readDays(other.connection, 'campaign_days', HOME, FROM, FROM)).not.toHaveLength(0);
      await expect(readDays(other.connection, 'campaign_days', WEST, FROM, FROM)).rejects.toThrow(/no longer among/);
    } finally {
      await other.close();
    }
  });
});

describe('the parts of the fact streams', () => {
  it('carry zone, restatement and the platform’s ten years', async () => {
    const [part] = await partitionsOf(setting.connection, 'campaign_days');
    expect(part).toMatchObject({ timeZone: 'UTC', restates: 30, earliest: '2016-06-16' });
    const { connection } = await connectTo(setting.emulator, { restatementDays: 45 });
    for (const name of ['campaign_group_days', 'conversion_days'])
      expect(new Set((await partitionsOf(connection, name)).map(({ restates }) => restates))).toEqual(new Set([45]));
  });

  it('of conversions are read again for as long as a rule of the account lets them come in', () => {
    const rule = (more: Partial<Rule>): Rule => ({
      id: '1',
      name: 'Rule',
      type: 'OTHER',
      isEnabled: true,
      postClickDays: 30,
      viewThroughDays: 7,
      node: {},
      ...more,
    });
    expect(longestWindow([])).toBe(30);
    expect(longestWindow([rule({ postClickDays: 7 }), rule({ viewThroughDays: 90 })])).toBe(90);
    expect(longestWindow([rule({ postClickDays: 365, isEnabled: false })])).toBe(30);
  });
});

describe('campaign_group_days', () => {
  it('hold every fact of the world to the smallest unit, with ids no double can hold', async () => {
    for (const accountId of [HOME, WEST, TOKYO]) {
      const rows = await readDays(setting.connection, 'campaign_group_days', accountId, FROM, TO);
      const facts = [...view.campaignFacts(accountId, FROM, TO)];
      const written = (values: unknown[][]) => values.map((value) => value.join(' ')).toSorted();
      expect(
        written(
          rows.map((row) => [
            row['campaign_group_id'],
            row['date'],
            micros(row['spend']),
            row['impressions'],
            row['clicks'],
          ]),
        ),
      ).toEqual(
        written(facts.map((fact) => [fact.campaignId, fact.day, fact.costMicros, fact.impressions, fact.clicks])),
      );
      expect(rows.length).toBeGreaterThan(20);
    }
    const west = await readDays(setting.connection, 'campaign_group_days', WEST, FROM, TO);
    expect(west.map((row) => row['campaign_group_id'])).toContain('9007199254740995');
  });

  it('have whole cents where the platform writes traces of binary arithmetic, and no lines of zeros', async () => {
    const { requests } = setting.emulator;
    const rows = await readDays(setting.connection, 'campaign_group_days', HOME, FROM, TO);
    expect(rows.every((row) => /^\d+(\.\d{1,2})?$/.test(String(row['spend'])))).toBe(true);
    expect(rows.every((row) => row['impressions'] !== '0')).toBe(true);
    const query = requests.findLast(({ url }) => url.pathname === '/rest/adAnalytics')?.url.search ?? '';
    const headers = requests.at(-1)?.headers as Record<string, string>;
    const answer = await fetch(`${setting.emulator.url}/rest/adAnalytics${query}`, { headers });
    const { elements } = (await answer.json()) as { elements: Record<string, unknown>[] };
    expect(elements.length).toBeGreaterThan(rows.length);
    expect(elements.some((element) => /\.\d{15}$/.test(String(element['costInLocalCurrency'])))).toBe(true);
  });

  it('leave money of a currency without a smaller unit whole', async () => {
    const rows = await readDays(setting.connection, 'campaign_group_days', TOKYO, FROM, TO);
    expect(rows.every((row) => /^\d{4,}$/.test(String(row['spend'])) && row['currency'] === 'JPY')).toBe(true);
  });

  it('keep removed groups, with their names', async () => {
    const removed = view.campaigns(HOME).find((campaign) => campaign.status === 'REMOVED');
    const rows = await readDays(setting.connection, 'campaign_group_days', HOME, '2025-06-01', '2025-06-03');
    expect(rows.find((row) => row['campaign_group_id'] === removed?.id)).toMatchObject({
      campaign_group_name: removed?.name,
    });
  });

  it('agree with the account’s own sums; a running day has none', async () => {
    const stream = windowStream(setting.connection, 'campaign_group_days');
    const { context } = setting.connection;
    for (const accountId of [HOME, WEST, TOKYO]) {
      const rows = await readDays(setting.connection, 'campaign_group_days', accountId, FROM, TO);
      const totals = await stream.controlTotals?.(context, sliceOf(accountId, FROM, TO));
      expect(micros(totals?.['spend'])).toBe(sum(rows.map((row) => micros(row['spend']))));
      for (const name of ['impressions', 'clicks'])
        expect(BigInt(totals?.[name] ?? '')).toBe(sum(rows.map((row) => BigInt(String(row[name])))));
    }
    expect(await stream.controlTotals?.(context, sliceOf(HOME, '2026-06-10', '2026-06-15'))).toEqual({});
    expect(await stream.controlTotals?.(context, sliceOf(HOME, '2024-06-10', '2024-06-12'))).toEqual({
      spend: '0',
      impressions: '0',
      clicks: '0',
    });
  });

  it('are never asked for a day that has not begun', async () => {
    const before = questionsAsked(setting.emulator).length;
    expect(await readDays(setting.connection, 'campaign_group_days', HOME, '2026-06-16', '2026-06-20')).toEqual([]);
    const rows = await readDays(setting.connection, 'campaign_group_days', HOME, '2026-06-14', '2026-06-20');
    expect(questionsAsked(setting.emulator).slice(before)).toEqual(['2026-06-14..2026-06-15']);
    expect(new Set(rows.map((row) => row['date']))).toEqual(new Set(['2026-06-14', '2026-06-15']));
  });

  it('follow the platform when it restates and drops rows', async () => {
    const early = '2026-05-08T12:00:00.000Z';
    setting.emulator.setNow(early);
    const before = await connectTo(setting.emulator, {}, early);
    const first = await readDays(before.connection, 'campaign_group_days', HOME, FROM, '2026-05-07');
    setting.emulator.setNow(NOW);
    const second = await readDays(setting.connection, 'campaign_group_days', HOME, FROM, '2026-05-07');
    expect(second).not.toEqual(first);
    expect(second).toHaveLength([...view.campaignFacts(HOME, FROM, '2026-05-07')].length);
  });
});

describe('campaign_days and creative_days', () => {
  it('sum to their groups, and know them', async () => {
    const groups = await readDays(setting.connection, 'campaign_group_days', HOME, '2025-06-01', '2025-06-20');
    const spendOf = (rows: Record<string, unknown>[]) =>
      Map.groupBy(rows, (row) => `${String(row['campaign_group_id'])} ${String(row['date'])}`);
    for (const name of ['campaign_days', 'creative_days']) {
      const parts = spendOf(await readDays(setting.connection, name, HOME, '2025-06-01', '2025-06-20'));
      const wholes = spendOf(groups);
      expect(new Set(parts.keys())).toEqual(new Set(wholes.keys()));
      for (const [key, rows] of parts)
        expect(sum(rows.map((row) => micros(row['spend'])))).toBe(
          sum((wholes.get(key) ?? []).map((row) => micros(row['spend']))),
        );
    }
  });

  it('name campaigns, removed ones included, and have a row per creative', async () => {
    const campaigns = await readDays(setting.connection, 'campaign_days', HOME, '2025-06-01', '2025-06-03');
    const removed = new Set(
      view
        .adGroups(HOME)
        .filter((campaign) => campaign.status === 'REMOVED')
        .map((campaign) => campaign.id),
    );
    const row = campaigns.find((candidate) => removed.has(String(candidate['campaign_id'])));
    expect(row).toMatchObject({ campaign_name: expect.stringContaining('Group') as string });
    const creatives = await readDays(setting.connection, 'creative_days', HOME, '2025-06-01', '2025-06-03');
    expect(creatives.length).toBeGreaterThan(campaigns.length);
    const keys = creatives.map((each) => `${String(each['creative_id'])} ${String(each['date'])}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('conversion_days', () => {
  const facts = [...view.conversionFacts(HOME, FROM, TO)];
  const actions = new Map(view.conversionActions(HOME).map((action) => [action.id, action]));

  it('have the rules’ conversions by click and by view, which add up, and the leads of forms beside them', async () => {
    const rows = await readDays(setting.connection, 'conversion_days', HOME, FROM, TO);
    const total = (window: string, id: (conversion: unknown) => boolean) =>
      rows
        .filter((row) => row['attribution_window'] === window && id(row['conversion_id']))
        .reduce((all, row) => all + Number(row['conversions']), 0);
    const isRule = (id: unknown) => id !== 'one_click_leads';
    const counted = (isForm: boolean) =>
      facts
        .filter((fact) => (actions.get(fact.conversionActionId)?.category === 'SUBMIT_LEAD_FORM') === isForm)
        .reduce((all, fact) => all + Math.ceil(fact.allConversions), 0);
    expect(total('default', isRule)).toBe(counted(false));
    expect(total('post_click', isRule) + total('post_view', isRule)).toBe(counted(false));
    expect(total('post_view', isRule)).toBeGreaterThan(0);
    expect(total('default', (id) => id === 'one_click_leads')).toBe(counted(true));
    const purchase = [...actions.values()].find((action) => action.category === 'PURCHASE');
    const purchases = rows.filter((row) => row['conversion_id'] === purchase?.id);
    expect(purchases[0]).toMatchObject({ conversion_name: 'Purchase', conversion_type: 'PURCHASE' });
    const value = facts
      .filter((fact) => fact.conversionActionId === purchase?.id)
      .reduce((all, fact) => all + Math.round(fact.allConversionsValue * 100), 0);
    expect(sum(purchases.flatMap((row) => ('conversion_value' in row ? [micros(row['conversion_value'])] : [])))).toBe(
      BigInt(value) * 10_000n,
    );
  });

  it('are counted by what the project names, for one account or all, else by one thing per account', async () => {
    const signUp = [...actions.values()].find((action) => action.category === 'SIGNUP')?.id ?? '';
    const canonical = async (canonicalConversion?: unknown, accountId = HOME) => {
      const { connection } = await connectTo(setting.emulator, { canonicalConversion });
      const rows = await readDays(connection, 'conversion_days', accountId, FROM, TO);
      return [
        ...new Set(
          rows
            .filter((row) => row['is_canonical'])
            .map((row) => `${String(row['conversion_id'])} ${String(row['attribution_window'])}`),
        ),
      ];
    };
    expect(await canonical()).toEqual(['one_click_leads default']);
    expect(await canonical(signUp)).toEqual([`${signUp} default`]);
    expect(await canonical({ [`urn:li:sponsoredAccount:${HOME}`]: signUp })).toEqual([`${signUp} default`]);
    expect(await canonical({ [HOME]: signUp }, WEST)).toEqual([]);
    const given = options.parse(optionsFor({ url: 'http://127.0.0.1:9' }));
    const rule = (id: string, type: string, isEnabled = true) => ({ id, type, isEnabled }) as Rule;
    expect(canonicalOf(given, HOME, [rule('3', 'LEAD', false), rule('5', 'PURCHASE'), rule('7', 'LEAD')])).toBe('7');
  });
});

describe('snapshots per account', () => {
  it('hold groups and campaigns as they are, removed ones included', async () => {
    const status = (known: string) => ({ ENABLED: 'ACTIVE', PAUSED: 'PAUSED', REMOVED: 'REMOVED' })[known];
    const groups = await readSnapshot(setting.connection, 'campaign_groups', { account_id: WEST });
    expect(groups.map((row) => [row['campaign_group_id'], row['name'], row['status']])).toEqual(
      view.campaigns(WEST).map((group) => [group.id, group.name, status(group.status)]),
    );
    const campaigns = await readSnapshot(setting.connection, 'campaigns', { account_id: HOME });
    expect(campaigns.map((row) => [row['campaign_id'], row['campaign_group_id'], row['status']])).toEqual(
      view.adGroups(HOME).map((campaign) => [campaign.id, campaign.campaignId, status(campaign.status)]),
    );
    expect(campaigns[0]).toMatchObject({
      daily_budget: '50',
      run_start: '2025-01-01T00:00:00.000Z',
      created_at: '2025-01-01T00:00:00.000Z',
      last_modified_at: '2025-01-01T00:00:01.000Z',
    });
  });

  it('hold creatives and conversion rules, with the windows of rules', async () => {
    const creatives = await readSnapshot(setting.connection, 'creatives', { account_id: HOME });
    const campaigns = new Set(view.adGroups(HOME).map(({ id }) => id));
    expect(creatives.every((row) => campaigns.has(String(row['campaign_id'])))).toBe(true);
    expect(creatives[0]).toMatchObject({
      is_serving: true,
      content_reference: expect.stringMatching(/^urn:li:share/) as string,
    });
    const rules = await readSnapshot(setting.connection, 'conversion_rules', { account_id: HOME });
    expect(rules.map((row) => [row['name'], row['type'], row['is_enabled'], row['post_click_days']])).toEqual([
      ['Trial "sign-up"', 'SIGN_UP', true, '30'],
      ['Pricing page', 'KEY_PAGE_VIEW', true, '7'],
      ['Purchase', 'PURCHASE', true, '30'],
      ['Newsletter (old)', 'SIGN_UP', false, '90'],
    ]);
  });

  it('are whole over pages, however many the platform makes of them', async () => {
    const names = ['campaign_groups', 'campaigns', 'creatives', 'conversion_rules'];
    const read = async () => {
      const { connection } = await connectTo(setting.emulator);
      return Promise.all(names.map((name) => readSnapshot(connection, name, { account_id: HOME })));
    };
    const whole = await read();
    for (const objects of [1, 2, 4]) {
      setting.emulator.setPageLimit(objects);
      expect(await read()).toEqual(whole);
    }
    setting.emulator.setPageLimit(Number.POSITIVE_INFINITY);
    expect(setting.emulator.requests.some(({ url }) => url.searchParams.has('pageToken'))).toBe(true);
  });
});
