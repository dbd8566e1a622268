/**
 * The ad accounts a token reaches.
 */
import type { Graph } from './graph.ts';
import { pages, type Node } from './nodes.ts';
import type { MetaAdsOptions } from './options.ts';

export interface Account {
  /** Digits, without `act_`. */
  id: string;
  name: string | undefined;
  currency: string | undefined;
  timeZone: string;
  /** Lower case: active, disabled, unsettled, closed, … */
  status: string;
}

const FIELDS = ['account_id', 'name', 'currency', 'timezone_name', 'account_status'];

/** In order of id. Accounts that are closed or disabled are among them: their history can still be read. */
export async function listAccounts(
  graph: Graph,
  options: MetaAdsOptions,
  note: (message: string) => void,
): Promise<Account[]> {
  const found: Account[] = [];
  for await (const nodes of pages((paging) => graph.me().getAdAccounts(FIELDS, paging), 100))
    found.push(...nodes.map(accountOf));
  const wanted = options.accountIds;
  for (const id of wanted ?? []) {
    if (!found.some((account) => account.id === id))
      note(`account ${id} is skipped: it is not among the accounts the token reaches`);
  }
  const accounts = found.filter((account) => wanted === undefined || wanted.includes(account.id));
  for (const { id, status } of accounts) if (status !== 'active') note(`account ${id} is ${status}`);
  return accounts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

// --- internal ---

const STATUSES: Record<string, string> = {
  1: 'active',
  2: 'disabled',
  3: 'unsettled',
  7: 'pending_risk_review',
  8: 'pending_settlement',
  9: 'in_grace_period',
  100: 'pending_closure',
  101: 'closed',
};

function accountOf(node: Node): Account {
  const text = (name: string): string | undefined => (typeof node[name] === 'string' ? node[name] : undefined);
  const status = String(node['account_status']);
  return {
    id: text('account_id') ?? String(node['id']).replace(/^act_/, ''),
    name: text('name'),
    currency: text('currency'),
    timeZone: text('timezone_name') ?? 'UTC',
    status: STATUSES[status] ?? status,
  };
}
