import { column, type UpsertStream } from 'revops/connector';

import type { AdsClient } from '../client.ts';

export const accounts: UpsertStream<AdsClient> = {
  name: 'accounts',
  description: 'Every ad account the user reaches, managers and closed ones included, each once.',
  mode: 'upsert',
  snapshot: true,
  schema: {
    account_id: column.text(),
    name: column.text(),
    currency: column.text(),
    time_zone: column.text(),
    status: column.text(),
    is_manager: column.boolean(),
    is_test: column.boolean(),
    is_hidden: column.boolean(),
    login_customer_id: column.text(),
  },
  primaryKey: ['account_id'],
  async *read({ client }) {
    const { accounts: found } = await client.hierarchy();
    yield {
      records: found.map((account) => ({
        account_id: account.id,
        name: account.name,
        currency: account.currency,
        time_zone: account.timeZone,
        status: account.status,
        is_manager: account.isManager,
        is_test: account.isTest,
        is_hidden: account.isHidden,
        login_customer_id: account.loginCustomerId,
      })),
    };
  },
};
