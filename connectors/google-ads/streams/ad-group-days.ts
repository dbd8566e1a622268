import { column, inWholeDays, type DayWindowStream, type SourceRecord } from 'revops/connector';

import type { AdsClient } from '../client.ts';
import { daysOfSlice, factPartitions } from '../partitions.ts';
import type { AdsRow } from '../values.ts';
import { ACCOUNT_AND_CAMPAIGN, accountColumns, accountValues, METRICS, metricColumns, metricValues } from './facts.ts';

export const adGroupDays: DayWindowStream<AdsClient> = {
  name: 'ad_group_days',
  description:
    'Delivery and conversions per ad group and day, where a campaign has ad groups. A part of campaign_days, never a total.',
  mode: 'window',
  schema: {
    ...accountColumns(),
    ad_group_id: column.text(),
    ad_group_name: column.text(),
    ad_group_status: column.text(),
    ...metricColumns(),
  },
  primaryKey: ['account_id', 'ad_group_id', 'date'],
  reported: ['cost', 'impressions', 'clicks'],
  partitions: factPartitions,
  day: 'date',
  restates: 33,
  sliceDays: 28,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account, from, to } = days;
    const query = `SELECT ${ACCOUNT_AND_CAMPAIGN}, ad_group.id, ad_group.name, ad_group.status, ${METRICS}
      FROM ad_group WHERE segments.date BETWEEN '${from}' AND '${to}' ORDER BY segments.date`;
    const record = (row: AdsRow): SourceRecord => ({
      ...accountValues(row, account),
      ad_group_id: row['adGroup']?.['id'],
      ad_group_name: row['adGroup']?.['name'],
      ad_group_status: row['adGroup']?.['status'],
      ...metricValues(row),
    });
    yield* inWholeDays(context.client.search(account, query), record, 'date');
  },
};
