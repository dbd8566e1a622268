/**
 * The way to HubSpot: its official SDK on the dated API versions, with the retries, waits and token renewal of the
 * connector kit instead of the SDK's own.
 */
import type { Client as SdkClient } from '@hubspot/api-client';
import type { ConnectContext } from 'revops/connector';
import { RevopsError } from 'revops/connector';

import { HubspotError, refusalOf } from './faults.ts';
import type { HubspotOptions } from './options.ts';
import { createPace } from './pace.ts';
import type { ObjectType } from './object-types.ts';
import { fixedToken, renewedTokens, type Tokens } from './tokens.ts';
import { dated } from './versions.ts';

/** The part of the SDK the connector uses. */
type Sdk = ReturnType<typeof openSdk>;

export interface HubspotClient {
  readonly options: HubspotOptions;
  /** Runs one call of the SDK: paced, retried, with a good token. */
  call<T>(label: string, request: (sdk: Sdk) => Promise<T>): Promise<T>;
  /** The same for a search, which has a limit of its own. */
  search<T>(label: string, request: (sdk: Sdk) => Promise<T>): Promise<T>;
  /** JSON of a path the SDK does not know. */
  get<T>(label: string, path: string): Promise<T>;
  /** How far this machine's clock is ahead of the platform's, in milliseconds; null before the first answer. */
  aheadMs(): number | null;
  /** Calls left today as the last answer told; null where it does not tell. */
  callsLeftToday(): number | null;
  /** Names of a type's properties, asked for once. */
  propertyNames(type: ObjectType): Promise<ReadonlySet<string>>;
}

const REQUEST_TIMEOUT_MS = 120_000;

export async function connect(options: HubspotOptions, context: ConnectContext): Promise<HubspotClient> {
  const { Client } = await import('@hubspot/api-client');
  let bearer = '';
  let callsLeft: number | null = null;
  let aheadMs: number | null = null;

  function observe(headers: Record<string, string>): void {
    const left = Number(headers['x-hubspot-ratelimit-daily-remaining'] ?? Number.NaN);
    if (Number.isFinite(left)) callsLeft = left;
    const told = Date.parse(headers['date'] ?? '');
    if (!Number.isNaN(told)) aheadMs = context.now().getTime() - told;
  }

  const sdk = openSdk(Client, options, {
    authorization: () => (bearer === '' ? null : `Bearer ${bearer}`),
    answered: (status, headers, body) => {
      observe(headers);
      return refusalOf(status, headers, body, context.now());
    },
  });
  const tokens = tokensOf(options, context, sdk);
  const pace = createPace(options.searchesPerSecond, context.signal);

  async function call<T>(label: string, request: (sdk: Sdk) => Promise<T>): Promise<T> {
    let used = '';
    const attempt = async (): Promise<T> => {
      bearer = await tokens.current();
      return context.gateway.call(label, () => {
        used = bearer;
        return readable(() => request(sdk), context.signal);
      });
    };
    try {
      return await attempt();
    } catch (error) {
      if (!isExpiry(error) || !(await tokens.replace(used))) throw error;
      return attempt();
    }
  }

  const propertyNames = new Map<ObjectType, Promise<ReadonlySet<string>>>();

  async function readPropertyNames(type: ObjectType): Promise<ReadonlySet<string>> {
    const { results } = await call(`properties of ${type}`, (opened) => opened.properties.getAll(type));
    return new Set(results.map(({ name }) => name));
  }

  return {
    options,
    call,
    propertyNames(type) {
      const names = propertyNames.get(type) ?? readPropertyNames(type);
      propertyNames.set(type, names);
      // A failure is for the one who asked, not for those who ask later.
      names.catch(() => propertyNames.delete(type));
      return names;
    },
    search: (label, request) =>
      call(label, async (opened) => {
        await pace();
        return request(opened);
      }),
    get: (label, path) => call(label, () => getJson(`${options.endpoint}${path}`, bearer, context.now(), observe)),
    callsLeftToday: () => callsLeft,
    aheadMs: () => aheadMs,
  };
}

// --- internal ---

interface RequestOnTheWay {
  getUrl(): string;
  setUrl(url: string): void;
  setHeaderParam(name: string, value: string): void;
}

