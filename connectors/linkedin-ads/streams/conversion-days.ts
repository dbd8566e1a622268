import { column, type DayWindowStream, type ReadContext, type SourceRecord } from 'revops/connector';

import { readAnalytics } from '../analytics.ts';
import type { Account } from '../accounts.ts';
import type { LinkedinClient } from '../client.ts';
import type { DayRange } from '../days.ts';
import type { Node } from '../json.ts';
import { ninePlaces } from '../money.ts';
import { LEAD_FORMS } from '../options.ts';
import { claimPartitions, daysOfSlice } from '../partitions.ts';
import { canonicalOf } from '../rules.ts';
import { pivotId } from '../urns.ts';
import { groupColumns, groupValues, namesOf } from './facts.ts';

export const conversionDays: DayWindowStream<LinkedinClient> = {
  name: 'conversion_days',
  description:
    'Conversions per campaign group, conversion rule and day, as the platform claims them: all, after a click, after a view. Leads of its own forms beside them.',
  mode: 'window',
  schema: {
    ...groupColumns(),
    conversion_id: column.text(),
    conversion_name: column.text(),
    conversion_type: column.text(),
    attribution_window: column.text(),
    is_canonical: column.boolean(),
    conversions: column.double(),
    conversion_value: column.decimal(),
  },
  primaryKey: ['account_id', 'campaign_group_id', 'conversion_id', 'attribution_window', 'date'],
  partitions: claimPartitions,
  day: 'date',
  restates: 30,
  sliceDays: 30,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    yield* claimsOfRules(context, days);
    yield* leadsOfForms(context, days);
  },
};

// --- internal ---

type Days = DayRange & { account: Account };

/** The metric of each window; a value is told for all of them together only. */
const WINDOWS: readonly [string, string][] = [
  ['default', 'externalWebsiteConversions'],
  ['post_click', 'externalWebsitePostClickConversions'],
  ['post_view', 'externalWebsitePostViewConversions'],
];

async function* claimsOfRules(
  { client }: ReadContext<LinkedinClient>,
  days: Days,
): AsyncGenerator<{ records: SourceRecord[] }> {
  const { account } = days;
  const names = namesOf(await client.groups(account));
  const rules = new Map((await client.rules(account)).map((rule) => [rule.id, rule]));
  const canonical = canonicalOf(client.options, account.id, [...rules.values()]);
  const metrics = [...WINDOWS.map(([, metric]) => metric), 'conversionValueInLocalCurrency'];
  const recordsOf = (element: Node): SourceRecord[] => {
    const id = pivotId('llaPartnerConversion', element['pivotValues']);
    return WINDOWS.filter(([window, metric]) => window === 'default' || element[metric] !== 0).map(
      ([window, metric]) => ({
        ...groupValues(element, account, names),
        conversion_id: id,
        conversion_name: rules.get(id)?.name,
        conversion_type: rules.get(id)?.type,
        attribution_window: window,
        is_canonical: id === canonical && window === 'default',
        conversions: element[metric],
        conversion_value: window === 'default' ? ninePlaces(element['conversionValueInLocalCurrency']) : undefined,
      }),
    );
  };
  const question = { ...days, pivots: ['CAMPAIGN_GROUP', 'CONVERSION'] as const, metrics };
  for await (const elements of readAnalytics(client, question)) yield { records: elements.flatMap(recordsOf) };
}

/** Forms that open within the platform belong to no rule. */
async function* leadsOfForms(
  { client }: ReadContext<LinkedinClient>,
  days: Days,
): AsyncGenerator<{ records: SourceRecord[] }> {
  const { account } = days;
  const names = namesOf(await client.groups(account));
  const isCanonical = canonicalOf(client.options, account.id, await client.rules(account)) === LEAD_FORMS;
  const question = { ...days, pivots: ['CAMPAIGN_GROUP'] as const, metrics: ['oneClickLeads'] };
  for await (const elements of readAnalytics(client, question)) {
    yield {
      records: elements.map((element) => ({
        ...groupValues(element, account, names),
        conversion_id: LEAD_FORMS,
        conversion_name: 'Lead forms',
        conversion_type: 'LEAD',
        attribution_window: 'default',
        is_canonical: isCanonical,
        conversions: element['oneClickLeads'],
        conversion_value: undefined,
      })),
    };
  }
}
