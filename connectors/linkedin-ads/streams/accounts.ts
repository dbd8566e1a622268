import { column, type UpsertStream } from 'revops/connector';

import type { LinkedinClient } from '../client.ts';
import { TIME_ZONE } from '../days.ts';

export const accounts: UpsertStream<LinkedinClient> = {
  name: 'accounts',
  description: 'Every ad account the member has a role on, canceled ones included.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    name: column.text(),
    currency: column.text(),
    time_zone: column.text(),
    status: column.text(),
    type: column.text(),
    is_test: column.boolean(),
  },
  primaryKey: ['account_id'],
  async *read({ client }) {
    const records = (await client.accounts()).map(({ id, name, currency, status, type, isTest }) => ({
      account_id: id,
      name,
      currency,
      time_zone: TIME_ZONE,
      status,
      type,
      is_test: isTest,
    }));
    yield { records };
  },
};
