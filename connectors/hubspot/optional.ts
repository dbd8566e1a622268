/**
 * What a token need not be granted: the rest is read without it.
 */
import { type Diagnosis, type ReadContext, RevopsError } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { HubspotError } from './faults.ts';

/** Whether the token may read it, asked once per connection; where not, one note says what to grant. */
export function isGranted(
  { client, note }: Pick<ReadContext<HubspotClient>, 'client' | 'note'>,
  what: string,
  ask: () => Promise<unknown>,
): Promise<boolean> {
  const asked = ASKED.get(client) ?? new Map<string, Promise<boolean>>();
  ASKED.set(client, asked);
  const known = asked.get(what);
  if (known !== undefined) return known;
  const answer = ask().then(
    () => true,
    (error: unknown) => {
      asked.delete(what);
      const missing = missingScope(error);
      if (missing === null) throw error;
      asked.set(what, Promise.resolve(false));
      note(`${what} left out: ${missing}`);
      return false;
    },
  );
  asked.set(what, answer);
  return answer;
}

/** For `check`: nothing is wrong where it is not granted, but somebody may miss it. */
export async function diagnoseOptional(subject: string, look: () => Promise<Diagnosis>): Promise<Diagnosis> {
  try {
    return await look();
  } catch (error) {
    const missing = missingScope(error);
    if (missing === null) throw error;
    return { subject, status: 'warning', message: `left out: ${missing}` };
  }
}

// --- internal ---

/** By connection, so that nothing outlives a run. */
const ASKED = new WeakMap<HubspotClient, Map<string, Promise<boolean>>>();

/** What a refusal for want of a scope says, with what to do; null for any other error. */
function missingScope(error: unknown): string | null {
  if (!(error instanceof RevopsError) || !(error.cause instanceof HubspotError)) return null;
  const { status, scopes } = error.cause;
  if (status !== 403 || scopes.length === 0) return null;
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}
