/**
 * What the fact streams share: the account's and campaign's columns, and what was delivered.
 */
import { column, type ColumnSchema, type SourceRecord } from 'revops/connector';

import type { Account } from '../accounts.ts';
import type { Node } from '../nodes.ts';

export const CAMPAIGN_FIELDS = [
  'account_id',
  'account_name',
  'account_currency',
  'campaign_id',
  'campaign_name',
  'objective',
];
export const METRIC_FIELDS = ['spend', 'impressions', 'clicks', 'inline_link_clicks'];

export function campaignColumns(): Record<string, ColumnSchema> {
  return {
    account_id: column.text(),
    account_name: column.text(),
    account_time_zone: column.text(),
    currency: column.text(),
    campaign_id: column.text(),
    campaign_name: column.text(),
    objective: column.text(),
    date: column.date(),
  };
}

export function campaignValues(row: Node, account: Account): SourceRecord {
  return {
    account_id: account.id,
    account_name: row['account_name'] ?? account.name,
    account_time_zone: account.timeZone,
    currency: row['account_currency'] ?? account.currency,
    campaign_id: row['campaign_id'],
    campaign_name: row['campaign_name'],
    objective: row['objective'],
    date: row['date_start'],
  };
}

export function metricColumns(): Record<string, ColumnSchema> {
  return {
    spend: column.decimal(),
    impressions: column.bigint(),
    clicks: column.bigint(),
    link_clicks: column.bigint(),
  };
}

/** Money comes as decimal text in the account's currency, whole where that has no smaller unit, and stays so. */
export function metricValues(row: Node): SourceRecord {
  return {
    spend: row['spend'],
    impressions: row['impressions'],
    clicks: row['clicks'],
    link_clicks: row['inline_link_clicks'],
  };
}
