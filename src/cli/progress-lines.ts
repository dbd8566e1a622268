/**
 * Progress as plain lines: one per finished stream and one per thing worth knowing.
 */
import type { SyncEvent } from '../sync/contract.ts';
import type { CommandContext } from './context.ts';
import type { Progress } from './progress.ts';
import { streamLine } from './sync-report.ts';

export function lineProgress({ terminal }: CommandContext): Progress {
  return {
    onEvent: (event) => {
      const line = lineOf(event);
      if (line !== undefined) terminal.say(line);
    },
    close: () => Promise.resolve(),
  };
}

/** The line for an event; undefined where none is worth it. */
export function lineOf(event: SyncEvent): string | undefined {
  const stream = event.stream === '' ? event.connector : `${event.connector}.${event.stream}`;
  switch (event.type) {
    case 'stream_finished':
      return `${stream}: ${streamLine(event.report)}`;
    case 'recovered':
      return `${stream}: an interrupted load was found, ${event.outcome.replace('_', ' ')}`;
    case 'slice_retried':
      return `${stream}: ${event.slice} tried again (${event.attempt}): ${event.error.message}`;
    case 'drift':
    case 'note':
      return `${stream}: ${event.message}`;
    default:
      return undefined;
  }
}
