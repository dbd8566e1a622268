import { column, type UpsertStream } from 'revops/connector';

import type { LinkedinClient } from '../client.ts';
import { amountOf, scheduleOf, stampsOf } from '../objects.ts';
import { accountPartitions } from '../partitions.ts';
import { idOf } from '../urns.ts';

export const campaigns: UpsertStream<LinkedinClient> = {
  name: 'campaigns',
  description: 'Every campaign with its group, current name and status, removed ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    campaign_id: column.text(),
    campaign_group_id: column.text(),
    name: column.text(),
    status: column.text(),
    type: column.text(),
    objective_type: column.text(),
    cost_type: column.text(),
    format: column.text(),
    daily_budget: column.decimal(),
    total_budget: column.decimal(),
    run_start: column.timestamp(),
    run_end: column.timestamp(),
    created_at: column.timestamp(),
    last_modified_at: column.timestamp(),
  },
  primaryKey: ['account_id', 'campaign_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id']);
    yield {
      records: (await client.campaigns(account)).map((node) => ({
        account_id: account.id,
        campaign_id: node['id'],
        campaign_group_id: idOf('sponsoredCampaignGroup', node['campaignGroup']),
        name: node['name'],
        status: node['status'],
        type: node['type'],
        objective_type: node['objectiveType'],
        cost_type: node['costType'],
        format: node['format'],
        daily_budget: amountOf(node['dailyBudget']),
        total_budget: amountOf(node['totalBudget']),
        ...scheduleOf(node),
        ...stampsOf(node),
      })),
    };
  },
};
