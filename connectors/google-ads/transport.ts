/**
 * Queries in, rows out as the platform wrote them.
 */
import type { ConnectContext } from 'revops/connector';

import { answerParts } from './answer-parts.ts';
import { GoogleAdsRequestError, UnreadableAnswer } from './failures.ts';
import type { GoogleAdsOptions } from './options.ts';
import { loadRequests, type PreparedRequest, type Target } from './sdk.ts';
import { openTokens } from './token.ts';
import type { AdsRow } from './values.ts';

export interface Transport {
  readonly options: GoogleAdsOptions;
  readonly apiVersion: string;
  /** The rows of a query, some hundred at a time. Throws what `classify` understands, also in mid-stream. */
  search(target: Target, query: string): AsyncIterable<AdsRow[]>;
  /** All rows of a query known to have few. */
  searchAll(target: Target, query: string): Promise<AdsRow[]>;
  /** Ids of the customers the user reaches directly. */
  directCustomers(): Promise<string[]>;
}

export async function openTransport(
  options: GoogleAdsOptions,
  { gateway, signal }: ConnectContext,
): Promise<Transport> {
  const tokens = await openTokens(options);
  const requests = await loadRequests(options);

  async function send(prepare: (token: string) => PreparedRequest): Promise<Response> {
    const token = await tokens.current();
    const answer = await fetchOk(prepare(token), signal).catch((error: unknown) => error as Error);
    if (answer instanceof Response) return answer;
    if (!isStaleToken(answer)) throw answer;
    tokens.refused(token);
    return fetchOk(prepare(await tokens.current()), signal);
  }

  async function* search(target: Target, query: string): AsyncIterable<AdsRow[]> {
    const resource = /from\s+(\w+)/i.exec(query)?.[1] ?? 'query';
    // The first batch belongs to the request: an error in its place is retried like one before it.
    const { batches, first } = await gateway.call(`${resource} of customer ${target.customerId}`, async () => {
      const opened = batchesOf(await send((token) => requests.searchStream(target, token, query)));
      return { batches: opened, first: await opened.next() };
    });
    try {
      for (let step = first; step.done !== true; step = await batches.next())
        if (step.value.length > 0) yield step.value;
    } finally {
      await batches.return(undefined);
    }
  }

  async function searchAll(target: Target, query: string): Promise<AdsRow[]> {
    const rows: AdsRow[] = [];
    for await (const batch of search(target, query)) rows.push(...batch);
    return rows;
  }

  return {
    options,
    apiVersion: requests.apiVersion,
    search,
    searchAll,
    directCustomers: () =>
      gateway.call('accessible customers', async () => {
        const answer = await send((token) => requests.listAccessibleCustomers(token));
        const body = (await readJson(answer)) as { resourceNames?: string[] };
        return (body.resourceNames ?? []).map((name) => name.replace('customers/', ''));
      }),
  };
}

// --- internal ---

async function fetchOk(request: PreparedRequest, signal: AbortSignal): Promise<Response> {
  const response = await fetch(request.url, {
    method: request.body === undefined ? 'GET' : 'POST',
    headers: request.headers,
    body: request.body ?? null,
    signal,
  });
  if (response.ok) return response;
  const text = await response.text();
  throw new GoogleAdsRequestError({
    status: response.status,
    body: parsed(text),
    requestId: response.headers.get('request-id') ?? undefined,
    retryAfter: response.headers.get('retry-after') ?? undefined,
  });
}

async function* batchesOf(response: Response): AsyncGenerator<AdsRow[], void> {
  const requestId = response.headers.get('request-id') ?? undefined;
  if (response.body === null) throw new UnreadableAnswer('the answer is empty');
  for await (const part of answerParts(response.body)) {
    if ('rows' in part) yield part.rows as AdsRow[];
    else if (part.batch['error'] !== undefined)
      throw new GoogleAdsRequestError({ status: response.status, body: part.batch, requestId });
  }
}

function isStaleToken(error: unknown): boolean {
  return (
    error instanceof GoogleAdsRequestError &&
    error.status === 401 &&
    !error.has('authenticationError', 'DEVELOPER_TOKEN_INVALID')
  );
}

async function readJson(response: Response): Promise<unknown> {
  const body = parsed(await response.text());
  if (body === undefined) throw new UnreadableAnswer('the answer is not JSON');
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
