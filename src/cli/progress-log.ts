/**
 * Progress as log lines: newline-delimited JSON on standard error.
 */
import pino from 'pino';

import type { SyncEvent } from '../sync/contract.ts';
import type { CommandContext } from './context.ts';
import { failureOf } from './failure.ts';
import type { Progress } from './progress.ts';

export function logProgress(context: CommandContext, runId: string): Progress {
  const log = openLog(context, runId);
  return {
    onEvent: (event) => {
      const { type, ...rest } = plainEvent(event);
      if (LEVELS[event.type] === 'warn') log.warn(rest, type);
      else if (LEVELS[event.type] === 'info') log.info(rest, type);
      else log.debug(rest, type);
    },
    close: () => Promise.resolve(),
  };
}

/** The log of one run, every line with its id; `--verbose` shows debug lines, `--quiet` only warnings. */
export function openLog(
  { command, globals, terminal }: Pick<CommandContext, 'command' | 'globals' | 'terminal'>,
  runId: string,
): pino.Logger {
  const level = globals.verbose ? 'debug' : globals.quiet ? 'warn' : 'info';
  return pino(
    {
      level,
      base: { command, run: runId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => terminal.log(line.trimEnd()) },
  );
}

// --- internal ---

const LEVELS: Record<SyncEvent['type'], 'debug' | 'info' | 'warn'> = {
  stream_started: 'info',
  rows_read: 'debug',
  loaded: 'info',
  recovered: 'warn',
  slice_retried: 'warn',
  drift: 'warn',
  note: 'info',
  stream_finished: 'info',
};

function plainEvent(event: SyncEvent): Record<string, unknown> & { type: string } {
  if (event.type === 'slice_retried') return { ...event, error: failureOf(event.error) };
  if (event.type !== 'stream_finished') return { ...event };
  const { error, ...report } = event.report;
  return { ...event, report: error === undefined ? report : { ...report, error: failureOf(error) } };
}
