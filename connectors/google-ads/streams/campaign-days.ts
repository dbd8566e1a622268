import { inWholeDays, type DayWindowStream, type SourceRecord } from 'revops/connector';

import type { AdsClient } from '../client.ts';
import { daysOfSlice, factPartitions } from '../partitions.ts';
import { field, fromMicros, text, type AdsRow } from '../values.ts';
import { ACCOUNT_AND_CAMPAIGN, accountColumns, accountValues, METRICS, metricColumns, metricValues } from './facts.ts';

export const campaignDays: DayWindowStream<AdsClient> = {
  name: 'campaign_days',
  description: 'Delivery and conversions per campaign and day. The total: Performance Max has no lower grain with ads.',
  mode: 'window',
  schema: { ...accountColumns(), ...metricColumns() },
  primaryKey: ['account_id', 'campaign_id', 'date'],
  reported: ['cost', 'impressions', 'clicks'],
  partitions: factPartitions,
  day: 'date',
  restates: 33,
  sliceDays: 90,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account, from, to } = days;
    // No filter on status: removed campaigns keep their history.
    const query = `SELECT ${ACCOUNT_AND_CAMPAIGN}, ${METRICS} FROM campaign WHERE segments.date BETWEEN '${from}' AND '${to}' ORDER BY segments.date`;
    const record = (row: AdsRow): SourceRecord => ({ ...accountValues(row, account), ...metricValues(row) });
    yield* inWholeDays(context.client.search(account, query), record, 'date');
  },
  /** From the account's own grain. None while a day of the slice is still running: it moves between two requests. */
  async controlTotals(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null || days.isRunning) return {};
    const { account, from, to } = days;
    const query = `SELECT metrics.cost_micros, metrics.clicks FROM customer WHERE segments.date BETWEEN '${from}' AND '${to}'`;
    const [row] = await context.client.searchAll(account, query);
    if (row === undefined) return { cost: '0', clicks: '0' };
    return {
      cost: fromMicros(field(row, 'metrics.costMicros')) ?? '0',
      clicks: text(field(row, 'metrics.clicks')) ?? '0',
    };
  },
};
