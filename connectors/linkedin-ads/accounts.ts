/**
 * The ad accounts the member has a role on.
 */
import type { Api } from './api.ts';
import { textOf, type Node } from './json.ts';
import type { LinkedinAdsOptions } from './options.ts';
import { byToken, gathered } from './pages.ts';

export interface Account {
  id: string;
  name: string | undefined;
  currency: string | undefined;
  /** Lower case: active, draft, canceled, pending_deletion, removed. */
  status: string;
  type: string | undefined;
  isTest: boolean;
}

/** In order of id. Accounts that are canceled are among them: their history can still be read. */
export async function listAccounts(
  api: Api,
  options: LinkedinAdsOptions,
  note: (message: string) => void,
): Promise<Account[]> {
  const found = (await gathered(byToken(api, 'adAccounts', 'search', {}, 500))).map(accountOf);
  const wanted = options.accountIds;
  for (const id of wanted ?? []) {
    if (!found.some((account) => account.id === id))
      note(`account ${id} is skipped: the member of the token has no role on it`);
  }
  const accounts = found.filter((account) => wanted === undefined || wanted.includes(account.id));
  for (const { id, status } of accounts) if (status !== 'active') note(`account ${id} is ${status}`);
  return accounts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

// --- internal ---

function accountOf(node: Node): Account {
  return {
    id: textOf(node['id']) ?? '',
    name: textOf(node['name']),
    currency: textOf(node['currency']),
    status: (textOf(node['status']) ?? 'unknown').toLowerCase(),
    type: textOf(node['type']),
    isTest: node['test'] === true,
  };
}
