/**
 * Access tokens from the refresh token: kept until shortly before they expire, or until the platform refuses one.
 */
import { remember } from 'revops/connector';

import { TokenRefused } from './failures.ts';
import type { GoogleAdsOptions } from './options.ts';

export interface AccessTokens {
  current(): Promise<string>;
  /** The platform refused this token: the next one is a new one. */
  refused(token: string): void;
}

const RENEW_BEFORE_MS = 60_000;

export async function openTokens(options: GoogleAdsOptions): Promise<AccessTokens> {
  const { OAuth2Client } = await import('google-auth-library');
  const refresh = { refresh_token: options.refreshToken.reveal() };
  const oauth = new OAuth2Client({
    clientId: options.clientId.reveal(),
    clientSecret: options.clientSecret.reveal(),
    eagerRefreshThresholdMillis: RENEW_BEFORE_MS,
    endpoints: { oauth2TokenUrl: `${options.tokenEndpoint}/token` },
  });
  // Its own retries know no Retry-After and would multiply with the gateway's.
  oauth.transporter.interceptors.request.add({
    resolved: async (config) => Object.assign(config, { retry: false, retryConfig: { retry: 0 } }),
  });
  oauth.setCredentials(refresh);
  return {
    async current() {
      const { token } = await oauth.getAccessToken().catch((error: unknown) => {
        throw refusalOf(error);
      });
      if (typeof token !== 'string') throw new TokenRefused(200, undefined, 'the answer holds no access token');
      remember(token);
      return token;
    },
    refused(token) {
      if (oauth.credentials.access_token === token) oauth.setCredentials(refresh);
    },
  };
}

// --- internal ---

/** Never the library's own error: it carries the request, and with it the refresh token. */
function refusalOf(error: unknown): unknown {
  const response = (error as { response?: { status?: number; data?: unknown } }).response;
  if (response?.status === undefined) return new Error((error as Error).message, { cause: codeOnly(error) });
  const data = (typeof response.data === 'object' && response.data !== null ? response.data : {}) as Record<
    string,
    unknown
  >;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return new TokenRefused(response.status, text(data['error']), text(data['error_description']));
}

function codeOnly(error: unknown): Error {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string') return Object.assign(new Error(current.message), { code });
  }
  return new Error('fetch failed');
}
