import { column, type UpsertStream } from 'revops/connector';

import { accountOf, type AdsClient } from '../client.ts';
import { accountPartitions } from '../partitions.ts';
import { field } from '../values.ts';

const QUERY = `SELECT customer.id, campaign.id, asset_group.id, asset_group.name, asset_group.status, asset_group.ad_strength FROM asset_group`;

export const assetGroups: UpsertStream<AdsClient> = {
  name: 'asset_groups',
  description: 'Every asset group of Performance Max with its current name and status.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    asset_group_id: column.text(),
    campaign_id: column.text(),
    name: column.text(),
    status: column.text(),
    ad_strength: column.text(),
  },
  primaryKey: ['account_id', 'asset_group_id'],
  partitions: accountPartitions,
  async *read({ client }, { partition }) {
    const account = await accountOf(client, partition.key['account_id'] ?? '');
    for await (const rows of client.search(account, QUERY)) {
      yield {
        records: rows.map((row) => ({
          account_id: account.id,
          asset_group_id: field(row, 'assetGroup.id'),
          campaign_id: field(row, 'campaign.id'),
          name: field(row, 'assetGroup.name'),
          status: field(row, 'assetGroup.status'),
          ad_strength: field(row, 'assetGroup.adStrength'),
        })),
      };
    }
  },
};
