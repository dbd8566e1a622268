/**
 * The simulated company put in order: what its world has of disorder on purpose, and checks are right to find, is mended
 * here, so that what they still find is a false alarm.
 */
import { ABROAD_ACCOUNT_ID } from '../../../fixtures/world/ad-accounts.ts';
import { SALES_STAGES } from '../../../fixtures/world/pipelines.ts';
import type { CrmObject, PropertyChange, WorldView } from '../../../fixtures/world/types.ts';
import { rewritten } from './change.ts';

/**
 * All accounts have the company's days, campaigns keep their names, platforms claim nothing, nobody clicks banners (the
 * site's visits know of none who did), and deals go through all stages.
 */
export function orderly(view: WorldView): Partial<WorldView> {
  const banners = new Set(
    view
      .adAccounts()
      .flatMap(({ id }) => view.campaigns(id))
      .flatMap(({ id, channelType }) => (channelType === 'DISPLAY' ? [id] : [])),
  );
  return {
    adAccounts: () =>
      view
        .adAccounts()
        .map((account) => (account.id === ABROAD_ACCOUNT_ID ? { ...account, timeZone: 'Europe/Berlin' } : account)),
    campaigns: (accountId) =>
      view.campaigns(accountId).map((campaign) => ({ ...campaign, name: campaign.name.replace(' (neu)', '') })),
    conversionFacts: () => [],
    campaignFacts: (...range) => mended(view.campaignFacts(...range), banners),
    adGroupFacts: (...range) => mended(view.adGroupFacts(...range), banners),
    ...rewritten(view, (type, objects) => {
      if (type === 'deals') return objects.map(throughAllStages);
      return objects.filter(({ properties }) => properties['originalSourceDetail2'] !== 'fair.csv');
    }),
  };
}

// --- internal ---

type Facts = ReturnType<WorldView['campaignFacts']>;

const CLAIMS = { conversions: 0, conversionsValue: 0, allConversions: 0, allConversionsValue: 0 };

function* mended(
  facts: Facts,
  banners: ReadonlySet<string>,
): Generator<Facts extends Iterable<infer Fact> ? Fact : never> {
  for (const fact of facts) yield { ...fact, ...CLAIMS, ...(banners.has(fact.campaignId) ? { clicks: 0 } : {}) };
}

/** Nobody leaves a stage out, what is won stays won, and close dates are the days on which deals close. */
function throughAllStages(deal: CrmObject): CrmObject {
  const all = (deal.history['stage'] ?? []).toReversed();
  const won = all.findIndex(({ value }) => value?.endsWith('won') === true);
  const entries = won < 0 ? all : all.slice(0, won + 1);
  const stages = entries.flatMap((entry, index) => [...between(entries[index - 1], entry), entry]);
  const closed = entries.findLast(({ value }) => value?.endsWith('won') === true || value?.endsWith('lost') === true);
  const closeDate = closed?.at ?? deal.properties['closeDate'] ?? null;
  return {
    ...deal,
    properties: { ...deal.properties, stage: entries.at(-1)?.value ?? null, closeDate },
    history: {
      ...deal.history,
      stage: stages.toReversed(),
      closeDate: closed === undefined ? (deal.history['closeDate'] ?? []) : [{ ...closed, value: closeDate }],
    },
  };
}

const PLACES: readonly string[] = [...SALES_STAGES, 'won'];

function between(before: PropertyChange | undefined, after: PropertyChange): PropertyChange[] {
  const [from, to] = [PLACES.indexOf(before?.value ?? ''), PLACES.indexOf(after.value ?? '')];
  if (before === undefined || from < 0 || to < from) return [];
  const left = PLACES.slice(from + 1, to);
  const [start, end] = [Date.parse(before.at), Date.parse(after.at)];
  return left.map((value, index) => ({
    ...after,
    value,
    at: new Date(Math.floor(start + ((end - start) * (index + 1)) / (left.length + 1))).toISOString(),
  }));
}
