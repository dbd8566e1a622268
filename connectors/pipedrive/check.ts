/**
 * `revops doctor`: token, company, what is left of the day's tokens, permissions, fields named in the options.
 */
import type { Diagnosis, ReadContext } from 'revops/connector';
import { diagnose } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { DEAL_LISTS } from './deals.ts';
import { customFields, fieldNamed } from './fields.ts';
import type { ListQuery } from './lists.ts';
import type { Sdk } from './sdk.ts';
import { areUsersReadable, USERS_LEFT_OUT } from './users.ts';

export async function check({ client }: ReadContext<PipedriveClient>): Promise<Diagnosis[]> {
  const company = await diagnose('company', () => describeCompany(client));
  if (company.status === 'error') return [company];
  return [
    company,
    {
      subject: 'token',
      status: 'ok',
      message:
        client.options.oauth === undefined
          ? 'does not end by itself, but when its user makes a new one or is deactivated'
          : 'access tokens are renewed; the refresh token ends when it is not used for 60 days',
    },
    describeBudget(client),
    {
      subject: 'API version',
      status: 'ok',
      message:
        'v2, and v1 for changelogs, participants, users and recent changes, which v2 has not; no end is announced for these',
    },
    ...(await Promise.all(
      Object.entries(READS).map(([subject, read]) =>
        diagnose(subject, async () => {
          await client.call(subject, read, true);
          return { subject, status: 'ok', message: 'readable' };
        }),
      ),
    )),
    ...(client.options.users ? [await diagnose('users', () => describeUsers(client))] : []),
    await diagnose('fields of persons', () => describeFields(client)),
  ];
}

// --- internal ---

const ONE: ListQuery = { limit: 1, sort_by: 'update_time', sort_direction: 'asc' };

const READS: Record<string, (sdk: Sdk) => Promise<unknown>> = {
  persons: (sdk) => sdk.persons.getPersons(ONE),
  organizations: (sdk) => sdk.organizations.getOrganizations(ONE),
  ...Object.fromEntries(DEAL_LISTS.map(({ name, page }) => [name, (sdk: Sdk) => page(sdk, ONE)])),
  stages: (sdk) => sdk.stages.getStages({ limit: 1 }),
};

interface CurrentUser {
  company_name?: string;
  company_domain?: string;
  default_currency?: string;
  timezone_name?: string;
}

async function describeCompany(client: PipedriveClient): Promise<Diagnosis> {
  const { data } = (await client.call('company', (sdk) => sdk.users.getCurrentUser(), true)) as { data?: CurrentUser };
  const message = `token is valid; company ${data?.company_name} (${data?.company_domain}), its user's currency ${data?.default_currency} and time zone ${data?.timezone_name}`;
  const { default_currency: currency, timezone_name: timeZone } = data ?? {};
  const account = { ...(currency === undefined ? {} : { currency }), ...(timeZone === undefined ? {} : { timeZone }) };
  return { subject: 'company', status: 'ok', message, account };
}

function describeBudget(client: PipedriveClient): Diagnosis {
  const subject = 'tokens of the day';
  const budget = client.budget();
  if (budget === null) return { subject, status: 'ok', message: 'the platform did not tell this time' };
  const used = budget.limit - budget.remaining;
  const allowed = Math.floor(budget.limit * client.options.dailyTokenShare);
  const message = `${used} of ${budget.limit} are used by all apps, this connector stops at ${allowed}`;
  return { subject, status: used >= allowed ? 'warning' : 'ok', message };
}

async function describeUsers(client: PipedriveClient): Promise<Diagnosis> {
  const subject = 'users';
  return (await areUsersReadable(client))
    ? { subject, status: 'ok', message: 'readable' }
    : { subject, status: 'warning', message: USERS_LEFT_OUT };
}

async function describeFields(client: PipedriveClient): Promise<Diagnosis> {
  const subject = 'fields of persons';
  const wanted = Object.values(client.options.fields);
  if (wanted.length === 0) {
    return {
      subject,
      status: 'warning',
      message: 'no custom field is named that holds click ids or first visits (option `fields`)',
    };
  }
  const fields = await customFields(client, 'persons');
  const missing = wanted.filter((name) => fieldNamed(fields, name) === undefined);
  return missing.length === 0
    ? { subject, status: 'ok', message: `all ${wanted.length} named fields exist` }
    : {
        subject,
        status: 'warning',
        message: `there is no custom field, or there are several, called: ${missing.join(', ')}`,
      };
}
