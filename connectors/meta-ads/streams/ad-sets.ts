import { column, type UpsertStream } from 'revops/connector';

import type { MetaClient } from '../client.ts';
import type { Node } from '../nodes.ts';
import { accountPartitions } from '../partitions.ts';

const FIELDS = ['id', 'campaign_id', 'name', 'status', 'effective_status', 'optimization_goal', 'attribution_spec'];

export const adSets: UpsertStream<MetaClient> = {
  name: 'ad_sets',
  description: 'Every ad set with its current name, status and attribution window, archived and deleted ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    ad_set_id: column.text(),
    campaign_id: column.text(),
    name: column.text(),
    status: column.text(),
    effective_status: column.text(),
    optimization_goal: column.text(),
    click_through_days: column.bigint(),
    view_through_days: column.bigint(),
  },
  primaryKey: ['account_id', 'ad_set_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id'] ?? '');
    for await (const nodes of client.list(account, 'adsets', FIELDS)) {
      yield {
        records: nodes.map((node) => ({
          account_id: account.id,
          ad_set_id: node['id'],
          campaign_id: node['campaign_id'],
          name: node['name'],
          status: node['status'],
          effective_status: node['effective_status'],
          optimization_goal: node['optimization_goal'],
          click_through_days: windowDays(node, 'CLICK_THROUGH'),
          view_through_days: windowDays(node, 'VIEW_THROUGH'),
        })),
      };
    }
  },
};

// --- internal ---

function windowDays(node: Node, event: string): unknown {
  const spec = node['attribution_spec'];
  return Array.isArray(spec)
    ? (spec as Node[]).find((window) => window['event_type'] === event)?.['window_days']
    : undefined;
}