interface AnswerOnTheWay {
  httpStatusCode: number;
  headers: Record<string, string>;
  body: { text(): Promise<string> };
}

interface Hooks {
  authorization(): string | null;
  answered(status: number, headers: Record<string, string>, body: string): HubspotError | null;
}

/**
 * SDK retries stay off: they know neither Retry-After nor broken connections. The parts are taken at once, because the
 * SDK decides on retries by the client made last in the process.
 */
function openSdk(Client: typeof SdkClient, options: HubspotOptions, hooks: Hooks) {
  const middleware = [
    {
      pre(context: unknown): unknown {
        const request = context as RequestOnTheWay;
        request.setUrl(dated(request.getUrl()));
        const authorization = hooks.authorization();
        if (authorization !== null && !request.getUrl().includes('/oauth/'))
          request.setHeaderParam('Authorization', authorization);
        return request;
      },
      async post(context: unknown): Promise<unknown> {
        const answer = context as AnswerOnTheWay;
        const isPlain = answer.httpStatusCode < 300 && (answer.headers['content-type'] ?? '').includes('json');
        const refusal = hooks.answered(answer.httpStatusCode, answer.headers, isPlain ? '' : await answer.body.text());
        if (refusal !== null) throw refusal;
        return answer;
      },
    },
  ];
  const api = new Client({ basePath: options.endpoint, middleware });
  const tokenApi = new Client({
    basePath: (options.tokenEndpoint ?? options.endpoint).replace(/\/+$/, ''),
    middleware,
  });
  return {
    objects: api.crm.objects.basicApi,
    batches: api.crm.objects.batchApi,
    searches: api.crm.objects.searchApi,
    associations: api.crm.associations.v4.batchApi,
    pipelines: api.crm.pipelines.pipelinesApi,
    properties: api.crm.properties.coreApi,
    owners: api.crm.owners.ownersApi,
    lists: api.crm.lists.listsApi,
    listMemberships: api.crm.lists.membershipsApi,
    tokens: tokenApi.oauth.tokensApi,
  };
}

function tokensOf(options: HubspotOptions, context: ConnectContext, sdk: Sdk): Tokens {
  const { accessToken, oauth } = options;
  if (accessToken !== undefined) return fixedToken(accessToken);
  if (oauth === undefined)
    throw new RevopsError('CONFIG_INVALID', 'connectors.hubspot: give either accessToken or oauth');
  const issue = () =>
    context.gateway.call('access token', () =>
      readable(
        () =>
          sdk.tokens.create(
            'refresh_token',
            undefined,
            undefined,
            oauth.clientId.reveal(),
            oauth.clientSecret.reveal(),
            oauth.refreshToken.reveal(),
          ),
        context.signal,
      ),
    );
  return renewedTokens(issue, () => context.now());
}

function isExpiry(error: unknown): boolean {
  return error instanceof RevopsError && error.cause instanceof HubspotError && error.cause.status === 401;
}

/** Turns what the SDK throws for broken connections and broken JSON into one error, and bounds the wait. */
async function readable<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stopped: (() => void) | undefined;
  const bounded = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new HubspotError(`no answer within ${REQUEST_TIMEOUT_MS / 1000} seconds`, { status: 0 })),
      REQUEST_TIMEOUT_MS,
    );
    stopped = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stopped, { once: true });
  });
  try {
    return await Promise.race([request(), bounded]);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) {
      throw new HubspotError(
        error instanceof SyntaxError ? 'the answer was cut off' : `the connection broke (${reasonOf(error)})`,
        { status: 0 },
      );
    }
    throw error;
  } finally {
    clearTimeout(timer);
    if (stopped !== undefined) signal.removeEventListener('abort', stopped);
  }
}

function reasonOf(error: TypeError): string {
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : error.message;
}

async function getJson<T>(
  url: string,
  bearer: string,
  now: Date,
  observe: (headers: Record<string, string>) => void,
): Promise<T> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' } });
  const headers = Object.fromEntries(response.headers);
  const body = await response.text();
  observe(headers);
  const refusal = refusalOf(response.status, headers, body, now);
  if (refusal !== null) throw refusal;
  return JSON.parse(body) as T;
}
