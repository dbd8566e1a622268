/**
 * What kind of fault an error is, read from the platform's raw answer.
 */
import { type Fault, isNetworkError, redact, retryAfterMs } from 'revops/connector';

import { GoogleAdsRequestError, TokenRefused, UnreadableAnswer } from './failures.ts';

export function classify(error: unknown): Fault {
  const fault = faultOf(error);
  return { ...fault, message: redact(fault.message) };
}

// --- internal ---

const NEW_TOKEN =
  'Make a new refresh token for the scope adwords with the same OAuth client; apps in testing lose theirs after 7 days.';

const HINTS: Record<string, string> = {
  USER_PERMISSION_DENIED:
    'Give the user of the refresh token access to the account, or set loginCustomerId to the manager it is reached through.',
  CUSTOMER_NOT_ENABLED: 'The account is cancelled, suspended or not set up yet.',
  DEVELOPER_TOKEN_NOT_APPROVED:
    'The developer token reaches test accounts only: apply for access in the API centre of the manager account.',
  DEVELOPER_TOKEN_PROHIBITED: 'The developer token belongs to another Google Cloud project.',
  DEVELOPER_TOKEN_INVALID: 'Check developerToken: it is in the API centre of the manager account.',
  NOT_ADS_USER: 'The user of the refresh token has no Google Ads account.',
};

function faultOf(error: unknown): Fault {
  if (error instanceof GoogleAdsRequestError) return requestFault(error);
  if (error instanceof TokenRefused) return tokenFault(error);
  if (error instanceof UnreadableAnswer) return { kind: 'transient', message: error.message };
  if (isNetworkError(error)) return { kind: 'transient', message: `no connection: ${reason(error)}` };
  return { kind: 'rejected', message: reason(error) };
}

function requestFault(error: GoogleAdsRequestError): Fault {
  const first = error.failures[0];
  const message = [
    first === undefined ? error.message : `${first.kind} ${first.code}: ${first.message}`,
    error.requestId === undefined ? '' : ` (request id ${error.requestId})`,
  ].join('');
  const wait =
    error.failures.find((failure) => failure.retryAfterMs !== undefined)?.retryAfterMs ??
    retryAfterMs(error.retryAfter, new Date());
  const waits = wait === undefined ? {} : { retryAfterMs: wait };

  const quota = error.failures.find((failure) => failure.kind === 'quotaError');
  if (quota !== undefined) {
    if (quota.code === 'ACCESS_PROHIBITED')
      return { kind: 'auth', message, hint: 'The developer token may not call the API.' };
    const isSpent =
      quota.code === 'EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION' ||
      (wait === undefined && /operations/i.test(quota.rateName ?? ''));
    return isSpent
      ? {
          kind: 'quota_exhausted',
          message,
          hint: 'The daily quota of the developer token is spent; the next run goes on from here.',
          ...waits,
        }
      : { kind: 'rate_limited', message, ...waits };
  }
  if (error.has('authenticationError') || error.has('authorizationError') || error.has('notAllowlistedError')) {
    return {
      kind: 'auth',
      message,
      hint: HINTS[first?.code ?? ''] ?? 'Check the credentials and the access of their user.',
    };
  }
  if (error.has('requestError', 'UNSUPPORTED_VERSION')) {
    return { kind: 'rejected', message, hint: 'The platform has retired this version of its API: upgrade revops.' };
  }
  if (error.has('internalError') || error.has('databaseError')) return { kind: 'transient', message, ...waits };
  if (error.status === 429) return { kind: 'rate_limited', message, ...waits };
  if (error.status >= 500 || error.status === 408) return { kind: 'transient', message, ...waits };
  if (error.status === 401) return { kind: 'auth', message, hint: NEW_TOKEN };
  if (error.status === 403)
    return {
      kind: 'auth',
      message,
      hint: 'Check the access of the user and that the Google Ads API is enabled in the Cloud project.',
    };
  return { kind: 'rejected', message };
}

function tokenFault(error: TokenRefused): Fault {
  if (error.code === 'invalid_grant') return { kind: 'auth', message: error.message, hint: NEW_TOKEN };
  if (error.status === 429) return { kind: 'rate_limited', message: error.message };
  if (error.status >= 500) return { kind: 'transient', message: error.message };
  return {
    kind: 'auth',
    message: error.message,
    hint: 'Check clientId and clientSecret: both come from the same OAuth client.',
  };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : 'unknown error';
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.replace(/\s+/g, ' ');
}
