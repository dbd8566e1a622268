/**
 * What the fact streams share: the account's and the group's columns, and what was delivered.
 */
import { column, type ColumnSchema, type SourceRecord } from 'revops/connector';

import type { Account } from '../accounts.ts';
import { dayOf } from '../analytics.ts';
import { TIME_ZONE } from '../days.ts';
import { textOf, type Node } from '../json.ts';
import { ninePlaces } from '../money.ts';
import { pivotId } from '../urns.ts';

export const METRICS = ['costInLocalCurrency', 'costInUsd', 'impressions', 'clicks', 'landingPageClicks'];

export function groupColumns(): Record<string, ColumnSchema> {
  return {
    account_id: column.text(),
    account_name: column.text(),
    account_time_zone: column.text(),
    currency: column.text(),
    campaign_group_id: column.text(),
    campaign_group_name: column.text(),
    date: column.date(),
  };
}

/** Analytics name nothing but ids: names are those the account's objects have now. */
export function groupValues(element: Node, account: Account, groupNames: ReadonlyMap<string, string>): SourceRecord {
  const groupId = pivotId('sponsoredCampaignGroup', element['pivotValues']);
  return {
    account_id: account.id,
    account_name: account.name,
    account_time_zone: TIME_ZONE,
    currency: account.currency,
    campaign_group_id: groupId,
    campaign_group_name: groupNames.get(groupId),
    date: dayOf(element),
  };
}

export function metricColumns(): Record<string, ColumnSchema> {
  return {
    spend: column.decimal(),
    spend_usd: column.decimal(),
    impressions: column.bigint(),
    clicks: column.bigint(),
    landing_page_clicks: column.bigint(),
  };
}

export function metricValues(element: Node): SourceRecord {
  return {
    spend: ninePlaces(element['costInLocalCurrency']),
    spend_usd: ninePlaces(element['costInUsd']),
    impressions: element['impressions'],
    clicks: element['clicks'],
    landing_page_clicks: element['landingPageClicks'],
  };
}

/** Names by id. */
export function namesOf(nodes: readonly Node[]): ReadonlyMap<string, string> {
  return new Map(nodes.map((node) => [textOf(node['id']) ?? '', textOf(node['name']) ?? '']));
}
