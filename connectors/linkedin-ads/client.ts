/**
 * The connector's client: the API, and what is read once per run and shared by the streams.
 */
import type { ConnectContext } from 'revops/connector';

import { listAccounts, type Account } from './accounts.ts';
import { openApi, type Api } from './api.ts';
import type { Node } from './json.ts';
import { listCampaigns, listGroups } from './objects.ts';
import type { LinkedinAdsOptions } from './options.ts';
import { listRules, type Rule } from './rules.ts';

export interface LinkedinClient {
  readonly api: Api;
  readonly options: LinkedinAdsOptions;
  accounts(): Promise<Account[]>;
  /** The account of a partition, which was listed in this run. */
  account(id: string | undefined): Promise<Account>;
  groups(account: Account): Promise<Node[]>;
  campaigns(account: Account): Promise<Node[]>;
  rules(account: Account): Promise<Rule[]>;
}

export async function connect(options: LinkedinAdsOptions, context: ConnectContext): Promise<LinkedinClient> {
  const api = openApi(options, context);
  const once = oncePerKey();
  const accounts = (): Promise<Account[]> => once('accounts', () => listAccounts(api, options, context.note));
  return {
    api,
    options,
    accounts,
    async account(id) {
      // Not left to the platform: it answers for an account without a role as if nothing had been delivered.
      const account = (await accounts()).find((candidate) => candidate.id === id);
      if (account === undefined) throw new Error(`account ${id} is no longer among those the member has a role on`);
      return account;
    },
    groups: (account) => once(`groups ${account.id}`, () => listGroups(api, account)),
    campaigns: (account) => once(`campaigns ${account.id}`, () => listCampaigns(api, account)),
    rules: (account) => once(`rules ${account.id}`, () => listRules(api, account)),
  };
}

// --- internal ---

/** The result of the first call for a key that succeeds, for all calls with it. */
function oncePerKey(): <T>(key: string, make: () => Promise<T>) => Promise<T> {
  const made = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const known = made.get(key);
    if (known !== undefined) return known as Promise<T>;
    const promise = make();
    made.set(key, promise);
    promise.catch(() => made.delete(key));
    return promise;
  };
}
