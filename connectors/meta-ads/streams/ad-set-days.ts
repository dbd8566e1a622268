import { column, type DayWindowStream } from 'revops/connector';

import type { MetaClient } from '../client.ts';
import { dayPartitions, daysOfSlice } from '../partitions.ts';
import { readReports, SLICE_DAYS } from '../reports.ts';
import { accountTotals } from '../totals.ts';
import {
  CAMPAIGN_FIELDS,
  campaignColumns,
  campaignValues,
  METRIC_FIELDS,
  metricColumns,
  metricValues,
} from './facts.ts';

export const adSetDays: DayWindowStream<MetaClient> = {
  name: 'ad_set_days',
  description: 'Delivery per ad set and day, archived and deleted ad sets included.',
  mode: 'window',
  schema: { ...campaignColumns(), ad_set_id: column.text(), ad_set_name: column.text(), ...metricColumns() },
  primaryKey: ['account_id', 'ad_set_id', 'date'],
  reported: ['spend', 'impressions', 'link_clicks'],
  partitions: dayPartitions,
  day: 'date',
  restates: 28,
  sliceDays: SLICE_DAYS,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account, from, to } = days;
    const fields = [...CAMPAIGN_FIELDS, 'adset_id', 'adset_name', ...METRIC_FIELDS];
    yield* readReports(context, { account, level: 'adset', fields, from, to, windows: [] }, (row) => [
      {
        ...campaignValues(row, account),
        ad_set_id: row['adset_id'],
        ad_set_name: row['adset_name'],
        ...metricValues(row),
      },
    ]);
  },
  controlTotals: accountTotals,
};
