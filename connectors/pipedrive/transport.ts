/**
 * One request and its whole answer. The SDK's own transport hides status and headers and has no bound on the wait.
 */
import { PipedriveError, refusalOf } from './faults.ts';

const REQUEST_TIMEOUT_MS = 120_000;

export interface Asked {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  /** JSON. */
  data: unknown;
}

/** `observe` sees the headers of every answer. Throws what `classify` knows, or the reason of `stop`. */
export async function send(
  asked: Asked,
  stop: AbortSignal,
  now: () => Date,
  observe: (headers: Record<string, string>) => void,
): Promise<Answered> {
  const { url, ...request } = asked;
  const late = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.any([stop, late]) });
    body = await response.text();
  } catch (error) {
    stop.throwIfAborted();
    const reason = late.aborted
      ? `no answer within ${REQUEST_TIMEOUT_MS / 1000} seconds`
      : `the connection broke (${codeOf(error)})`;
    throw new PipedriveError(reason, { status: 0 });
  }
  const headers = Object.fromEntries(response.headers);
  observe(headers);
  const refusal = refusalOf(response.status, headers, body, now());
  if (refusal !== null) throw refusal;
  return { status: response.status, headers, data: jsonOf(body) };
}

// --- internal ---

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : 'no reason given';
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new PipedriveError('the answer was cut off', { status: 0 });
  }
}
