/**
 * The session of a run. The token service does not say how long a token lives, so it is renewed when the platform calls
 * it invalid.
 */
import { remember } from 'revops/connector';

import { SalesforceError } from './faults.ts';

export interface Session {
  accessToken: string;
  /** Where the organisation's API is. */
  instanceUrl: string;
}

export interface Sessions {
  current(): Promise<Session>;
  /** Replaces a session the platform called invalid; concurrent callers share one renewal. */
  replace(refused: Session): Promise<void>;
}

export function openSessions(issue: () => Promise<unknown>): Sessions {
  let session: Session | null = null;
  let renewal: Promise<Session> | null = null;

  async function renew(): Promise<Session> {
    session = sessionOf(await issue());
    return session;
  }

  function renewOnce(): Promise<Session> {
    renewal ??= renew().finally(() => (renewal = null));
    return renewal;
  }

  return {
    current: async () => session ?? renewOnce(),
    replace: async (refused) => {
      if (session === refused) await renewOnce();
    },
  };
}

// --- internal ---

function sessionOf(answer: unknown): Session {
  const { access_token: accessToken, instance_url: instanceUrl } = answer as {
    access_token?: unknown;
    instance_url?: unknown;
  };
  if (typeof accessToken !== 'string' || typeof instanceUrl !== 'string') {
    throw new SalesforceError('the token service answered without access_token and instance_url', { status: 502 });
  }
  remember(accessToken);
  return { accessToken, instanceUrl: instanceUrl.replace(/\/+$/, '') };
}
