/**
 * Commands that read models say which of them is missing.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';

/** USAGE where one of these relations (`core.deals`) was never built. */
export async function requireBuilt(session: Session, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const [schema = '', relation = ''] = name.split('.');
    // oxlint-disable-next-line no-await-in-loop -- one connection; the first that is missing ends it
    if ((await session.describe({ schema, name: relation })) !== null) continue;
    throw new RevopsError('USAGE', `${name} is not built yet`, { hint: 'Run `revops build` first.' });
  }
}
