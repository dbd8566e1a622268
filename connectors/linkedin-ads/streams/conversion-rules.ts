import { column, type UpsertStream } from 'revops/connector';

import type { LinkedinClient } from '../client.ts';
import { stampsOf } from '../objects.ts';
import { accountPartitions } from '../partitions.ts';
import { canonicalOf } from '../rules.ts';

export const conversionRules: UpsertStream<LinkedinClient> = {
  name: 'conversion_rules',
  description: 'Every conversion rule with its type and windows, disabled ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    conversion_id: column.text(),
    name: column.text(),
    type: column.text(),
    is_enabled: column.boolean(),
    is_canonical: column.boolean(),
    conversion_method: column.text(),
    attribution_type: column.text(),
    post_click_days: column.bigint(),
    view_through_days: column.bigint(),
    created_at: column.timestamp(),
    last_modified_at: column.timestamp(),
  },
  primaryKey: ['account_id', 'conversion_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id']);
    const rules = await client.rules(account);
    const canonical = canonicalOf(client.options, account.id, rules);
    yield {
      records: rules.map(({ id, name, type, isEnabled, postClickDays, viewThroughDays, node }) => ({
        account_id: account.id,
        conversion_id: id,
        name,
        type,
        is_enabled: isEnabled,
        is_canonical: id === canonical,
        conversion_method: node['conversionMethod'],
        attribution_type: node['attributionType'],
        post_click_days: postClickDays,
        view_through_days: viewThroughDays,
        ...stampsOf(node),
      })),
    };
  },
};
