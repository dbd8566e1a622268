/**
 * The way to Stripe: its official SDK on one API version, with the retries and the pace of the connector kit instead of the
 * SDK's own, without telemetry.
 */
import type { Stripe } from 'stripe';

import type { ConnectContext } from 'revops/connector';

import { UnreadableAnswer } from './faults.ts';
import type { StripeOptions } from './options.ts';
import { watched } from './transport.ts';
import { API_VERSION } from './version.ts';

export interface StripeClient {
  readonly options: StripeOptions;
  /** Runs one call of the SDK: paced, retried. Only reading calls, which are safe to repeat. */
  call<T extends object>(label: string, request: (sdk: Stripe) => Promise<T>): Promise<T>;
  /** Now, by this machine's clock or the platform's, whichever is behind. */
  present(): Date;
  /** How far this machine's clock is ahead of the platform's, in milliseconds; null before the first answer. */
  aheadMs(): number | null;
}

export async function connect(options: StripeOptions, context: ConnectContext): Promise<StripeClient> {
  const { Stripe: Sdk } = await import('stripe');
  const { hostname, port, protocol } = new URL(options.endpoint);
  const isPlain = protocol === 'http:';
  let aheadMs: number | null = null;

  const sdk = new Sdk(options.apiKey.reveal(), {
    apiVersion: API_VERSION,
    host: hostname,
    port: port === '' ? (isPlain ? 80 : 443) : Number(port),
    protocol: isPlain ? 'http' : 'https',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: REQUEST_TIMEOUT_MS,
    httpClient: watched(Sdk.createNodeHttpClient(), (headers) => {
      const told = Date.parse(String(headers['date']));
      if (!Number.isNaN(told)) aheadMs = context.now().getTime() - told;
    }),
  });

  return {
    options,
    call: (label, request) => context.gateway.call(label, () => readable(() => request(sdk), context.signal)),
    present: () => new Date(context.now().getTime() - Math.max(0, aheadMs ?? 0)),
    aheadMs: () => aheadMs,
  };
}

// --- internal ---

const REQUEST_TIMEOUT_MS = 80_000;

/** Ends with the run, and tells an answer that is no object of the API from one that is: the SDK looks at no status. */
async function readable<T extends object>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let stopped: (() => void) | undefined;
  const stop = new Promise<never>((_, reject) => {
    stopped = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stopped, { once: true });
  });
  try {
    const answer = await Promise.race([request(), stop]);
    const { object, data } = answer as { object?: unknown; data?: unknown };
    if (typeof object !== 'string' || (object === 'list' && !Array.isArray(data)))
      throw new UnreadableAnswer('the answer is no object of the API');
    return answer;
  } catch (error) {
    if (error instanceof TypeError) throw new UnreadableAnswer('the answer is no object of the API');
    throw error;
  } finally {
    if (stopped !== undefined) signal.removeEventListener('abort', stopped);
  }
}
