/** Answers have no pages and end at 15,000 elements without a word. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readAnalytics, type Question } from '../../../connectors/linkedin-ads/analytics.ts';
import type { LinkedinClient } from '../../../connectors/linkedin-ads/client.ts';
import { startLinkedinAdsEmulator } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import { readDays, thrown } from '../reading.ts';
import { connectTo, HOME, NOW, questionsAsked, startSetting, world, type Setting } from './connection.ts';

let setting: Setting;
let client: LinkedinClient;
beforeEach(async () => {
  setting = await startSetting();
  client = setting.connection.context.client as LinkedinClient;
});
afterEach(() => setting.close());

/** All elements, where an answer holds `limit` of them; the questions that took. */
async function read(pivots: Question['pivots'], from: string, to: string, limit: number) {
  setting.emulator.setWording({ mostElements: limit });
  const before = questionsAsked(setting.emulator).length;
  const question = { account: await client.account(HOME), pivots, metrics: ['impressions'], from, to };
  const elements: object[] = [];
  for await (const part of readAnalytics(client, question, limit)) elements.push(...part);
  const asked = questionsAsked(setting.emulator).slice(before);
  return { elements: elements.map((element) => JSON.stringify(element)).toSorted(), asked };
}

describe('an answer that may have been cut off', () => {
  it('is asked for again by halves of the days', async () => {
    // Lines of zeros, which come on every fifth day, count towards the limit too.
    const { asked } = await read(['CAMPAIGN_GROUP'], '2026-05-01', '2026-05-04', 5);
    expect(asked).toEqual(['2026-05-01..2026-05-04', '2026-05-01..2026-05-02', '2026-05-03..2026-05-04']);
  });

  it('about one day is asked for by halves of its campaigns', async () => {
    const { asked } = await read(['CAMPAIGN_GROUP', 'CAMPAIGN', 'CREATIVE'], '2026-05-04', '2026-05-04', 9);
    const campaigns = world.at(NOW).adGroups(HOME).length;
    expect(asked[0]).toBe('2026-05-04..2026-05-04');
    expect(asked.slice(1).map((question) => question.slice('2026-05-04..2026-05-04 '.length))).toEqual([
      `${Math.ceil(campaigns / 2)} campaigns`,
      `${Math.floor(campaigns / 2)} campaigns`,
    ]);
  });

  it('never has a campaign group in two parts where it is broken down by groups', async () => {
    const { asked } = await read(['CAMPAIGN_GROUP'], '2026-05-04', '2026-05-04', 2);
    // Three are listed; the third delivered nothing any more.
    expect(asked.slice(1).map((question) => question.slice('2026-05-04..2026-05-04 '.length))).toEqual([
      '2 campaignGroups',
      '1 campaignGroups',
      '1 campaignGroups',
      '1 campaignGroups',
    ]);
  });

  it('loses nothing and gives nothing twice, wherever the limit is', async () => {
    for (const pivots of [
      ['CAMPAIGN_GROUP', 'CAMPAIGN', 'CREATIVE'],
      ['CAMPAIGN_GROUP', 'CAMPAIGN'],
      ['CAMPAIGN_GROUP', 'CONVERSION'],
    ] as const) {
      const whole = await read(pivots, '2026-05-01', '2026-05-09', 15_000);
      expect(whole.asked).toHaveLength(1);
      for (const limit of [4, 5, 7, 11, 20]) {
        const parts = await read(pivots, '2026-05-01', '2026-05-09', limit);
        expect(parts.elements).toEqual(whole.elements);
        expect(parts.asked.length).toBeGreaterThan(1);
      }
    }
  });

  it('of what cannot be asked for in parts is refused, not loaded', async () => {
    const error = await thrown(read(['CAMPAIGN_GROUP', 'CAMPAIGN', 'CREATIVE'], '2026-05-04', '2026-05-04', 1));
    expect(error.message).toMatch(/account 510000001, 2026-05-04: one of its campaigns alone has more elements/);
  });
});

describe('the platform’s own limit', () => {
  it('is 15,000 elements: one more day than fits makes two questions more', async () => {
    const emulator = await startLinkedinAdsEmulator({ world: crowded(7_500), now: () => NOW });
    try {
      const { connection } = await connectTo(emulator);
      const rows = await readDays(connection, 'campaign_group_days', HOME, '2026-05-02', '2026-05-03');
      expect(questionsAsked(emulator)).toEqual([
        '2026-05-02..2026-05-03',
        '2026-05-02..2026-05-02',
        '2026-05-03..2026-05-03',
      ]);
      expect(rows).toHaveLength(15_000);
    } finally {
      await emulator.close();
    }
  });
});

describe('a long query', () => {
  it('is sent in the body, and answered alike', async () => {
    const view = world.at(NOW);
    const ids = Array.from({ length: 200 }, (_, index) => String(900_000_000 + index));
    const [campaign] = view.adGroups(HOME);
    const listed = { ...view, adGroups: () => ids.map((id) => ({ ...campaign, id }) as never) };
    const emulator = await startLinkedinAdsEmulator({ world: { at: () => listed }, now: () => NOW });
    emulator.setWording({ mostElements: 3 });
    try {
      const { connection } = await connectTo(emulator);
      const other = connection.context.client as LinkedinClient;
      const account = await other.account(HOME);
      const question = {
        account,
        pivots: ['CAMPAIGN'] as const,
        metrics: ['clicks'],
        from: '2026-05-04',
        to: '2026-05-04',
      };
      for await (const part of readAnalytics(other, question, 3)) expect(part).toEqual([]);
      const [, first, second] = emulator.requests.filter(({ url }) => url.pathname === '/rest/adAnalytics');
      for (const request of [first, second]) {
        expect(request?.method).toBe('POST');
        expect(request?.url.search).toBe('');
        expect(request?.headers).toMatchObject({ 'x-http-method-override': 'GET', 'linkedin-version': '202610' });
      }
      expect(questionsAsked(emulator).slice(1)).toEqual(Array(2).fill('2026-05-04..2026-05-04 100 campaigns'));
    } finally {
      await emulator.close();
    }
  });
});

// --- internal ---

/** An account of many groups that all deliver the same on every day. */
function crowded(groups: number) {
  const view = world.at(NOW);
  const ids = Array.from({ length: groups }, (_, index) => String(700_000_000 + index));
  const crowd = {
    ...view,
    campaigns: () => view.campaigns(HOME).slice(0, 1),
    campaignFacts: (id: string, from: string, to: string) =>
      [...view.campaignFacts(HOME, from, to)]
        .filter((fact, index, all) => all.findIndex(({ day }) => day === fact.day) === index)
        .flatMap((fact) => ids.map((campaignId) => ({ ...fact, accountId: id, campaignId }))),
    conversionFacts: () => [],
  };
  return { at: () => crowd };
}
