/**
 * Keeps calls apart: at most so many begin per second, evenly spread.
 */
import { pause } from 'revops/connector';

export function createPace(perSecond: number, signal: AbortSignal): () => Promise<void> {
  const gapMs = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const wait = Math.max(0, next - now);
    next = Math.max(next, now) + gapMs;
    if (wait > 0) await pause(wait, signal);
  };
}
