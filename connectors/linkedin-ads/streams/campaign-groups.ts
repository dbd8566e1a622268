import { column, type UpsertStream } from 'revops/connector';

import type { LinkedinClient } from '../client.ts';
import { amountOf, scheduleOf, stampsOf } from '../objects.ts';
import { accountPartitions } from '../partitions.ts';

export const campaignGroups: UpsertStream<LinkedinClient> = {
  name: 'campaign_groups',
  description: 'Every campaign group with its current name and status, removed ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    campaign_group_id: column.text(),
    name: column.text(),
    status: column.text(),
    objective_type: column.text(),
    total_budget: column.decimal(),
    run_start: column.timestamp(),
    run_end: column.timestamp(),
    created_at: column.timestamp(),
    last_modified_at: column.timestamp(),
  },
  primaryKey: ['account_id', 'campaign_group_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id']);
    yield {
      records: (await client.groups(account)).map((node) => ({
        account_id: account.id,
        campaign_group_id: node['id'],
        name: node['name'],
        status: node['status'],
        objective_type: node['objectiveType'],
        total_budget: amountOf(node['totalBudget']),
        ...scheduleOf(node),
        ...stampsOf(node),
      })),
    };
  },
};
