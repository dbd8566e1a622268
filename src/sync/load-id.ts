/**
 * Ids of loads: unique, and in the order of time to the eye. What came first is told by `revops.loads`, not by the id.
 */
import { randomBytes } from 'node:crypto';

/** `20260131T235959_` and 12 random hexadecimal digits. */
export function newLoadId(now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}_${randomBytes(6).toString('hex')}`;
}
