/**
 * Counts of what was answered, told to the log once a minute: never what was sent.
 */
import type { Log } from 'revops/connector';

export interface Tally {
  requests: number;
  accepted: number;
  rejected: number;
  /** Senders without a key, signature or origin that fits. */
  refused: number;
  /** Told to come again later. */
  busy: number;
}

export function newTally(): Tally {
  return { requests: 0, accepted: 0, rejected: 0, refused: 0, busy: 0 };
}

/** Logs the counts every minute in which there were any. Gives what logs the rest and ends it. */
export function tellTally(tally: Tally, log: Log, waitingBytes: () => number): () => void {
  const tell = (): void => {
    if (Object.values(tally).every((count) => count === 0)) return;
    log.info({ ...tally, waiting_bytes: waitingBytes() }, 'collected');
    Object.assign(tally, newTally());
  };
  const timer = setInterval(tell, 60_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    tell();
  };
}
