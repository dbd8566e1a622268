/**
 * The SDK, and everything that has to be changed about it, on one instance and nowhere else:
 * - address and version come from process-wide getters: here every call gets its absolute URL instead;
 * - the token is part of the URL, which errors carry: errors are replaced by ones without it;
 * - headers are put into the data, where a second read of the object fails on them: they are taken out again;
 * - a report's run forgets the instance it was made with and falls back to a process-wide one: it is given back;
 * - a crash reporter for the whole process is on by default: it is never switched on.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AdAccount, AdReportRun, FacebookAdsApi, User } from 'facebook-nodejs-business-sdk';

import { remember, type ConnectContext } from 'revops/connector';

import { errorOf, failureOf, isLimit, MetaRequestError, UnreadableAnswer, UsageSpent } from './failures.ts';
import type { MetaAdsOptions } from './options.ts';
import { newUsageMeter, pauseAt, STOP_PERCENT, type Headers, type UsageMeter } from './usage.ts';

export interface Graph {
  readonly usage: UsageMeter;
  me(): User;
  account(id: string): AdAccount;
  /** A new object each time, as one can be read only once. */
  run(id: string, accountId: string): AdReportRun;
  /** What the platform knows about the token itself. */
  debugToken(): Promise<Record<string, unknown>>;
}

export async function openGraph(options: MetaAdsOptions, { gateway, signal }: ConnectContext): Promise<Graph> {
  const sdk = await import('facebook-nodejs-business-sdk');
  const token = options.accessToken.reveal();
  const credentials = { access_token: token, ...proofOf(options, token) };
  const usage = newUsageMeter();
  const accountOfRun = new Map<string, string>();
  const api = new sdk.FacebookAdsApi(token, 'en_US', false).setShowHeader(true);
  const send = api.call.bind(api) as Call;

  async function request(method: string, path: readonly string[], params: Params): Promise<Params> {
    const accountId = /^act_(\d+)$/.exec(path[0] ?? '')?.[1] ?? accountOfRun.get(path[0] ?? '');
    const percent = usage.percent(accountId);
    if (method === 'POST' && percent >= STOP_PERCENT) {
      throw new UsageSpent(
        `${percent} % of the limits of account ${accountId ?? 'unknown'} or of the app are used: no new report is asked for`,
      );
    }
    const pause = pauseAt(percent);
    if (pause > 0) await sleep(pause, undefined, { signal });
    const query = method === 'POST' ? credentials : { ...withoutEmpty(params), ...credentials };
    const url = `${options.endpoint}/${options.apiVersion}/${path.join('/')}?${sdk.FacebookAdsApi._encodeParams(query)}`;
    try {
      return contentOf(await withinTime(send(method, url, method === 'POST' ? params : {}), signal), usage);
    } catch (error) {
      usage.note((error as { headers?: Headers | null }).headers ?? {});
      signal.throwIfAborted();
      const failure = OWN.some((kind) => error instanceof kind) ? error : failureOf(error);
      const isLimited = failure instanceof MetaRequestError && isLimit(failure) && failure.retryAfterMs === undefined;
      // Without a wait that the platform asks for, used-up limits last for the rest of the hour.
      throw isLimited && usage.percent(accountId) >= STOP_PERCENT ? new UsageSpent(failure.message) : failure;
    }
  }

  api.call = ((method: string, path: readonly string[] | string, params: Params = {}) => {
    // The SDK follows the platform's absolute links, which carry the token to wherever they point; pages are asked for by cursor.
    if (typeof path === 'string') throw new Error('a link of the platform is never followed');
    return gateway.call(`${method} ${path.join('/')}`, () => request(method, path, params));
  }) as typeof api.call;

  return {
    usage,
    me: () => new sdk.User('me', {}, undefined, api),
    account: (id) => new sdk.AdAccount(`act_${id}`, {}, undefined, api),
    run(id, accountId) {
      accountOfRun.set(id, accountId);
      return ownedBy(api, new sdk.AdReportRun(id, { report_run_id: id }, undefined, api));
    },
    async debugToken() {
      const answer = await api.call<{ data?: Params }>('GET', ['debug_token'], { input_token: token });
      return answer.data ?? {};
    },
  };
}

// --- internal ---

type Params = Record<string, unknown>;
type Call = (method: string, url: string, params: Params) => Promise<unknown>;

const OWN = [MetaRequestError, UnreadableAnswer];
/** The SDK sets no limit. Answers come within the platform's own of about two minutes. */
const TIME_LIMIT_MS = 180_000;

function proofOf({ appSecret }: MetaAdsOptions, token: string): { appsecret_proof?: string } {
  if (appSecret === undefined) return {};
  const proof = createHmac('sha256', appSecret.reveal()).update(token).digest('hex');
  remember(proof);
  return { appsecret_proof: proof };
}

/** The SDK writes an empty `fields` where none are named. */
function withoutEmpty(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));
}

function contentOf(answer: unknown, usage: UsageMeter): Params {
  if (typeof answer !== 'object' || answer === null) throw new UnreadableAnswer('the answer is not JSON');
  const { headers, ...content } = answer as Params;
  usage.note((headers ?? {}) as Headers);
  if (content['error'] !== undefined) throw errorOf(200, content['error'], (headers ?? {}) as Headers);
  return content;
}

function ownedBy<T>(api: FacebookAdsApi, object: T): T {
  return Object.assign(object as object, { _api: api }) as T;
}

/** The answer, unless the run is stopped or the platform says nothing for too long. */
async function withinTime<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const limit = sleep(TIME_LIMIT_MS, undefined, { signal: AbortSignal.any([signal, done.signal]), ref: false }).then(
    () => {
      throw new MetaRequestError({ status: undefined, message: `no answer within ${TIME_LIMIT_MS / 1000} seconds` });
    },
  );
  try {
    return await Promise.race([answer, limit]);
  } finally {
    done.abort();
    limit.catch(() => undefined);
    answer.catch(() => undefined);
  }
}
