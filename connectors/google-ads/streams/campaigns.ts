import { column, type UpsertStream } from 'revops/connector';

import { accountOf, type AdsClient } from '../client.ts';
import { accountPartitions } from '../partitions.ts';
import { field } from '../values.ts';

const QUERY = `SELECT customer.id, campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type,
  campaign.advertising_channel_sub_type FROM campaign`;

export const campaigns: UpsertStream<AdsClient> = {
  name: 'campaigns',
  description: 'Every campaign with its current name and status, removed ones and ones without delivery included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    campaign_id: column.text(),
    name: column.text(),
    status: column.text(),
    channel_type: column.text(),
    channel_sub_type: column.text(),
  },
  primaryKey: ['account_id', 'campaign_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await accountOf(client, partition.key['account_id'] ?? '');
    for await (const rows of client.search(account, QUERY)) {
      yield {
        records: rows.map((row) => ({
          account_id: account.id,
          campaign_id: field(row, 'campaign.id'),
          name: field(row, 'campaign.name'),
          status: field(row, 'campaign.status'),
          channel_type: field(row, 'campaign.advertisingChannelType'),
          channel_sub_type: field(row, 'campaign.advertisingChannelSubType'),
        })),
      };
    }
  },
};
