/**
 * What `revops doctor` says about the connection.
 */
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays';

import { type Diagnosis, endOfCheck, type ReadContext } from 'revops/connector';

import type { Account } from './accounts.ts';
import { classify } from './classify.ts';
import type { MetaClient } from './client.ts';
import { SLOW_PERCENT } from './usage.ts';
import { SUNSET_WARNING_DAYS, sunsetOf } from './version.ts';

export async function check({ client, now }: ReadContext<MetaClient>): Promise<Diagnosis[]> {
  const lines = [versionLine(client.options.apiVersion, now)];
  try {
    lines.push(...tokenLines(await client.graph.debugToken(), now));
    const accounts = await client.accounts();
    lines.push(
      accounts.length > 0
        ? { subject: 'accounts', status: 'ok', message: `${accounts.length} to read` }
        : {
            subject: 'accounts',
            status: 'error',
            message:
              'no account is reached: give the user of the token a role on the ad accounts, and check accountIds',
          },
    );
    lines.push(...accounts.map(accountLine));
    const percent = Math.round(client.graph.usage.percent(undefined));
    lines.push({
      subject: 'limits',
      status: percent < SLOW_PERCENT ? 'ok' : 'warning',
      message: `${percent} % of the app's calls are used`,
    });
  } catch (error) {
    lines.push(endOfCheck(error, classify));
  }
  return lines;
}

// --- internal ---

function versionLine(apiVersion: string, now: Date): Diagnosis {
  const subject = 'API version';
  const sunset = sunsetOf(apiVersion);
  if (sunset === undefined)
    return { subject, status: 'warning', message: `${apiVersion}: not one this connector knows` };
  const days = differenceInCalendarDays(new Date(sunset), now);
  const message =
    days > 0
      ? `${apiVersion}, supported for about ${days} more days`
      : `${apiVersion} is past its end of support (${sunset})`;
  const status = days <= 0 ? 'error' : days < SUNSET_WARNING_DAYS ? 'warning' : 'ok';
  return { subject, status, message: status === 'ok' ? message : `${message}: upgrade revops, or set apiVersion` };
}

function tokenLines(token: Record<string, unknown>, now: Date): Diagnosis[] {
  if (token['is_valid'] === false)
    return [{ subject: 'credentials', status: 'error', message: 'the token is no longer valid: make a new one' }];
  const expiresAt = Number(token['expires_at'] ?? 0);
  const days = Math.floor((expiresAt * 1000 - now.getTime()) / 86_400_000);
  const ends = expiresAt === 0 ? 'does not expire' : `expires in ${days} days`;
  const lines: Diagnosis[] = [
    {
      subject: 'credentials',
      status: expiresAt !== 0 && days < 14 ? 'warning' : 'ok',
      message: `accepted, the token ${ends}`,
    },
  ];
  const scopes = Array.isArray(token['scopes']) ? token['scopes'].map(String) : [];
  if (!scopes.includes('ads_read') && !scopes.includes('ads_management')) {
    lines.push({ subject: 'permissions', status: 'error', message: 'ads_read is missing: make a token with it' });
  }
  return lines;
}

function accountLine({ id, name, currency, timeZone, status }: Account): Diagnosis {
  const parts = [name ?? 'without a name', currency ?? 'no currency', timeZone].join(', ');
  const subject = `account ${id}`;
  const account = { timeZone, ...(currency === undefined ? {} : { currency }) };
  return status === 'active'
    ? { subject, status: 'ok', message: parts, account }
    : { subject, status: 'warning', message: `${status}: ${parts}`, account };
}
