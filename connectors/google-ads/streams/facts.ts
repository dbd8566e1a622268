/**
 * What the fact streams share: account and campaign columns, and the metrics.
 */
import { column, type ColumnSchema, type SourceRecord } from 'revops/connector';

import type { Account } from '../accounts.ts';
import { field, fromMicros, sixPlaces, type AdsRow } from '../values.ts';

/** Selected with every fact. `customer.*` gives no more than the account does, but keeps the answer self-contained. */
export const ACCOUNT_AND_CAMPAIGN = `customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone,
  campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, campaign.advertising_channel_sub_type,
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

export function accountValues(row: AdsRow, account: Account): SourceRecord {
  return {
    account_id: account.id,
    account_name: field(row, 'customer.descriptiveName') ?? account.name,
    account_time_zone: field(row, 'customer.timeZone') ?? account.timeZone,
    currency: field(row, 'customer.currencyCode') ?? account.currency,
    campaign_id: field(row, 'campaign.id'),
    campaign_name: field(row, 'campaign.name'),
    campaign_status: field(row, 'campaign.status'),
    channel_type: field(row, 'campaign.advertisingChannelType'),
    channel_sub_type: field(row, 'campaign.advertisingChannelSubType'),
    date: field(row, 'segments.date'),
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
  const metric = (name: string): unknown => field(row, `metrics.${name}`);
  return {
    cost: fromMicros(metric('costMicros')),
    impressions: metric('impressions'),
    clicks: metric('clicks'),
    interactions: metric('interactions'),
    conversions: metric('conversions'),
    conversions_value: sixPlaces(metric('conversionsValue')),
    all_conversions: metric('allConversions'),
    all_conversions_value: sixPlaces(metric('allConversionsValue')),
    conversions_by_conversion_date: metric('conversionsByConversionDate'),
    conversions_value_by_conversion_date: sixPlaces(metric('conversionsValueByConversionDate')),
    view_through_conversions: metric('viewThroughConversions'),
  };
}
