import { column, type DayWindowStream } from 'revops/connector';

import { readAnalytics } from '../analytics.ts';
import type { LinkedinClient } from '../client.ts';
import { dayPartitions, daysOfSlice } from '../partitions.ts';
import { pivotId } from '../urns.ts';
import { groupColumns, groupValues, METRICS, metricColumns, metricValues, namesOf } from './facts.ts';

export const creativeDays: DayWindowStream<LinkedinClient> = {
  name: 'creative_days',
  description: 'Delivery per creative and day, with its campaign and group.',
  mode: 'window',
  schema: { ...groupColumns(), campaign_id: column.text(), creative_id: column.text(), ...metricColumns() },
  primaryKey: ['account_id', 'campaign_id', 'creative_id', 'date'],
  partitions: dayPartitions,
  day: 'date',
  restates: 30,
  sliceDays: 30,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account } = days;
    const names = namesOf(await context.client.groups(account));
    const question = { ...days, pivots: ['CAMPAIGN_GROUP', 'CAMPAIGN', 'CREATIVE'] as const, metrics: METRICS };
    for await (const elements of readAnalytics(context.client, question)) {
      yield {
        records: elements.map((element) => ({
          ...groupValues(element, account, names),
          campaign_id: pivotId('sponsoredCampaign', element['pivotValues']),
          creative_id: pivotId('sponsoredCreative', element['pivotValues']),
          ...metricValues(element),
        })),
      };
    }
  },
};
