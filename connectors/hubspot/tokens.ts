/**
 * The bearer token of a request: fixed, or issued for half an hour at a time against a refresh token.
 */
import { remember, type Secret } from 'revops/connector';

export interface Tokens {
  /** A token that is good now, as far as known. */
  current(): Promise<string>;
  /** Replaces a token the platform called expired; false where that cannot be done. */
  replace(expired: string): Promise<boolean>;
}

export interface IssuedToken {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
}

export function fixedToken(token: Secret): Tokens {
  return { current: async () => token.reveal(), replace: async () => false };
}

/** Renews shortly before the end of the token's life, or when told; concurrent callers share one renewal. */
export function renewedTokens(issue: () => Promise<IssuedToken>, now: () => Date): Tokens {
  let token: string | null = null;
  let renewAt = 0;
  let renewal: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const issued = await issue();
    remember(issued.accessToken);
    const lifeMs = issued.expiresIn * 1000;
    renewAt = now().getTime() + lifeMs - Math.min(300_000, lifeMs / 6);
    token = issued.accessToken;
    return token;
  }

  function renewOnce(): Promise<string> {
    renewal ??= renew().finally(() => (renewal = null));
    return renewal;
  }

  return {
    current: async () => (token === null || now().getTime() >= renewAt ? renewOnce() : token),
    replace: async (expired) => {
      if (token === expired) await renewOnce();
      return true;
    },
  };
}
