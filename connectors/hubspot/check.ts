/**
 * `revops doctor`: token, permissions, account, what is left of today's calls, unknown properties, API versions.
 */
import type { Diagnosis, ReadContext } from 'revops/connector';
import { diagnose } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { listForms } from './forms.ts';
import { pagesOfLists } from './lists.ts';
import { diagnoseOptional } from './optional.ts';
import { unknownProperties, wantedProperties } from './properties.ts';
import type { ObjectType } from './object-types.ts';
import { ACCOUNT_VERSION, CRM_VERSION, OAUTH_VERSION, SUNSET_WARNING_DAYS, SUPPORTED_UNTIL } from './versions.ts';

const TYPES: readonly ObjectType[] = ['contacts', 'companies', 'deals'];

export async function check({ client, now }: ReadContext<HubspotClient>): Promise<Diagnosis[]> {
  const account = await diagnose('account', () => describeAccount(client));
  if (account.status === 'error') return [account];
  return [
    account,
    ok(
      'token',
      client.options.oauth === undefined
        ? 'does not end by itself; rotate it as your rules say'
        : 'access tokens are renewed; the refresh token is good until the app is removed',
    ),
    ...(await Promise.all(
      [...TYPES, ...client.options.activities].map((type) => diagnose(type, () => readOne(client, type))),
    )),
    await diagnose('deal pipelines', async () => {
      const { results } = await client.call('deal pipelines', (sdk) => sdk.pipelines.getAll('deals'));
      return ok('deal pipelines', `${results.length} readable`);
    }),
    ...(client.options.owners
      ? [await diagnose('owners', () => diagnoseOptional('owners', () => describeOwners(client)))]
      : []),
    ...(client.options.forms
      ? [await diagnose('forms', () => diagnoseOptional('forms', () => describeForms(client)))]
      : []),
    ...(client.options.lists
      ? [await diagnose('lists', () => diagnoseOptional('lists', () => describeLists(client)))]
      : []),
    ...(client.options.tickets
      ? [await diagnose('tickets', () => diagnoseOptional('tickets', () => readOne(client, 'tickets')))]
      : []),
    await diagnose('daily calls', () => describeQuota(client)),
    describeClock(client),
    describeVersions(now),
  ];
}

// --- internal ---

const SKEW_WARNING_MS = 300_000;

interface AccountDetails {
  portalId: number;
  accountType: string;
  timeZone: string;
  companyCurrency: string;
  additionalCurrencies?: string[];
}

async function describeAccount(client: HubspotClient): Promise<Diagnosis> {
  const account = await client.get<AccountDetails>('account', `/account-info/${ACCOUNT_VERSION}/details`);
  const further = account.additionalCurrencies ?? [];
  const currencies = [account.companyCurrency, ...further].join(', ');
  const message = `token is valid; account ${account.portalId} (${account.accountType}), time zone ${account.timeZone}, currency ${currencies}`;
  return { ...ok('account', message), account: { currency: account.companyCurrency, timeZone: account.timeZone } };
}

/** Reads one record without history: proves the permission, and names properties that do not exist. */
async function readOne(client: HubspotClient, type: ObjectType): Promise<Diagnosis> {
  await client.call(type, (sdk) => sdk.objects.getPage(type, 1));
  const wanted = wantedProperties(client, type);
  if (wanted.length === 0) return ok(type, 'readable');
  const problem = await unknownProperties(client, type);
  return problem === null
    ? ok(type, `readable, with ${wanted.length} further properties`)
    : { subject: type, status: 'error', message: problem };
}

async function describeOwners(client: HubspotClient): Promise<Diagnosis> {
  await client.call('owners', (sdk) => sdk.owners.getPage(undefined, undefined, 1));
  return ok('owners', 'readable');
}

async function describeForms(client: HubspotClient): Promise<Diagnosis> {
  let count = 0;
  for await (const page of listForms(client)) count += page.length;
  return ok('forms', `${count} readable`);
}

async function describeLists(client: HubspotClient): Promise<Diagnosis> {
  let count = 0;
  for await (const page of pagesOfLists(client)) count += page.length;
  return ok('lists', `${count} readable`);
}

function describeVersions(now: Date): Diagnosis {
  const days = Math.floor((Date.parse(SUPPORTED_UNTIL) - now.getTime()) / 86_400_000);
  const versions = `CRM ${CRM_VERSION}, account ${ACCOUNT_VERSION}, OAuth ${OAUTH_VERSION}`;
  const status = days <= 0 ? 'error' : days < SUNSET_WARNING_DAYS ? 'warning' : 'ok';
  const message = days > 0 ? `${versions}; supported for ${days} more days` : `${versions}; past ${SUPPORTED_UNTIL}`;
  return { subject: 'API version', status, message: status === 'ok' ? message : `${message}: upgrade revops` };
}

function describeClock(client: HubspotClient): Diagnosis {
  const aheadMs = client.aheadMs() ?? 0;
  if (Math.abs(aheadMs) < SKEW_WARNING_MS) return ok('clock', "agrees with the platform's");
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const message = `this machine's clock is ${minutes} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} the platform's`;
  return { subject: 'clock', status: 'warning', message };
}

async function describeQuota(client: HubspotClient): Promise<Diagnosis> {
  const left = client.callsLeftToday();
  if (left === null) return ok('daily calls', 'the platform does not tell for this kind of app');
  const status = left < 1_000 ? 'warning' : 'ok';
  return { subject: 'daily calls', status, message: `${left} left today` };
}

function ok(subject: string, message: string): Diagnosis {
  return { subject, status: 'ok', message };
}
