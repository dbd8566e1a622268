import { column, type DayWindowStream } from 'revops/connector';

import { readAnalytics } from '../analytics.ts';
import type { LinkedinClient } from '../client.ts';
import { dayPartitions, daysOfSlice } from '../partitions.ts';
import { accountTotals, TOLERANCE } from '../totals.ts';
import { pivotId } from '../urns.ts';
import { groupColumns, groupValues, METRICS, metricColumns, metricValues, namesOf } from './facts.ts';

export const campaignDays: DayWindowStream<LinkedinClient> = {
  name: 'campaign_days',
  description: 'Delivery per campaign and day, with its group, removed campaigns included.',
  mode: 'window',
  schema: { ...groupColumns(), campaign_id: column.text(), campaign_name: column.text(), ...metricColumns() },
  primaryKey: ['account_id', 'campaign_group_id', 'campaign_id', 'date'],
  reported: ['spend', 'impressions', 'clicks'],
  partitions: dayPartitions,
  day: 'date',
  restates: 30,
  sliceDays: 30,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { client } = context;
    const { account } = days;
    const groupNames = namesOf(await client.groups(account));
    const campaignNames = namesOf(await client.campaigns(account));
    const question = { ...days, pivots: ['CAMPAIGN_GROUP', 'CAMPAIGN'] as const, metrics: METRICS };
    for await (const elements of readAnalytics(client, question)) {
      yield {
        records: elements.map((element) => {
          const campaignId = pivotId('sponsoredCampaign', element['pivotValues']);
          return {
            ...groupValues(element, account, groupNames),
            campaign_id: campaignId,
            campaign_name: campaignNames.get(campaignId),
            ...metricValues(element),
          };
        }),
      };
    }
  },
  controlTotals: accountTotals,
  controlTolerance: TOLERANCE,
};
