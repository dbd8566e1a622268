/**
 * The clock as a part of what a model that wakes was made from.
 */
import type { InputRow } from '../contract.ts';

/** The part of a model's state that stands for the clock, where it wakes. */
export const TIME = 'time';

/** The value of that part. */
export function timePart(clock: readonly InputRow[]): string {
  return JSON.stringify([clock[0]?.['now_at'] ?? null, clock[0]?.['today'] ?? null]);
}
