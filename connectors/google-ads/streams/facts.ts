/**
 * What the fact streams share: account and campaign columns, and the metrics.
 */
import { column, type ColumnSchema, type SourceRecord } from 'revops/connector';

import type { Account } from '../accounts.ts';
import { fromMicros, sixPlaces, type AdsRow } from '../values.ts';

/** Selected with every fact. What else `customer` has is known of the account, and would be a quarter of every answer. */
export const ACCOUNT_AND_CAMPAIGN = `customer.id, campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, campaign.advertising_channel_sub_type,
  segments.date`;

export const METRICS = `metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.interactions,
  metrics.conversions, metrics.conversions_value, metrics.all_conversions, metrics.all_conversions_value,
  metrics.conversions_by_conversion_date, metrics.conversions_value_by_conversion_date, metrics.view_through_conversions`;

export function accountColumns(): Record<string, ColumnSchema> {
  return {
    account_id: column.text(),
    account_name: column.text(),
    account_time_zone: column.text(),
    currency: column.text(),
    campaign_id: column.text(),
    campaign_name: column.text(),
    campaign_status: column.text(),
    channel_type: column.text(),
    channel_sub_type: column.text(),
    date: column.date(),
  };
}

/** Millions of rows pass here, so entities are looked up once and by name. */
export function accountValues(row: AdsRow, account: Account): SourceRecord {
  const { campaign = {}, segments = {} } = row;
  return {
    account_id: account.id,
    account_name: account.name,
    account_time_zone: account.timeZone,
    currency: account.currency,
    campaign_id: campaign['id'],
    campaign_name: campaign['name'],
    campaign_status: campaign['status'],
    channel_type: campaign['advertisingChannelType'],
    channel_sub_type: campaign['advertisingChannelSubType'],
    date: segments['date'],
  };
}

export function metricColumns(): Record<string, ColumnSchema> {
  return {
    cost: column.decimal(),
    impressions: column.bigint(),
    clicks: column.bigint(),
    interactions: column.bigint(),
    conversions: column.double(),
    conversions_value: column.decimal(),
    all_conversions: column.double(),
    all_conversions_value: column.decimal(),
    conversions_by_conversion_date: column.double(),
    conversions_value_by_conversion_date: column.decimal(),
    view_through_conversions: column.bigint(),
  };
}

export function metricValues(row: AdsRow): SourceRecord {
  const { metrics = {} } = row;
  return {
    cost: fromMicros(metrics['costMicros']),
    impressions: metrics['impressions'],
    clicks: metrics['clicks'],
    interactions: metrics['interactions'],
    conversions: metrics['conversions'],
    conversions_value: sixPlaces(metrics['conversionsValue']),
    all_conversions: metrics['allConversions'],
    all_conversions_value: sixPlaces(metrics['allConversionsValue']),
    conversions_by_conversion_date: metrics['conversionsByConversionDate'],
    conversions_value_by_conversion_date: sixPlaces(metrics['conversionsValueByConversionDate']),
    view_through_conversions: metrics['viewThroughConversions'],
  };
}
