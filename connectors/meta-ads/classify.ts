/**
 * What kind of fault an error is, by the platform's codes.
 */
import { type Fault, isNetworkError, redact } from 'revops/connector';

import { isLimit, isTooMuch, MetaRequestError, ReportFailed, UnreadableAnswer, UsageSpent } from './failures.ts';

export function classify(error: unknown): Fault {
  const fault = faultOf(error);
  return { ...fault, message: redact(fault.message) };
}

// --- internal ---

const NEXT_RUN = 'The limits of the account or the app are used up; the next run goes on from here.';

const TOKEN_HINTS: Record<number, string> = {
  458: 'The app was removed by the user: make a new token.',
  459: 'The user has to log in to the platform once, then the token works again.',
  460: 'The password was changed: make a new token. One of a system user does not depend on a password.',
  463: 'The token has expired: make a new one. One of a system user does not expire.',
  464: 'The user has to confirm the account on the platform.',
  467: 'The token was made invalid: make a new one.',
};

function faultOf(error: unknown): Fault {
  if (error instanceof MetaRequestError) return requestFault(error);
  if (error instanceof UsageSpent) return { kind: 'quota_exhausted', message: error.message, hint: NEXT_RUN };
  if (error instanceof ReportFailed || error instanceof UnreadableAnswer)
    return { kind: 'transient', message: error.message };
  if (isNetworkError(error)) return { kind: 'transient', message: 'no connection' };
  return { kind: 'rejected', message: error instanceof Error ? error.message.replace(/\s+/g, ' ') : 'unknown error' };
}

function requestFault(error: MetaRequestError): Fault {
  const { status, code, subcode } = error;
  const numbers = [code, subcode].filter((part) => part !== undefined).join('/');
  const trace = error.traceId === undefined ? '' : ` (trace id ${error.traceId})`;
  const message = `${numbers === '' ? '' : `code ${numbers}: `}${error.message}${trace}`;
  const waits = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };

  if (status === undefined) return { kind: 'transient', message };
  if (isLimit(error)) return { kind: 'rate_limited', message, hint: NEXT_RUN, ...waits };
  if (code === 190 || code === 102 || code === 104) {
    return {
      kind: 'auth',
      message,
      hint: TOKEN_HINTS[subcode ?? 0] ?? 'Make a new token of a system user with the permission ads_read.',
    };
  }
  if (code === 10 || code === 3 || (code !== undefined && code >= 200 && code < 300)) {
    return {
      kind: 'auth',
      message,
      hint: 'Give the token the permission ads_read, and its user a role on the ad account.',
    };
  }
  if (code === 100 && /appsecret_proof/.test(error.message)) {
    return { kind: 'auth', message, hint: 'Set appSecret to the secret of the app the token belongs to.' };
  }
  if (code === 2635)
    return {
      kind: 'rejected',
      message,
      hint: 'The platform has retired this version of its API: set apiVersion to the one it names, or upgrade revops.',
    };
  if (isTooMuch(error)) {
    return {
      kind: 'rejected',
      message,
      hint: 'A single campaign and day is too much for the platform right now: run again later.',
    };
  }
  if (error.isTransient || code === 1 || code === 2 || status >= 500 || status === 408)
    return { kind: 'transient', message, ...waits };
  if (status === 429) return { kind: 'rate_limited', message, ...waits };
  if (status === 401 || status === 403) return { kind: 'auth', message, hint: 'Check the token and its permissions.' };
  return { kind: 'rejected', message };
}
