/**
 * What `revops doctor` says about the connection.
 */
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays';

import { type Diagnosis, endOfCheck, type ReadContext } from 'revops/connector';

import type { Account } from './accounts.ts';
import { classify } from './classify.ts';
import type { AdsClient } from './client.ts';
import { API_SUNSET, SUNSET_WARNING_DAYS } from './version.ts';

export async function check({ client, now }: ReadContext<AdsClient>): Promise<Diagnosis[]> {
  const lines = [versionLine(client.apiVersion, now)];
  try {
    const { accounts, unreadable } = await client.hierarchy();
    lines.push({
      subject: 'credentials',
      status: 'ok',
      message:
        'accepted; access tokens are renewed; a refresh token of an app in testing ends after 7 days, others when unused for six months',
    });
    const readable = accounts.filter((account) => !account.isManager && account.status === 'ENABLED');
    lines.push(
      readable.length > 0
        ? { subject: 'accounts', status: 'ok', message: `${readable.length} to read` }
        : {
            subject: 'accounts',
            status: 'error',
            message: 'no enabled client account is reached: check the access of the user and loginCustomerId',
          },
    );
    lines.push(...accounts.filter((account) => !account.isManager).map(accountLine));
    lines.push(
      ...unreadable.map(({ id, reason }): Diagnosis => ({
        subject: `account ${id}`,
        status: 'warning',
        message: reason,
      })),
    );
    lines.push({
      subject: 'operations',
      status: 'ok',
      message:
        "the platform does not tell what is left of the day's; the API centre of the manager account shows the access level",
    });
  } catch (error) {
    lines.push(endOfCheck(error, classify));
  }
  return lines;
}

// --- internal ---

function versionLine(apiVersion: string, now: Date): Diagnosis {
  const days = differenceInCalendarDays(new Date(API_SUNSET), now);
  const message =
    days > 0
      ? `${apiVersion}, supported for about ${days} more days`
      : `${apiVersion} is past its end of support (${API_SUNSET})`;
  const status = days <= 0 ? 'error' : days < SUNSET_WARNING_DAYS ? 'warning' : 'ok';
  return { subject: 'API version', status, message: status === 'ok' ? message : `${message}: upgrade revops` };
}

function factsOf({ currency, timeZone }: Account): Diagnosis['account'] & object {
  return { timeZone, ...(currency === undefined ? {} : { currency }) };
}

function accountLine(account: Account): Diagnosis {
  const parts = [
    account.name ?? 'without a name',
    account.currency ?? 'no currency',
    account.timeZone,
    ...(account.isTest ? ['test account'] : []),
  ];
  const subject = `account ${account.id}`;
  return account.status === 'ENABLED'
    ? { subject, status: 'ok', message: parts.join(', '), account: factsOf(account) }
    : {
        subject,
        status: 'warning',
        message: `${account.status.toLowerCase()}: nothing new is read (${parts.join(', ')})`,
      };
}
