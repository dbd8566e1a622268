/**
 * Currencies and time zones of the accounts behind the sources, held against the project's.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Connector, Diagnosis } from '../connector/contract.ts';

/** What is needed of a project. */
export interface AccountsProject {
  folder: string;
  currency: string;
  timeZone: string;
  connectors: readonly Pick<Connector, 'streams'>[];
}

/** A line each on currencies and on time zones, where the connector's checks told any. */
export function accountsAgainstProject(lines: readonly Diagnosis[], project: AccountsProject): Diagnosis[] {
  const currencies = othersOf(lines, 'currency', project.currency);
  const zones = othersOf(lines, 'timeZone', project.timeZone);
  return [...currencyLine(currencies, project), ...zoneLine(zones, project)];
}

// --- internal ---

type Others = Map<string, string[]> | null;

/** What is not the project's, with the subjects that told it; null where nothing was told. */
function othersOf(lines: readonly Diagnosis[], fact: 'currency' | 'timeZone', own: string): Others {
  const told = lines.flatMap(({ subject, account }) => {
    const value = account?.[fact];
    return value === undefined ? [] : [{ subject, value }];
  });
  if (told.length === 0) return null;
  const others = new Map<string, string[]>();
  for (const { subject, value } of told) {
    if (value !== own) others.set(value, [...(others.get(value) ?? []), subject]);
  }
  return others;
}

function currencyLine(others: Others, project: AccountsProject): Diagnosis[] {
  if (others === null) return [];
  const subject = 'currency';
  if (others.size === 0) return [{ subject, status: 'ok', message: `${project.currency}, as the project's` }];
  const listed = describe(others);
  return hasRates(project)
    ? [{ subject, status: 'ok', message: `${listed}; converted to ${project.currency} by the rates of the project` }]
    : [
        {
          subject,
          status: 'warning',
          message: `${listed}; the project counts in ${project.currency} and has no rates: give the feed fx_rates, else these amounts are NULL`,
        },
      ];
}

function zoneLine(others: Others, { timeZone }: AccountsProject): Diagnosis[] {
  if (others === null) return [];
  const subject = 'time zone';
  const message =
    others.size === 0
      ? `${timeZone}, as the project's`
      : `${describe(others)}; days of spend stay the account's, the project's are of ${timeZone}`;
  return [{ subject, status: 'ok', message }];
}

function describe(others: ReadonlyMap<string, readonly string[]>): string {
  return [...others].map(([value, subjects]) => `${value} (${subjects.join(', ')})`).join('; ');
}

function hasRates({ connectors, folder }: AccountsProject): boolean {
  return (
    connectors.some(({ streams }) => streams.some(({ feed }) => feed === 'fx_rates')) ||
    existsSync(join(folder, 'models/reference/exchange_rates.csv'))
  );
}
