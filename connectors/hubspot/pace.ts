/**
 * Keeps calls apart: at most so many begin per second, evenly spread.
 */

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

// --- internal ---

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      signal.removeEventListener('abort', stopped);
      resolve();
    }
    function stopped(): void {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }
    signal.addEventListener('abort', stopped, { once: true });
  });
}
