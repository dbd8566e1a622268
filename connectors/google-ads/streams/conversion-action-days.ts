import { column, inWholeDays, type DayWindowStream, type SourceRecord } from 'revops/connector';

import type { AdsClient } from '../client.ts';
import { canonicalAction } from '../conversion-actions.ts';
import { daysOfSlice, factPartitions } from '../partitions.ts';
import { field, lastPart, sixPlaces, type AdsRow } from '../values.ts';
import { ACCOUNT_AND_CAMPAIGN, accountColumns, accountValues } from './facts.ts';

// Cost and clicks cannot be asked with these segments: rows multiply by action.
const ACTION = `segments.conversion_action, segments.conversion_action_name, segments.conversion_action_category,
  metrics.conversions, metrics.conversions_value, metrics.all_conversions, metrics.all_conversions_value`;

export const conversionActionDays: DayWindowStream<AdsClient> = {
  name: 'conversion_action_days',
  description: 'Conversions per campaign, conversion action and day of the click, as the platform claims them.',
  mode: 'window',
  schema: {
    ...accountColumns(),
    conversion_action_id: column.text(),
    conversion_action_name: column.text(),
    conversion_action_category: column.text(),
    is_primary: column.boolean(),
    is_in_conversions: column.boolean(),
    is_canonical: column.boolean(),
    conversions: column.double(),
    conversions_value: column.decimal(),
    all_conversions: column.double(),
    all_conversions_value: column.decimal(),
  },
  primaryKey: ['account_id', 'campaign_id', 'conversion_action_id', 'date'],
  partitions: factPartitions,
  day: 'date',
  restates: 33,
  sliceDays: 90,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { client } = context;
    const { account, from, to } = days;
    const actions = await client.conversionActions(account);
    const byId = new Map(actions.map((action) => [action.id, action]));
    const canonical = canonicalAction(actions, client.options.canonicalConversionAction);
    const query = `SELECT ${ACCOUNT_AND_CAMPAIGN}, ${ACTION} FROM campaign WHERE segments.date BETWEEN '${from}' AND '${to}' ORDER BY segments.date`;
    const record = (row: AdsRow): SourceRecord => {
      const id = lastPart(field(row, 'segments.conversionAction'));
      return {
        ...accountValues(row, account),
        conversion_action_id: id,
        conversion_action_name: field(row, 'segments.conversionActionName'),
        conversion_action_category: field(row, 'segments.conversionActionCategory'),
        is_primary: byId.get(id ?? '')?.isPrimary,
        is_in_conversions: byId.get(id ?? '')?.includeInConversions,
        is_canonical: canonical !== undefined && canonical.id === id,
        conversions: field(row, 'metrics.conversions'),
        conversions_value: sixPlaces(field(row, 'metrics.conversionsValue')),
        all_conversions: field(row, 'metrics.allConversions'),
        all_conversions_value: sixPlaces(field(row, 'metrics.allConversionsValue')),
      };
    };
    yield* inWholeDays(client.search(account, query), record, 'date');
  },
};
