/**
 * The connector's client: the transport, and what is read once per run and shared by the streams.
 */
import type { ConnectContext } from 'revops/connector';

import { listAccounts, type Account, type Hierarchy } from './accounts.ts';
import { readActions, type ConversionAction } from './conversion-actions.ts';
import type { GoogleAdsOptions } from './options.ts';
import { openTransport, type Transport } from './transport.ts';

export interface AdsClient extends Transport {
  /** The accounts, read once per run. */
  hierarchy(): Promise<Hierarchy>;
  /** The conversion actions of an account, read once per run. */
  conversionActions(account: Account): Promise<ConversionAction[]>;
}

export async function connect(options: GoogleAdsOptions, context: ConnectContext): Promise<AdsClient> {
  const transport = await openTransport(options, context);
  return {
    ...transport,
    hierarchy: oncePer(
      () => '',
      () => listAccounts(transport, context.note),
    ),
    conversionActions: oncePer(
      (account: Account) => account.id,
      (account) => readActions(transport, account),
    ),
  };
}

/** Accounts with facts of their own that can be asked: enabled and no managers. */
export async function readableAccounts(client: AdsClient): Promise<Account[]> {
  const { accounts } = await client.hierarchy();
  return accounts.filter((account) => account.status === 'ENABLED' && !account.isManager);
}

/** An account by its id; the partition of a slice names one that was listed in this run. */
export async function accountOf(client: AdsClient, id: string): Promise<Account> {
  const { accounts } = await client.hierarchy();
  const account = accounts.find((candidate) => candidate.id === id);
  if (account === undefined) throw new Error(`account ${id} is no longer among the accounts the user reaches`);
  return account;
}

// --- internal ---

/** The result of the first call that succeeds, for all calls with the same key. */
function oncePer<A extends unknown[], T>(
  keyOf: (...given: A) => string,
  make: (...given: A) => Promise<T>,
): (...given: A) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (...given) => {
    const key = keyOf(...given);
    const known = made.get(key);
    if (known !== undefined) return known;
    const promise = make(...given);
    made.set(key, promise);
    promise.catch(() => made.delete(key));
    return promise;
  };
}
