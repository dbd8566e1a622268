/**
 * How often sources are read: which streams are due at an instant.
 */
import type { Connector } from '../connector/contract.ts';

/** A stream that is not due yet. */
export interface WaitingStream {
  connector: string;
  stream: string;
  /** From when on it is, ISO 8601. */
  dueAt: string;
}

export interface Due {
  /** `connector.stream`, in the order of the config. */
  due: string[];
  waiting: WaitingStream[];
}

/**
 * Streams that were read to their end less than their interval before `now` wait; those without an interval never do.
 * `reads`: when the run began that last read each of them, ISO 8601. A run that begins a hundredth of the interval early,
 * at most half a minute, is on time, so that a timer that is off by a second skips no turn.
 */
export function dueStreams(
  schedule: Readonly<Record<string, number>>,
  connectors: readonly Connector[],
  reads: ReadonlyMap<string, string>,
  now: Date,
): Due {
  const found: Due = { due: [], waiting: [] };
  for (const { name: connector, streams } of connectors) {
    for (const { name: stream } of streams) {
      const source = `${connector}.${stream}`;
      const every = schedule[source] ?? schedule[connector];
      const last = reads.get(source);
      const dueAt = every === undefined || last === undefined ? null : Date.parse(last) + every;
      if (dueAt === null || now.getTime() >= dueAt - Math.min(EARLIEST_MS, (every ?? 0) / 100)) found.due.push(source);
      else found.waiting.push({ connector, stream, dueAt: new Date(dueAt).toISOString() });
    }
  }
  return found;
}

// --- internal ---

const EARLIEST_MS = 30_000;
