import { column, type UpsertStream } from 'revops/connector';

import type { LinkedinClient } from '../client.ts';
import { objectOf } from '../json.ts';
import { creativePages, stampsOf } from '../objects.ts';
import { accountPartitions } from '../partitions.ts';
import { idOf } from '../urns.ts';

export const creatives: UpsertStream<LinkedinClient> = {
  name: 'creatives',
  description: 'Every creative with its campaign and status.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    creative_id: column.text(),
    campaign_id: column.text(),
    name: column.text(),
    intended_status: column.text(),
    is_serving: column.boolean(),
    content_reference: column.text(),
    created_at: column.timestamp(),
    last_modified_at: column.timestamp(),
  },
  primaryKey: ['account_id', 'creative_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await client.account(partition.key['account_id']);
    for await (const nodes of creativePages(client.api, account)) {
      yield {
        records: nodes.map((node) => ({
          account_id: account.id,
          creative_id: idOf('sponsoredCreative', node['id']),
          campaign_id: idOf('sponsoredCampaign', node['campaign']),
          name: node['name'],
          intended_status: node['intendedStatus'],
          is_serving: node['isServing'],
          content_reference: objectOf(node['content'])['reference'],
          ...stampsOf(node),
        })),
      };
    }
  },
};
