/**
 * What a request is authorised with: an API token, or an access token issued for an hour at a time.
 */
import { remember, RevopsError } from 'revops/connector';

import { PipedriveError } from './faults.ts';
import type { PipedriveOptions } from './options.ts';

export interface Tokens {
  /** The header that is good now, as far as known. */
  current(): Promise<Record<string, string>>;
  /** Replaces a header the platform refused; false where that cannot be done. */
  replace(refused: Record<string, string>): Promise<boolean>;
}

/** `issue` asks the token service with a form and an authorization and gives its JSON. */
export function openTokens(
  { apiToken, oauth }: PipedriveOptions,
  issue: (form: URLSearchParams, authorization: string) => Promise<unknown>,
  now: () => Date,
): Tokens {
  if (apiToken !== undefined)
    return { current: async () => ({ 'x-api-token': apiToken.reveal() }), replace: async () => false };
  if (oauth === undefined)
    throw new RevopsError('CONFIG_INVALID', 'connectors.pipedrive: give either apiToken or oauth');
  const client = `${oauth.clientId.reveal()}:${oauth.clientSecret.reveal()}`;
  const authorization = `Basic ${Buffer.from(client).toString('base64')}`;
  remember(authorization.slice('Basic '.length));
  let refreshToken = oauth.refreshToken.reveal();
  let header: Record<string, string> | null = null;
  let renewAt = 0;
  let renewal: Promise<Record<string, string>> | null = null;

  async function renew(): Promise<Record<string, string>> {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const issued = issuedOf(await issue(form, authorization));
    renewAt = now().getTime() + issued.lifeMs - Math.min(300_000, issued.lifeMs / 6);
    refreshToken = issued.refreshToken ?? refreshToken;
    header = { authorization: `Bearer ${issued.accessToken}` };
    return header;
  }

  function renewOnce(): Promise<Record<string, string>> {
    renewal ??= renew().finally(() => (renewal = null));
    return renewal;
  }

  return {
    current: async () => (header === null || now().getTime() >= renewAt ? renewOnce() : header),
    replace: async (refused) => {
      if (header === refused) await renewOnce();
      return true;
    },
  };
}

// --- internal ---

function issuedOf(answer: unknown): { accessToken: string; refreshToken: string | undefined; lifeMs: number } {
  const {
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: seconds,
  } = answer as { access_token?: unknown; refresh_token?: unknown; expires_in?: unknown };
  if (typeof accessToken !== 'string' || typeof seconds !== 'number')
    throw new PipedriveError('the token service answered without access_token and expires_in', { status: 502 });
  for (const token of [accessToken, refreshToken]) if (typeof token === 'string') remember(token);
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
    lifeMs: seconds * 1000,
  };
}
