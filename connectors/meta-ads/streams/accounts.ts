import { column, type UpsertStream } from 'revops/connector';

import type { MetaClient } from '../client.ts';

export const accounts: UpsertStream<MetaClient> = {
  name: 'accounts',
  description: 'Every ad account the token reaches, closed ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    name: column.text(),
    currency: column.text(),
    time_zone: column.text(),
    status: column.text(),
  },
  primaryKey: ['account_id'],
  async *read({ client }) {
    const records = (await client.accounts()).map(({ id, name, currency, timeZone, status }) => ({
      account_id: id,
      name,
      currency,
      time_zone: timeZone,
      status,
    }));
    yield { records };
  },
};
