/**
 * What kind of fault an error is.
 */
import { type Fault, isNetworkError, redact } from 'revops/connector';

import { LinkedinError, TooManyElements, UnreadableAnswer } from './failures.ts';

export function classify(error: unknown): Fault {
  const fault = faultOf(error);
  return { ...fault, message: redact(fault.message) };
}

// --- internal ---

/** The volume of data is counted over five minutes. */
const VOLUME_WAIT_MS = 300_000;

const TOKEN_HINTS: Record<string, string> = {
  '65600': 'Make a new token.',
  '65601': 'The member, or a new consent with other scopes, revoked the token: make a new one.',
  '65602': 'Access tokens live for 60 days: make a new one, or give refreshToken if the app may renew them.',
};

function faultOf(error: unknown): Fault {
  if (error instanceof LinkedinError) return refusalFault(error);
  if (error instanceof UnreadableAnswer) return { kind: 'transient', message: error.message };
  if (error instanceof TooManyElements) {
    return {
      kind: 'rejected',
      message: error.message,
      hint: 'The platform gives at most 15,000 elements at once and no pages: leave the account out with accountIds.',
    };
  }
  if (isNetworkError(error)) return { kind: 'transient', message: 'no connection, or the answer broke off' };
  return { kind: 'rejected', message: error instanceof Error ? error.message.replace(/\s+/g, ' ') : 'unknown error' };
}

function refusalFault(error: LinkedinError): Fault {
  const { status, code, serviceCode, requestId } = error;
  const names = [status === 0 ? undefined : String(status), code, serviceCode].filter((name) => name !== undefined);
  const trace = requestId === undefined ? '' : ` (request id ${requestId})`;
  const message = `${names.join(' ')}${names.length === 0 ? '' : ': '}${error.message}${trace}`;
  const waits = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };

  if (status === 0 || status === 408 || status >= 500) return { kind: 'transient', message, ...waits };
  if (status === 429) return limitFault(error, message);
  if (code === 'invalid_grant' || code === 'invalid_client') {
    return {
      kind: 'auth',
      message,
      hint: 'Check clientId and clientSecret. A refresh token lives for a year from the consent on, however often it is used: ask for consent again.',
    };
  }
  if (status === 401) return { kind: 'auth', message, hint: TOKEN_HINTS[serviceCode ?? ''] ?? 'Make a new token.' };
  if (status === 403) {
    return {
      kind: 'auth',
      message,
      hint: 'The token needs r_ads and r_ads_reporting, the app access to the Advertising API, and the member a role on the account.',
    };
  }
  if (status === 426) {
    return {
      kind: 'rejected',
      message,
      hint: 'The platform has switched this version of its API off: set apiVersion to a newer one, or upgrade revops.',
    };
  }
  return { kind: 'rejected', message };
}

/** Three limits answer alike: calls of a day, which no wait within a run cures; the volume of data; calls of a moment. */
function limitFault(error: LinkedinError, message: string): Fault {
  if (/\bDAY\b/.test(error.message)) {
    return {
      kind: 'quota_exhausted',
      message,
      hint: 'The calls of the app or the member for today are used up; the platform counts anew at midnight UTC, and the next run goes on from here.',
    };
  }
  const isVolume = /metric values|data (volume|limit)/i.test(error.message);
  const wait = error.retryAfterMs ?? (isVolume ? VOLUME_WAIT_MS : undefined);
  return { kind: 'rate_limited', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}
