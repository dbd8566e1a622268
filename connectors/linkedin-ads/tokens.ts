/**
 * The bearer token of a request: given, or issued against the refresh token and kept for the run.
 */
import { remember } from 'revops/connector';

import { LinkedinError, UnreadableAnswer } from './failures.ts';
import { textOf, type Node } from './json.ts';
import type { LinkedinAdsOptions } from './options.ts';

export interface Tokens {
  current(): Promise<string>;
  /** Replaces a token the platform refused; false where that cannot be done. */
  replace(refused: string): Promise<boolean>;
  /** What the token service says of the token in use; null where the app's credentials are not given. */
  inspect(): Promise<TokenFacts | null>;
}

export interface TokenFacts {
  isActive: boolean;
  scopes: string[];
  /** Of the access token. */
  expiresAt: Date | undefined;
  /** Of the refresh token, where there is one. */
  refreshEndsAt: Date | undefined;
}

/** `post` sends a form to a path of the token service. */
export function openTokens(
  options: LinkedinAdsOptions,
  post: (path: string, form: Record<string, string>) => Promise<Node>,
  now: () => Date,
): Tokens {
  const { accessToken, refreshToken, clientId, clientSecret } = options;
  let token: string | null = accessToken?.reveal() ?? null;
  let refreshEndsAt: Date | undefined;
  let renewal: Promise<string> | null = null;

  function appForm(): Record<string, string> | null {
    if (clientId === undefined || clientSecret === undefined) return null;
    return { client_id: clientId.reveal(), client_secret: clientSecret.reveal() };
  }

  async function issue(): Promise<string> {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken?.reveal() ?? '', ...appForm() };
    const answer = await post('accessToken', form);
    const issued = textOf(answer['access_token']);
    if (issued === undefined) throw new UnreadableAnswer('the token service answered without an access token');
    remember(issued);
    refreshEndsAt = secondsFrom(now(), answer['refresh_token_expires_in']);
    return issued;
  }

  /** Concurrent callers share one renewal. */
  async function renew(): Promise<string> {
    renewal ??= issue().finally(() => (renewal = null));
    token = await renewal;
    return token;
  }

  const current = async (): Promise<string> => token ?? renew();
  return {
    current,
    async replace(refused) {
      if (refreshToken === undefined) return false;
      if (token === refused) await renew();
      return true;
    },
    async inspect() {
      const form = appForm();
      if (form === null) return null;
      const answer = await post('introspectToken', { ...form, token: await current() });
      if (typeof answer['active'] !== 'boolean')
        throw new LinkedinError('the token service did not say whether the token is active', { status: 502 });
      const expiresAt = answer['expires_at'];
      return {
        isActive: answer['active'],
        scopes: (textOf(answer['scope']) ?? '').split(/[\s,]+/).filter(Boolean),
        expiresAt: typeof expiresAt === 'number' ? new Date(expiresAt * 1000) : undefined,
        refreshEndsAt,
      };
    },
  };
}

// --- internal ---

function secondsFrom(now: Date, seconds: unknown): Date | undefined {
  return typeof seconds === 'number' ? new Date(now.getTime() + seconds * 1000) : undefined;
}
