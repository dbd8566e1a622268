/**
 * What `revops doctor` says about the connection.
 */
import { type Diagnosis, endOfCheck, type ReadContext } from 'revops/connector';

import type { Account } from './accounts.ts';
import { sumOf } from './analytics.ts';
import { classify } from './classify.ts';
import type { LinkedinClient } from './client.ts';
import { TIME_ZONE, today } from './days.ts';
import type { TokenFacts } from './tokens.ts';
import { SUNSET_WARNING_DAYS, sunsetOf } from './version.ts';

export async function check(context: ReadContext<LinkedinClient>): Promise<Diagnosis[]> {
  const { client, now } = context;
  const lines = [versionLine(client.options.apiVersion, now)];
  try {
    const facts = await client.api.inspectToken();
    lines.push(...tokenLines(facts, client.options.refreshToken !== undefined, now));
    const accounts = await client.accounts();
    lines.push(
      accounts.length > 0
        ? { subject: 'accounts', status: 'ok', message: `${accounts.length} to read` }
        : {
            subject: 'accounts',
            status: 'error',
            message:
              'no account is reached: give the member of the token a role on the ad accounts, and check accountIds',
          },
    );
    lines.push(...accounts.map(accountLine));
    if (accounts[0] !== undefined) lines.push(...(await readingLines(client, accounts[0], now)));
    lines.push({
      subject: 'limits',
      status: 'ok',
      message: "the platform does not tell what is left of the day's calls; the app's page Analytics does",
    });
  } catch (error) {
    lines.push(endOfCheck(error, classify));
  }
  return lines;
}

// --- internal ---

const DAY_MS = 86_400_000;
/** A person has to consent again: that takes a while. */
const EXPIRY_WARNING_DAYS = 14;
const SCOPES = ['r_ads', 'r_ads_reporting'];

function versionLine(apiVersion: string, now: Date): Diagnosis {
  const subject = 'API version';
  const sunset = sunsetOf(apiVersion);
  if (sunset === undefined) return { subject, status: 'error', message: `${apiVersion} is no version` };
  const days = daysUntil(new Date(sunset), now);
  const message =
    days > 0
      ? `${apiVersion}, supported for about ${days} more days`
      : `${apiVersion} is past its end of support (${sunset})`;
  const status = days <= 0 ? 'error' : days < SUNSET_WARNING_DAYS ? 'warning' : 'ok';
  return { subject, status, message: status === 'ok' ? message : `${message}: upgrade revops, or set apiVersion` };
}

function tokenLines(facts: TokenFacts | null, isRenewed: boolean, now: Date): Diagnosis[] {
  const subject = 'credentials';
  if (facts === null) {
    const message = 'the token lives for 60 days; give clientId and clientSecret to be told when it ends';
    return [{ subject, status: 'warning', message }];
  }
  if (!facts.isActive) return [{ subject, status: 'error', message: 'the token is no longer valid: make a new one' }];
  const endsAt = isRenewed ? facts.refreshEndsAt : facts.expiresAt;
  const days = endsAt === undefined ? undefined : daysUntil(endsAt, now);
  const what = isRenewed ? 'the refresh token' : 'the token';
  const ends = days === undefined ? 'does not say when it ends' : `ends in ${days} days`;
  const isNear = days !== undefined && days < EXPIRY_WARNING_DAYS;
  const lines: Diagnosis[] = [
    {
      subject,
      status: isNear ? 'warning' : 'ok',
      message: `accepted, ${what} ${ends}${isNear ? ': ask the member for consent again' : ''}`,
    },
  ];
  const missing = SCOPES.filter(
    (scope) => !facts.scopes.includes(scope) && !facts.scopes.includes(`rw${scope.slice(1)}`),
  );
  if (missing.length > 0) {
    const message = `${missing.join(' and ')} missing: ask for consent with ${SCOPES.join(' and ')}`;
    lines.push({ subject: 'permissions', status: 'error', message });
  }
  return lines;
}

function accountLine({ id, name, currency, status, isTest }: Account): Diagnosis {
  const parts = [name ?? 'without a name', currency ?? 'no currency', TIME_ZONE].join(', ');
  const remarks = [...(status === 'active' ? [] : [status]), ...(isTest ? ['a test account'] : [])];
  return {
    subject: `account ${id}`,
    status: remarks.length === 0 ? 'ok' : 'warning',
    message: remarks.length === 0 ? parts : `${remarks.join(', ')}: ${parts}`,
    account: { timeZone: TIME_ZONE, ...(currency === undefined ? {} : { currency }) },
  };
}

/** Tried, not read from the token's scopes: these are not told without the app's credentials, and roles in no way. */
async function readingLines(client: LinkedinClient, account: Account, now: Date): Promise<Diagnosis[]> {
  const day = today(now);
  const question = { account, pivots: ['ACCOUNT'] as const, metrics: ['impressions'], from: day, to: day };
  return [
    await tried('figures', () => sumOf(client, question)),
    await tried('conversion rules', () => client.rules(account)),
  ];
}

async function tried(subject: string, work: () => Promise<unknown>): Promise<Diagnosis> {
  try {
    await work();
    return { subject, status: 'ok', message: 'can be read' };
  } catch (error) {
    return { ...endOfCheck(error, classify), subject };
  }
}

function daysUntil(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / DAY_MS);
}
