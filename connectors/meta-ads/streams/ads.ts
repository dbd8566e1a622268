import { column, type UpsertStream } from 'revops/connector';

import type { MetaClient } from '../client.ts';
import type { Node } from '../nodes.ts';
import { accountPartitions } from '../partitions.ts';

const FIELDS = ['id', 'campaign_id', 'adset_id', 'name', 'status', 'effective_status', 'creative', 'created_time'];

export const ads: UpsertStream<MetaClient> = {
  name: 'ads',
  description: 'Every ad with its ad set, creative, current name and status, archived and deleted ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    ad_id: column.text(),
    campaign_id: column.text(),
    ad_set_id: column.text(),
    creative_id: column.text(),
    name: column.text(),
    status: column.text(),
    effective_status: column.text(),
    created_at: column.timestamp(),
  },
  primaryKey: ['account_id', 'ad_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id'] ?? '');
    for await (const nodes of client.list(account, 'ads', FIELDS)) {
      yield {
        records: nodes.map((node) => ({
          account_id: account.id,
          ad_id: node['id'],
          campaign_id: node['campaign_id'],
          ad_set_id: node['adset_id'],
          creative_id: (node['creative'] as Node | undefined)?.['id'],
          name: node['name'],
          status: node['status'],
          effective_status: node['effective_status'],
          created_at: node['created_time'],
        })),
      };
    }
  },
};
