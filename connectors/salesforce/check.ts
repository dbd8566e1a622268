/**
 * `revops doctor`: credentials, API version, objects and fields the user sees, what is left of the calls.
 */
import type { Diagnosis, ReadContext } from 'revops/connector';
import { diagnose, isRevopsError } from 'revops/connector';

import type { SalesforceClient } from './client.ts';
import { describe } from './describe.ts';
import { API_VERSION, DATA_PATH, SUPPORTED_UNTIL } from './version.ts';

/** `objects`: by stream. */
export function checkOf(objects: Readonly<Record<string, string>>) {
  return async (context: ReadContext<SalesforceClient>): Promise<Diagnosis[]> => {
    const { client, now } = context;
    const calls = await diagnose('calls', () => describeCalls(client));
    if (calls.status === 'error') return [calls];
    return [
      calls,
      tokenLine(client.options),
      await diagnose('organisation', () => describeOrganisation(client)),
      await diagnose('API version', () => describeVersion(client, now)),
      ...(await Promise.all(
        Object.entries(objects).map(([stream, object]) =>
          diagnose(stream, () => describeObject(client, stream, object)),
        ),
      )),
      ...(await Promise.all(
        ['Contact', 'Lead'].map((object) => diagnose(`fields of ${object}`, () => describeOwnFields(client, object))),
      )),
    ];
  };
}

// --- internal ---

interface Limits {
  DailyApiRequests?: { Max: number; Remaining: number };
}

async function describeCalls(client: SalesforceClient): Promise<Diagnosis> {
  const { DailyApiRequests: daily } = await client.get<Limits>('limits', `${DATA_PATH}/limits`, true);
  if (daily === undefined) return ok('calls', 'credentials are valid; the platform does not tell the calls left');
  const used = daily.Max - daily.Remaining;
  const allowed = Math.floor(daily.Max * client.options.dailyLimitShare);
  const message = `credentials are valid; ${used} of ${daily.Max} calls of the last 24 hours are used by all apps, this connector stops at ${allowed}`;
  return { subject: 'calls', status: used >= allowed ? 'warning' : 'ok', message };
}

interface OrganisationSettings {
  features?: { multiCurrency?: boolean; defaultCurrencyIsoCode?: string | null };
}

/** What is told without a word about people. Organisations may refuse their settings; then the currency is not told. */
async function describeOrganisation(client: SalesforceClient): Promise<Diagnosis> {
  const query = encodeURIComponent('SELECT TimeZoneSidKey FROM Organization');
  const { records } = await client.get<{ records: { TimeZoneSidKey?: string }[] }>(
    'organisation',
    `${DATA_PATH}/query?q=${query}`,
    true,
  );
  const timeZone = records[0]?.TimeZoneSidKey;
  const features: NonNullable<OrganisationSettings['features']> = await client
    .get<OrganisationSettings>('settings of the organisation', `${DATA_PATH}/connect/organization`, true)
    .then(
      (settings) => settings.features ?? {},
      (error: unknown) => {
        if (isRevopsError(error, 'AUTH_FAILED') || isRevopsError(error, 'REQUEST_REJECTED')) return {};
        throw error;
      },
    );
  const currency = features.multiCurrency === true ? undefined : (features.defaultCurrencyIsoCode ?? undefined);
  const money =
    features.multiCurrency === true ? 'several currencies, told with each record' : (currency ?? 'a currency not told');
  return {
    subject: 'organisation',
    status: 'ok',
    message: `${money}, time zone ${timeZone ?? 'not told'}; times are instants, days are typed by people`,
    account: { ...(currency === undefined ? {} : { currency }), ...(timeZone === undefined ? {} : { timeZone }) },
  };
}

/** What of the credentials can end. */
function tokenLine({ clientCredentials, jwt }: SalesforceClient['options']): Diagnosis {
  const ends =
    clientCredentials !== undefined
      ? 'the client secret does not end by itself'
      : jwt !== undefined
        ? 'the certificate ends when it says, which the platform does not tell'
        : "the refresh token ends as the app's policy says";
  return ok('token', `sessions are renewed; ${ends}`);
}

async function describeVersion(client: SalesforceClient, now: Date): Promise<Diagnosis> {
  const versions = await client.get<{ version: string }[]>('API versions', '/services/data', true);
  if (!versions.some(({ version }) => version === API_VERSION)) {
    return {
      subject: 'API version',
      status: 'error',
      message: `the organisation does not offer ${API_VERSION}; it offers ${versions.at(0)?.version} to ${versions.at(-1)?.version}`,
    };
  }
  const days = Math.floor((Date.parse(SUPPORTED_UNTIL) - now.getTime()) / 86_400_000);
  return {
    subject: 'API version',
    status: days < 60 ? 'warning' : 'ok',
    message: `${API_VERSION}, supported for ${days} days at least`,
  };
}

async function describeObject(client: SalesforceClient, stream: string, object: string): Promise<Diagnosis> {
  const { fields, cursorField } = await describe(client, object);
  const message = `${object} is readable, ${fields.size} fields`;
  return cursorField === null
    ? {
        subject: stream,
        status: 'warning',
        message: `${message}, none to follow changes by: everything is read each time`,
      }
    : ok(stream, `${message}, changes by ${cursorField}`);
}

async function describeOwnFields(client: SalesforceClient, object: string): Promise<Diagnosis> {
  const subject = `fields of ${object}`;
  const { fields } = await describe(client, object);
  const wanted = Object.values(client.options.fields);
  const unseen = wanted.filter((name) => !fields.has(name));
  if (wanted.length === 0)
    return {
      subject,
      status: 'warning',
      message: 'no field is named that holds click ids or first visits (option `fields`)',
    };
  return unseen.length === 0
    ? ok(subject, `all ${wanted.length} named fields exist`)
    : { subject, status: 'warning', message: `these do not exist or the user does not see them: ${unseen.join(', ')}` };
}

function ok(subject: string, message: string): Diagnosis {
  return { subject, status: 'ok', message };
}
