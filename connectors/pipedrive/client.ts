/**
 * The way to Pipedrive: its official SDK with the tokens, retries and limits of this connector.
 */
import type { ConnectContext } from 'revops/connector';
import { RevopsError } from 'revops/connector';

import { PipedriveError, SHARE_USED } from './faults.ts';
import type { PipedriveOptions } from './options.ts';
import { openSdk, type Sdk } from './sdk.ts';
import { openTokens } from './tokens.ts';
import { send } from './transport.ts';

export interface PipedriveClient {
  readonly options: PipedriveOptions;
  /** Runs one call of the SDK: paced, retried, with a good token. `isFree`: also when the share of the tokens is used. */
  call<T>(label: string, request: (sdk: Sdk) => Promise<T>, isFree?: boolean): Promise<T>;
  /** The company's tokens of the day, as the last answer told; null where it does not tell. */
  budget(): Budget | null;
}

export interface Budget {
  limit: number;
  remaining: number;
}

export async function connect(options: PipedriveOptions, context: ConnectContext): Promise<PipedriveClient> {
  const { gateway, signal, now } = context;
  let budget: Budget | null = null;
  let header: Record<string, string> = {};

  /** The headers are left out of some answers after a pause. */
  function observe(headers: Record<string, string>): void {
    const limit = Number(headers['x-daily-ratelimit-token-limit'] ?? Number.NaN);
    const remaining = Number(headers['x-daily-ratelimit-token-remaining'] ?? Number.NaN);
    if (Number.isFinite(limit) && Number.isFinite(remaining)) budget = { limit, remaining };
  }

  function keepToShare(): void {
    if (budget === null) return;
    const used = budget.limit - budget.remaining;
    if (used < budget.limit * options.dailyTokenShare) return;
    const share = `${Math.round(options.dailyTokenShare * 100)} %`;
    throw new PipedriveError(
      `${used} of ${budget.limit} tokens of the day are used, and this connector stops at ${share}`,
      { status: 0, code: SHARE_USED },
    );
  }

  const tokens = openTokens(
    options,
    (form, authorization) =>
      gateway.call('access token', async () => {
        const asked = {
          method: 'POST',
          url: `${options.tokenEndpoint}/oauth/token`,
          headers: { accept: 'application/json', authorization, 'content-type': 'application/x-www-form-urlencoded' },
          body: form.toString(),
        };
        return (await send(asked, signal, now, () => undefined)).data;
      }),
    now,
  );
  const sdk = await openSdk(options.endpoint, (asked) =>
    send({ ...asked, headers: { ...asked.headers, ...header } }, signal, now, observe),
  );

  async function call<T>(label: string, request: (opened: Sdk) => Promise<T>, isFree = false): Promise<T> {
    let used: Record<string, string> = {};
    const attempt = async (): Promise<T> => {
      header = await tokens.current();
      return gateway.call(label, () => {
        if (!isFree) keepToShare();
        used = header;
        return request(sdk);
      });
    };
    try {
      return await attempt();
    } catch (error) {
      if (!isRefusedToken(error) || !(await tokens.replace(used))) throw error;
      return attempt();
    }
  }

  return { options, call, budget: () => budget };
}

/** Whether an error of `call` is the platform's answer that a record does not exist (any more). */
export function isGone(error: unknown): boolean {
  return error instanceof RevopsError && error.cause instanceof PipedriveError && error.cause.status === 404;
}

// --- internal ---

function isRefusedToken(error: unknown): boolean {
  return error instanceof RevopsError && error.cause instanceof PipedriveError && error.cause.status === 401;
}
