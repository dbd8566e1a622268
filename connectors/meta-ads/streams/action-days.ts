import { column, type DayWindowStream } from 'revops/connector';

import { explodeActions } from '../actions.ts';
import type { MetaClient } from '../client.ts';
import { canonicalActionOf } from '../options.ts';
import { dayPartitions, daysOfSlice } from '../partitions.ts';
import { readReports, SLICE_DAYS } from '../reports.ts';
import { WINDOWS } from '../windows.ts';
import { CAMPAIGN_FIELDS, campaignColumns, campaignValues } from './facts.ts';

export const actionDays: DayWindowStream<MetaClient> = {
  name: 'action_days',
  description:
    'Conversions per campaign, action type, attribution window and day, as the platform claims them. Types overlap.',
  mode: 'window',
  schema: {
    ...campaignColumns(),
    action_type: column.text(),
    attribution_window: column.text(),
    is_canonical: column.boolean(),
    conversions: column.double(),
    conversion_value: column.decimal(),
  },
  primaryKey: ['account_id', 'campaign_id', 'action_type', 'attribution_window', 'date'],
  partitions: dayPartitions,
  day: 'date',
  restates: 28,
  sliceDays: SLICE_DAYS,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account, from, to } = days;
    const canonical = canonicalActionOf(context.client.options, account.id);
    const report = {
      account,
      level: 'campaign' as const,
      fields: [...CAMPAIGN_FIELDS, 'actions', 'action_values'],
      from,
      to,
      windows: WINDOWS,
    };
    yield* readReports(context, report, (row) =>
      explodeActions(row, canonical).map((action) => ({ ...campaignValues(row, account), ...action })),
    );
  },
};
