import type { DayWindowStream } from 'revops/connector';

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

export const campaignDays: DayWindowStream<MetaClient> = {
  name: 'campaign_days',
  description: 'Delivery per campaign and day, archived and deleted campaigns included: the total.',
  mode: 'window',
  schema: { ...campaignColumns(), ...metricColumns() },
  primaryKey: ['account_id', 'campaign_id', 'date'],
  reported: ['spend', 'impressions', 'link_clicks'],
  partitions: dayPartitions,
  day: 'date',
  restates: 28,
  sliceDays: SLICE_DAYS,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account, from, to } = days;
    const report = {
      account,
      level: 'campaign' as const,
      fields: [...CAMPAIGN_FIELDS, ...METRIC_FIELDS],
      from,
      to,
      windows: [],
    };
    yield* readReports(context, report, (row) => [{ ...campaignValues(row, account), ...metricValues(row) }]);
  },
  controlTotals: accountTotals,
};
