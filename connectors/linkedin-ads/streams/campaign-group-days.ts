import type { DayWindowStream } from 'revops/connector';

import { readAnalytics } from '../analytics.ts';
import type { LinkedinClient } from '../client.ts';
import { dayPartitions, daysOfSlice } from '../partitions.ts';
import { accountTotals, TOLERANCE } from '../totals.ts';
import { groupColumns, groupValues, METRICS, metricColumns, metricValues, namesOf } from './facts.ts';

export const campaignGroupDays: DayWindowStream<LinkedinClient> = {
  name: 'campaign_group_days',
  description: 'Delivery per campaign group and day, removed groups included: the total.',
  mode: 'window',
  schema: { ...groupColumns(), ...metricColumns() },
  primaryKey: ['account_id', 'campaign_group_id', 'date'],
  reported: ['spend', 'impressions', 'clicks'],
  partitions: dayPartitions,
  day: 'date',
  restates: 30,
  sliceDays: 30,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account } = days;
    const names = namesOf(await context.client.groups(account));
    for await (const elements of readAnalytics(context.client, {
      ...days,
      pivots: ['CAMPAIGN_GROUP'],
      metrics: METRICS,
    }))
      yield {
        records: elements.map((element) => ({ ...groupValues(element, account, names), ...metricValues(element) })),
      };
  },
  controlTotals: accountTotals,
  controlTolerance: TOLERANCE,
};
