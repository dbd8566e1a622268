/**
 * `revops doctor`: the key, its mode, what it may read, the API version, the clocks.
 */
import type { Stripe } from 'stripe';

import { diagnose, type Diagnosis, type ReadContext, RevopsError } from 'revops/connector';

import type { StripeClient } from './client.ts';
import { API_VERSION } from './version.ts';

export async function check({ client }: ReadContext<StripeClient>): Promise<Diagnosis[]> {
  const readings = await Promise.all(READINGS.map(([subject, list]) => tried(client, subject, list)));
  const refused = readings.find(({ isKeyRefused }) => isKeyRefused);
  if (refused !== undefined) return [{ ...refused.line, subject: 'credentials' }];
  return [
    keyLine(client.options.apiKey.reveal()),
    await diagnose('account', () => accountLine(client)),
    ...readings.map(({ line }) => line),
    {
      subject: 'API version',
      status: 'ok',
      message: `${API_VERSION}, asked for with every request; the platform announces no end of versions`,
    },
    { subject: 'limits', status: 'ok', message: 'calls are limited per second only: there is no quota to run out of' },
    clockLine(client.aheadMs()),
  ];
}

// --- internal ---

type Probe = (sdk: Stripe) => Promise<{ data: unknown[] }>;

/** Of each kind one object. */
const READINGS: [string, Probe][] = [
  ['customers', (sdk) => sdk.customers.list({ limit: 1 })],
  ['subscriptions', (sdk) => sdk.subscriptions.list({ limit: 1 })],
  ['invoices', (sdk) => sdk.invoices.list({ limit: 1 })],
  ['invoice payments', (sdk) => sdk.invoicePayments.list({ limit: 1 })],
  ['charges', (sdk) => sdk.charges.list({ limit: 1 })],
  ['refunds', (sdk) => sdk.refunds.list({ limit: 1 })],
  ['credit notes', (sdk) => sdk.creditNotes.list({ limit: 1 })],
  ['events', (sdk) => sdk.events.list({ limit: 1 })],
];

const SKEW_WARNING_MS = 300_000;

async function tried(
  client: StripeClient,
  subject: string,
  probe: Probe,
): Promise<{ line: Diagnosis; isKeyRefused: boolean }> {
  try {
    const { data } = await client.call(subject, probe);
    const message = data.length === 0 ? 'can be read; there are none' : 'can be read';
    return { line: { subject, status: 'ok', message }, isKeyRefused: false };
  } catch (error) {
    if (!(error instanceof RevopsError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
    const isKeyRefused = statusOf(error) === 401;
    return { line: { subject, status: 'error', message }, isKeyRefused };
  }
}

/** Many restricted keys may not read the account: then nothing is told of it, and nothing is wrong. Other failures are told. */
async function accountLine(client: StripeClient): Promise<Diagnosis> {
  const subject = 'account';
  try {
    const { default_currency: told, settings } = await client.call(subject, (sdk) => sdk.accounts.retrieveCurrent());
    const currency = told?.toUpperCase();
    const timeZone = settings?.dashboard.timezone ?? undefined;
    return {
      subject,
      status: 'ok',
      message: `its currency is ${currency ?? 'not told'}, its time zone ${timeZone ?? 'not told'}; amounts carry their own currency, times are instants`,
      account: { ...(currency === undefined ? {} : { currency }), ...(timeZone === undefined ? {} : { timeZone }) },
    };
  } catch (error) {
    if (!(error instanceof RevopsError) || !WITHOUT_PERMISSION.has(statusOf(error))) throw error;
    return {
      subject,
      status: 'ok',
      message: 'this key may not read it, and need not: amounts carry their own currency, times are instants',
    };
  }
}

const WITHOUT_PERMISSION: ReadonlySet<unknown> = new Set([401, 403]);

function statusOf(error: RevopsError): unknown {
  return (error.cause as { statusCode?: unknown } | undefined)?.statusCode;
}

/** The key's own prefix says what it is. */
function keyLine(key: string): Diagnosis {
  const isRestricted = key.startsWith('rk_');
  const isLive = key.includes('_live_');
  const remarks = [
    ...(isRestricted ? [] : ['a secret key may do everything: a restricted one with read permissions is enough']),
    ...(isLive ? [] : ['in test mode no real customer is read']),
  ];
  const message = `accepted, ${isRestricted ? 'restricted' : 'not restricted'}, ${isLive ? 'live' : 'test'} mode; it does not end by itself unless an end was set in the dashboard`;
  return {
    subject: 'credentials',
    status: remarks.length === 0 ? 'ok' : 'warning',
    message: [message, ...remarks].join('; '),
  };
}

function clockLine(aheadMs: number | null): Diagnosis {
  const subject = 'clock';
  if (aheadMs === null || Math.abs(aheadMs) < SKEW_WARNING_MS)
    return { subject, status: 'ok', message: "agrees with the platform's" };
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const message = `this machine's clock is ${minutes} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} the platform's`;
  return { subject, status: 'warning', message };
}
