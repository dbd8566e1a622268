/**
 * The connector's client: the platform's objects, and what is read once per run and shared by the streams.
 */
import type { ConnectContext } from 'revops/connector';

import { listAccounts, type Account } from './accounts.ts';
import { openGraph, type Graph } from './graph.ts';
import { pages, type Node } from './nodes.ts';
import type { MetaAdsOptions } from './options.ts';

export interface MetaClient {
  readonly graph: Graph;
  readonly options: MetaAdsOptions;
  /** The accounts, read once per run. */
  accounts(): Promise<Account[]>;
  /** The account of a partition, which was listed in this run. */
  account(id: string): Promise<Account>;
  /** Campaigns, ad sets or ads, archived and deleted ones included. */
  list(account: Account, edge: Edge, fields: string[]): AsyncGenerator<Node[]>;
  /** Creatives, which have no status that could leave them out. */
  creatives(account: Account, fields: string[]): AsyncGenerator<Node[]>;
}

type Edge = 'campaigns' | 'adsets' | 'ads';

/** Everything but what never was: without it archived and deleted objects are left out, with their history. */
export const STATUSES: Record<Edge, readonly string[]> = {
  campaigns: ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED', 'IN_PROCESS', 'WITH_ISSUES'],
  adsets: ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED', 'CAMPAIGN_PAUSED', 'IN_PROCESS', 'WITH_ISSUES'],
  ads: [
    'ACTIVE',
    'PAUSED',
    'ARCHIVED',
    'DELETED',
    'CAMPAIGN_PAUSED',
    'ADSET_PAUSED',
    'PENDING_REVIEW',
    'DISAPPROVED',
    'PREAPPROVED',
    'PENDING_BILLING_INFO',
    'IN_PROCESS',
    'WITH_ISSUES',
  ],
};

export async function connect(options: MetaAdsOptions, context: ConnectContext): Promise<MetaClient> {
  const graph = await openGraph(options, context);
  let listed: Promise<Account[]> | undefined;
  function accounts(): Promise<Account[]> {
    if (listed === undefined) {
      listed = listAccounts(graph, options, context.note);
      listed.catch(() => (listed = undefined));
    }
    return listed;
  }
  return {
    graph,
    options,
    accounts,
    async account(id) {
      const account = (await accounts()).find((candidate) => candidate.id === id);
      if (account === undefined) throw new Error(`account ${id} is no longer among the accounts the token reaches`);
      return account;
    },
    list(account, edge, fields) {
      const params = { effective_status: STATUSES[edge] };
      const node = graph.account(account.id);
      const ask: Record<Edge, (paging: object) => unknown> = {
        campaigns: (paging) => node.getCampaigns(fields, { ...params, ...paging }),
        adsets: (paging) => node.getAdSets(fields, { ...params, ...paging }),
        ads: (paging) => node.getAds(fields, { ...params, ...paging }),
      };
      return pages(ask[edge], 200);
    },
    creatives(account, fields) {
      const node = graph.account(account.id);
      return pages((paging) => node.getAdCreatives(fields, paging), 100);
    },
  };
}
