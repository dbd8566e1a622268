/** Faults of what platforms and exports tell about advertising. */
import { ABROAD_ACCOUNT_ID } from '../../../fixtures/world/ad-accounts.ts';
import type { AdFact, WorldView } from '../../../fixtures/world/types.ts';
import type { Delivery, FileRow } from './deliveries.ts';
import type { Fault } from './fault.ts';

export const ADVERTISING_FAULTS: readonly Fault[] = [
  {
    name: 'weekly spend beside daily conversions',
    checks: ['freshness', 'granularity'],
    subject: /meta_ads|ad_spend/,
    group: 1,
    deliver: (delivery) => ({ ...delivery, ad_spend: weekOf(delivery) }),
  },
  {
    name: 'skipped day of an export',
    checks: ['freshness', 'gaps'],
    subject: /meta_ads|ad_spend/,
    group: 2,
    deliver: (delivery, since) => (delivery.day === since.slice(0, 10) ? { ...delivery, ad_spend: null } : delivery),
  },
  {
    name: 'spend in a currency without a rate',
    checks: ['currency'],
    subject: /CHF/,
    group: 3,
    deliver: (delivery) => ({
      ...delivery,
      ad_spend: delivery.ad_spend?.map((row) => ({ ...row, currency: 'CHF' })) ?? null,
    }),
  },
  {
    name: 'spend restated',
    checks: ['restated_spend'],
    subject: /google_ads/,
    group: 3,
    view: (view, since) => ({
      campaignFacts: (...range) => restated(view.campaignFacts(...range), since),
      adGroupFacts: (...range) => restated(view.adGroupFacts(...range), since),
    }),
  },
  {
    name: 'platform claims too much',
    checks: ['overclaim'],
    subject: /google_ads/,
    group: 1,
    view: claims,
  },
  {
    name: 'ad account in another time zone',
    checks: ['timezone'],
    subject: /google_ads/,
    group: 1,
    view: (view) => ({
      adAccounts: () =>
        view
          .adAccounts()
          .map((account) =>
            account.id === ABROAD_ACCOUNT_ID ? { ...account, timeZone: 'America/New_York' } : account,
          ),
    }),
  },
  {
    name: 'ad account not synced',
    checks: ['gaps'],
    subject: /not listed/,
    group: 2,
    view: (view) => ({ adAccounts: () => view.adAccounts().filter(({ id }) => id !== ABROAD_ACCOUNT_ID) }),
  },
  {
    name: 'dead connector',
    checks: ['freshness'],
    subject: /hubspot/,
    group: 5,
    outage: ({ crm }) => crm.inject({ match: '.', times: Number.MAX_SAFE_INTEGER, status: 401, body: '{}' }),
  },
];

// --- internal ---

/** On Mondays the week before (UTC days), on other days nothing new: an export by week. */
function weekOf({ day, ad_spend: rows }: Delivery): FileRow[] {
  const at = new Date(day);
  if (at.getUTCDay() !== 0) return [];
  const monday = new Date(at.getTime() - 6 * 86_400_000).toISOString().slice(0, 10);
  return (rows ?? []).map((row) => ({
    ...row,
    spend_date: monday,
    source_grain: 'week',
    spend: Number(row['spend']) * 7,
  }));
}

/** A third more on the twenty days before: an invoice for what was thought to be invalid clicks. */
function* restated(facts: Iterable<AdFact>, since: string): Generator<AdFact> {
  const from = new Date(Date.parse(since) - 20 * 86_400_000).toISOString().slice(0, 10);
  for (const fact of facts)
    yield fact.day < from || fact.day > since ? fact : { ...fact, costMicros: (fact.costMicros * 4n) / 3n };
}

/** A tag of the platform counts each page as a lead, and one click's lead for every click. */
function claims(view: WorldView, since: string): Partial<WorldView> {
  const counted = (fact: AdFact): AdFact =>
    fact.day < since.slice(0, 10)
      ? fact
      : {
          ...fact,
          conversions: fact.clicks / 2,
          allConversions: fact.clicks / 2,
          conversionsValue: 0,
          allConversionsValue: 0,
        };
  return {
    *campaignFacts(...range) {
      for (const fact of view.campaignFacts(...range)) yield counted(fact);
    },
    *adGroupFacts(...range) {
      for (const fact of view.adGroupFacts(...range)) yield counted(fact);
    },
    *conversionFacts(accountId, from, to) {
      const action = view.conversionActions(accountId)[0];
      if (action === undefined) return;
      for (const fact of view.campaignFacts(accountId, from, to)) {
        const { campaignId, day, clicks } = fact;
        if (day < since.slice(0, 10) || clicks === 0) continue;
        const claimed = {
          conversions: clicks / 2,
          allConversions: clicks / 2,
          conversionsValue: 0,
          allConversionsValue: 0,
        };
        yield { accountId, campaignId, conversionActionId: action.id, day, ...claimed };
      }
    },
  };
}
