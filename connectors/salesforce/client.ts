/**
 * The way to Salesforce: jsforce for the REST API, a reader of its own for pages of the Bulk API, with the sessions, retries
 * and limits of this connector instead of the SDK's.
 */
import type { ConnectContext } from 'revops/connector';
import { pause, RevopsError } from 'revops/connector';

import { type CsvPage, readCsvPage } from './csv-page.ts';
import { withDeadline } from './deadline.ts';
import { refusalOf, SalesforceError, SHARE_USED } from './faults.ts';
import { grantForm } from './grants.ts';
import { openConnection } from './sdk.ts';
import type { SalesforceOptions } from './options.ts';
import { openSessions, type Session } from './session.ts';

export interface SalesforceClient {
  readonly options: SalesforceOptions;
  /** JSON of a path such as `/services/data/v66.0/limits`. `isFree`: also when the share of the day's calls is used. */
  get<T>(label: string, path: string, isFree?: boolean): Promise<T>;
  post<T>(label: string, path: string, body: object): Promise<T>;
  /** A page of a bulk job's results. */
  csvPage(label: string, path: string): Promise<CsvPage>;
  /** Calls of the last 24 hours by all apps, as the last answer told; null before the first. */
  usage(): { used: number; limit: number } | null;
  pause(seconds: number): Promise<void>;
}

export async function connect(options: SalesforceOptions, context: ConnectContext): Promise<SalesforceClient> {
  let usage: { used: number; limit: number } | null = null;

  function observe(headers: Record<string, string>): void {
    const told = /api-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '');
    if (told !== null) usage = { used: Number(told[1]), limit: Number(told[2]) };
  }

  function keepToShare(): void {
    if (usage === null || usage.used < usage.limit * options.dailyLimitShare) return;
    const share = `${Math.round(options.dailyLimitShare * 100)} %`;
    throw new SalesforceError(
      `${usage.used} of ${usage.limit} calls of the last 24 hours are used, and this connector stops at ${share}`,
      { status: 0, code: SHARE_USED },
    );
  }

  const sdk = await openConnection((status, headers, body) => {
    observe(headers);
    return refusalOf(status, headers, body, context.now());
  });
  const sessions = openSessions(() =>
    context.gateway.call('access token', () =>
      withDeadline(context.signal, (signal) => requestToken(options, context.now(), signal)),
    ),
  );

  async function call<T>(
    label: string,
    isFree: boolean,
    request: (session: Session, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    let used: Session | undefined;
    const attempt = async (): Promise<T> => {
      const session = await sessions.current();
      used = session;
      return context.gateway.call(label, async () => {
        if (!isFree) keepToShare();
        return withDeadline(context.signal, (signal) => request(session, signal));
      });
    };
    try {
      return await attempt();
    } catch (error) {
      if (used === undefined || !isInvalidSession(error)) throw error;
      await sessions.replace(used);
      return attempt();
    }
  }

  return {
    options,
    get: <T>(label: string, path: string, isFree = false) =>
      call<T>(label, isFree, (session, signal) => sdk.request(session, { method: 'GET', url: path }, signal)),
    post: <T>(label: string, path: string, body: object) =>
      call<T>(label, false, (session, signal) =>
        sdk.request(
          session,
          { method: 'POST', url: path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
          signal,
        ),
      ),
    csvPage: (label, path) =>
      call(label, false, (session, signal) => readCsvPage(session, path, context.now(), signal, observe)),
    usage: () => usage,
    pause: (seconds) => pause(seconds * 1000, context.signal),
  };
}

// --- internal ---

async function requestToken(options: SalesforceOptions, now: Date, signal: AbortSignal): Promise<unknown> {
  const url = `${options.tokenEndpoint ?? options.endpoint}/services/oauth2/token`;
  const response = await fetch(url, {
    method: 'POST',
    body: grantForm(options, now),
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal,
  });
  const body = await response.text();
  const refusal = refusalOf(response.status, Object.fromEntries(response.headers), body, now);
  if (refusal !== null) throw refusal;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new SalesforceError('the answer was cut off', { status: 0 });
  }
}

function isInvalidSession(error: unknown): boolean {
  return error instanceof RevopsError && error.cause instanceof SalesforceError && error.cause.status === 401;
}
