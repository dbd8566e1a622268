import { column, type UpsertStream } from 'revops/connector';

import { accountOf, type AdsClient } from '../client.ts';
import { canonicalAction } from '../conversion-actions.ts';
import { accountPartitions } from '../partitions.ts';

export const conversionActions: UpsertStream<AdsClient> = {
  name: 'conversion_actions',
  description: 'What each account counts as a conversion, and for how long after a click.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    conversion_action_id: column.text(),
    name: column.text(),
    category: column.text(),
    status: column.text(),
    type: column.text(),
    is_primary: column.boolean(),
    is_in_conversions: column.boolean(),
    is_canonical: column.boolean(),
    counting_type: column.text(),
    click_through_days: column.bigint(),
    view_through_days: column.bigint(),
  },
  primaryKey: ['account_id', 'conversion_action_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await accountOf(client, partition.key['account_id'] ?? '');
    const actions = await client.conversionActions(account);
    const canonical = canonicalAction(actions, client.options.canonicalConversionAction);
    yield {
      records: actions.map((action) => ({
        account_id: account.id,
        conversion_action_id: action.id,
        name: action.name,
        category: action.category,
        status: action.status,
        type: action.type,
        is_primary: action.isPrimary,
        is_in_conversions: action.includeInConversions,
        is_canonical: action === canonical,
        counting_type: action.countingType,
        click_through_days: action.clickThroughDays,
        view_through_days: action.viewThroughDays,
      })),
    };
  },
};
