import { describe, expect, test } from 'vitest';

import { accountsAgainstProject, type AccountsProject } from '../../src/cli/doctor-accounts.ts';
import type { Diagnosis } from '../../src/connector/contract.ts';

const project: AccountsProject = { folder: '/nowhere', currency: 'EUR', timeZone: 'Europe/Berlin', connectors: [] };
const withRates: AccountsProject = { ...project, connectors: [{ streams: [{ feed: 'fx_rates' }] as never }] };

function account(id: string, currency: string | undefined, timeZone: string): Diagnosis {
  const facts = { timeZone, ...(currency === undefined ? {} : { currency }) };
  return { subject: `account ${id}`, status: 'ok', message: id, account: facts };
}

describe('accounts against the project', () => {
  test('agree without a word too many', () => {
    expect(accountsAgainstProject([account('1', 'EUR', 'Europe/Berlin')], project)).toEqual([
      { subject: 'currency', status: 'ok', message: "EUR, as the project's" },
      { subject: 'time zone', status: 'ok', message: "Europe/Berlin, as the project's" },
    ]);
  });

  test('in another currency need rates, and the accounts are named', () => {
    const lines = [
      account('1', 'USD', 'America/New_York'),
      account('2', 'EUR', 'Europe/Berlin'),
      account('3', 'USD', 'UTC'),
    ];
    const [currency, zone] = accountsAgainstProject(lines, project);
    expect(currency).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('USD (account 1, account 3)'),
    });
    expect(currency?.message).toContain('give the feed fx_rates');
    expect(zone).toMatchObject({
      status: 'ok',
      message:
        "America/New_York (account 1); UTC (account 3); days of spend stay the account's, the project's are of Europe/Berlin",
    });
    expect(accountsAgainstProject(lines, withRates)[0]).toMatchObject({
      status: 'ok',
      message: 'USD (account 1, account 3); converted to EUR by the rates of the project',
    });
  });

  test('of which nothing is told have no line', () => {
    const told: Diagnosis[] = [{ subject: 'credentials', status: 'ok', message: 'accepted' }];
    expect(accountsAgainstProject(told, project)).toEqual([]);
    expect(accountsAgainstProject([...told, account('1', undefined, 'UTC')], project)).toHaveLength(1);
  });
});
