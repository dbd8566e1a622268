/**
 * `revops doctor`: token, permissions, account, what is left of today's calls, unknown properties, API versions.
 */
import type { Diagnosis, ReadContext } from 'revops/connector';
import { RevopsError } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import type { ObjectType } from './records.ts';
import { ACCOUNT_VERSION, CRM_VERSION, OAUTH_VERSION } from './versions.ts';

const TYPES: readonly ObjectType[] = ['contacts', 'companies', 'deals'];

export async function check({ client }: ReadContext<HubspotClient>): Promise<Diagnosis[]> {
  const account = await tried('account', () => describeAccount(client));
  if (account.status === 'error') return [account];
  return [
    account,
    ...(await Promise.all(TYPES.map((type) => tried(type, () => readOne(client, type))))),
    await tried('deal pipelines', async () => {
      const { results } = await client.call('deal pipelines', (sdk) => sdk.pipelines.getAll('deals'));
      return ok('deal pipelines', `${results.length} readable`);
    }),
    await tried('daily calls', () => describeQuota(client)),
    ok('API version', `CRM ${CRM_VERSION}, account ${ACCOUNT_VERSION}, OAuth ${OAUTH_VERSION}`),
  ];
}

// --- internal ---

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
  return ok(
    'account',
    `token is valid; account ${account.portalId} (${account.accountType}), time zone ${account.timeZone}, currency ${currencies}`,
  );
}

/** Reads one record without history: proves the permission, and names properties that do not exist. */
async function readOne(client: HubspotClient, type: ObjectType): Promise<Diagnosis> {
  await client.call(type, (sdk) => sdk.objects.getPage(type, 1));
  const wanted = client.options.properties[type] ?? [];
  if (wanted.length === 0) return ok(type, 'readable');
  const { results } = await client.call(`properties of ${type}`, (sdk) => sdk.properties.getAll(type));
  const known = new Set(results.map((property) => property.name));
  const unknown = wanted.filter((name) => !known.has(name));
  return unknown.length === 0
    ? ok(type, `readable, with ${wanted.length} further properties`)
    : {
        subject: type,
        status: 'warning',
        message: `readable, but these properties do not exist: ${unknown.join(', ')}`,
      };
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

async function tried(subject: string, look: () => Promise<Diagnosis>): Promise<Diagnosis> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RevopsError)) throw error;
    return {
      subject,
      status: 'error',
      message: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
    };
  }
}
