import { column, type UpsertStream } from 'revops/connector';

import type { MetaClient } from '../client.ts';
import { accountPartitions } from '../partitions.ts';

const FIELDS = ['id', 'name', 'status', 'object_type', 'call_to_action_type', 'url_tags', 'effective_object_story_id'];

export const adCreatives: UpsertStream<MetaClient> = {
  name: 'ad_creatives',
  description:
    'Every creative with the parameters that it adds to its links. The platform reports no click ids, so these tell which clicks are whose.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    creative_id: column.text(),
    name: column.text(),
    status: column.text(),
    object_type: column.text(),
    call_to_action: column.text(),
    url_tags: column.text(),
    story_id: column.text(),
  },
  primaryKey: ['account_id', 'creative_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id'] ?? '');
    for await (const nodes of client.creatives(account, FIELDS)) {
      yield {
        records: nodes.map((node) => ({
          account_id: account.id,
          creative_id: node['id'],
          name: node['name'],
          status: node['status'],
          object_type: node['object_type'],
          call_to_action: node['call_to_action_type'],
          url_tags: node['url_tags'],
          story_id: node['effective_object_story_id'],
        })),
      };
    }
  },
};
