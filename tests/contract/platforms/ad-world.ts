/**
 * Advertising over the night in which European clocks go forward, looked at in the middle and a day later: figures are
 * restated meanwhile. Beside the company's accounts one in yen, in London; ids that no double can hold.
 */
import { createWorld } from '../../../fixtures/world/index.ts';
import type { AdPlatform, World } from '../../../fixtures/world/types.ts';

export const AD_START = '2026-03-26';
export const AD_FIRST = '2026-03-31T12:00:00.000Z';
export const AD_LATER = '2026-04-01T15:00:00.000Z';
/** Before the first campaign. */
export const AD_BEFORE = '2026-01-20T12:00:00.000Z';
/** The account in yen. */
export const YEN = '2000000004';

export function adWorld(platform: AdPlatform): World {
  return createWorld({
    seed: 7,
    start: '2026-02-01',
    months: 3,
    scale: 1,
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    platforms: ['google-ads', platform],
    extraAccount: { currency: 'JPY', timeZone: 'Europe/London', platform },
  });
}

/** What `campaign_days` of these accounts have to hold, as rows of account, campaign, currency, day and spend in millionths. */
export function spendOf(world: World, accountIds: readonly string[]): string[] {
  const view = world.at(AD_FIRST);
  const accounts = view.adAccounts().filter(({ id }) => accountIds.includes(id));
  return accounts
    .flatMap(({ id, currency }) =>
      [...view.campaignFacts(id, AD_START, AD_FIRST.slice(0, 10))]
        .filter((fact) => fact.impressions > 0)
        .map((fact) => `${id} ${fact.campaignId} ${currency} ${fact.day} ${fact.costMicros}`),
    )
    .toSorted();
}
