import { column, type UpsertStream } from 'revops/connector';

import type { MetaClient } from '../client.ts';
import { accountPartitions } from '../partitions.ts';

const FIELDS = ['id', 'name', 'status', 'effective_status', 'objective', 'buying_type', 'created_time'];

export const campaigns: UpsertStream<MetaClient> = {
  name: 'campaigns',
  description: 'Every campaign with its current name and status, archived and deleted ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    campaign_id: column.text(),
    name: column.text(),
    status: column.text(),
    effective_status: column.text(),
    objective: column.text(),
    buying_type: column.text(),
    created_at: column.timestamp(),
  },
  primaryKey: ['account_id', 'campaign_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id'] ?? '');
    for await (const nodes of client.list(account, 'campaigns', FIELDS)) {
      yield {
        records: nodes.map((node) => ({
          account_id: account.id,
          campaign_id: node['id'],
          name: node['name'],
          status: node['status'],
          effective_status: node['effective_status'],
          objective: node['objective'],
          buying_type: node['buying_type'],
          created_at: node['created_time'],
        })),
      };
    }
  },
};
