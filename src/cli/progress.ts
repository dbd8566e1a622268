/**
 * Progress of a sync: a live list on a terminal, plain lines elsewhere, log lines with --json, nothing with --quiet.
 */
import type { Connector } from '../connector/contract.ts';
import type { SyncEvent } from '../sync/contract.ts';
import type { CommandContext } from './context.ts';

export interface Progress {
  onEvent(event: SyncEvent): void;
  /** Draws the final state and gives the terminal back. */
  close(): Promise<void>;
}

/** `streams` are those selected, in the order of the list. */
export async function showProgress(
  context: CommandContext,
  streams: readonly StreamName[],
  runId: string,
): Promise<Progress> {
  if (context.globals.json) return (await import('./progress-log.ts')).logProgress(context, runId);
  if (context.globals.quiet) return { onEvent: () => undefined, close: () => Promise.resolve() };
  if (context.terminal.isWatched) return (await import('./progress-list.ts')).listProgress(streams);
  return (await import('./progress-lines.ts')).lineProgress(context);
}

export interface StreamName {
  connector: string;
  stream: string;
}

/** The streams a selection names; empty selection: all. */
export function selectedStreams(connectors: readonly Connector[], select: readonly string[]): StreamName[] {
  return connectors
    .flatMap((connector) => connector.streams.map((stream) => ({ connector: connector.name, stream: stream.name })))
    .filter(
      ({ connector, stream }) =>
        select.length === 0 || select.includes(connector) || select.includes(`${connector}.${stream}`),
    );
}
