/**
 * Which accounts there are and how each is reached: what the user reaches directly, and everything below managers.
 */
import { GoogleAdsRequestError } from './failures.ts';
import type { Target } from './sdk.ts';
import type { Transport } from './transport.ts';
import { field, type AdsRow } from './values.ts';

export interface Account extends Target {
  id: string;
  name: string | undefined;
  currency: string | undefined;
  timeZone: string;
  status: string;
  isManager: boolean;
  isTest: boolean;
  isHidden: boolean;
  /** Steps below the account through which it was found. */
  level: string;
}

export interface Hierarchy {
  /** Every account found, each once, managers and closed ones included. */
  accounts: Account[];
  /** Accounts the user reaches that could not be read, with the platform's reason. */
  unreadable: { id: string; reason: string }[];
}

/** Reads the hierarchy. Accounts that are cancelled or suspended are noted, they do not fail the run. */
export async function listAccounts(transport: Transport, note: (message: string) => void): Promise<Hierarchy> {
  const { loginCustomerId, customerIds } = transport.options;
  const roots = loginCustomerId === undefined ? await transport.directCustomers() : [loginCustomerId];
  const found = new Map<string, Account>();
  const unreadable: Hierarchy['unreadable'] = [];
  for (const root of roots.toSorted()) {
    try {
      for (const account of await below(transport, root)) {
        const known = found.get(account.id);
        // Directly reachable is the shortest way; otherwise the first one found stays.
        if (known === undefined || Number(account.level) < Number(known.level)) found.set(account.id, account);
      }
    } catch (error) {
      const reason = closedReason(error);
      if (reason === null) throw error;
      unreadable.push({ id: root, reason });
      note(`account ${root} is skipped: ${reason}`);
    }
  }
  const accounts = [...found.values()].filter(
    (account) => customerIds === undefined || customerIds.includes(account.id),
  );
  for (const id of customerIds ?? []) {
    if (found.has(id) || unreadable.some((account) => account.id === id)) continue;
    unreadable.push({ id, reason: 'not found among the accounts the user reaches' });
    note(`account ${id} is skipped: not found among the accounts the user reaches`);
  }
  for (const { id, status, isManager } of accounts) {
    if (status !== 'ENABLED' && !isManager)
      note(`account ${id} is ${status.toLowerCase()}: its history is kept, nothing new is read`);
  }
  return { accounts: accounts.toSorted((a, b) => (a.id < b.id ? -1 : 1)), unreadable };
}

// --- internal ---

const CLIENTS = `SELECT customer_client.id, customer_client.level, customer_client.manager, customer_client.descriptive_name,
  customer_client.currency_code, customer_client.time_zone, customer_client.status, customer_client.hidden, customer_client.test_account
  FROM customer_client`;

const ITSELF = `SELECT customer.id, customer.manager, customer.descriptive_name, customer.currency_code, customer.time_zone,
  customer.status, customer.test_account FROM customer`;

/** A manager with all below it; for any other account itself (it has no rows in `customer_client`). */
async function below(transport: Transport, root: string): Promise<Account[]> {
  const target: Target = { customerId: root, loginCustomerId: root };
  const rows = await transport.searchAll(target, CLIENTS);
  if (rows.length > 0) return rows.map((row) => accountOf(row, 'customerClient', root));
  return (await transport.searchAll(target, ITSELF)).map((row) => accountOf(row, 'customer', root));
}

function accountOf(row: AdsRow, entity: 'customer' | 'customerClient', root: string): Account {
  const value = (name: string): unknown => field(row, `${entity}.${name}`);
  const optional = (name: string): string | undefined => (value(name) === undefined ? undefined : String(value(name)));
  const id = String(value('id'));
  return {
    id,
    customerId: id,
    loginCustomerId: root,
    name: optional('descriptiveName'),
    currency: optional('currencyCode'),
    timeZone: optional('timeZone') ?? 'UTC',
    status: optional('status') ?? 'UNKNOWN',
    isManager: value('manager') === true,
    isTest: value('testAccount') === true,
    isHidden: value('hidden') === true,
    level: optional('level') ?? '0',
  };
}

function closedReason(error: unknown): string | null {
  const cause = error instanceof Error && error.cause instanceof GoogleAdsRequestError ? error.cause : error;
  if (!(cause instanceof GoogleAdsRequestError) || !cause.has('authorizationError', 'CUSTOMER_NOT_ENABLED'))
    return null;
  return 'it is cancelled, suspended or not set up';
}
