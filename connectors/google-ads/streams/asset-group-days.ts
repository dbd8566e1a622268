import { column, inWholeDays, type DayWindowStream, type SourceRecord } from 'revops/connector';

import type { AdsClient } from '../client.ts';
import { daysOfSlice, factPartitions } from '../partitions.ts';
import { fromMicros, sixPlaces, type AdsRow } from '../values.ts';
import { ACCOUNT_AND_CAMPAIGN, accountColumns, accountValues } from './facts.ts';

/** The platform gives fewer metrics at this grain: nothing by the date of the conversion, no view-through conversions. */
const METRICS = `metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.interactions, metrics.conversions,
  metrics.conversions_value, metrics.all_conversions, metrics.all_conversions_value`;

/**
 * The grain below the campaign where there are no ad groups. Never the total: what an asset group gets of a campaign is
 * what the platform can tell apart. Below it there is nothing to add up: an asset that is shown with others counts the
 * whole impression for itself.
 */
export const assetGroupDays: DayWindowStream<AdsClient> = {
  name: 'asset_group_days',
  description:
    'Delivery and conversions per asset group of Performance Max and day. A part of campaign_days, never a total.',
  mode: 'window',
  schema: {
    ...accountColumns(),
    asset_group_id: column.text(),
    asset_group_name: column.text(),
    asset_group_status: column.text(),
    cost: column.decimal(),
    impressions: column.bigint(),
    clicks: column.bigint(),
    interactions: column.bigint(),
    conversions: column.double(),
    conversions_value: column.decimal(),
    all_conversions: column.double(),
    all_conversions_value: column.decimal(),
  },
  primaryKey: ['account_id', 'asset_group_id', 'date'],
  reported: ['cost', 'impressions', 'clicks'],
  partitions: factPartitions,
  day: 'date',
  restates: 33,
  sliceDays: 90,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account, from, to } = days;
    const query = `SELECT ${ACCOUNT_AND_CAMPAIGN}, asset_group.id, asset_group.name, asset_group.status, ${METRICS}
      FROM asset_group WHERE segments.date BETWEEN '${from}' AND '${to}' ORDER BY segments.date`;
    const record = ({ assetGroup = {}, metrics = {}, ...row }: AdsRow): SourceRecord => ({
      ...accountValues(row, account),
      asset_group_id: assetGroup['id'],
      asset_group_name: assetGroup['name'],
      asset_group_status: assetGroup['status'],
      cost: fromMicros(metrics['costMicros']),
      impressions: metrics['impressions'],
      clicks: metrics['clicks'],
      interactions: metrics['interactions'],
      conversions: metrics['conversions'],
      conversions_value: sixPlaces(metrics['conversionsValue']),
      all_conversions: metrics['allConversions'],
      all_conversions_value: sixPlaces(metrics['allConversionsValue']),
    });
    yield* inWholeDays(context.client.search(account, query), record, 'date');
  },
};
