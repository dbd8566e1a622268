/**
 * What a command gets from the command line.
 */
import type { Readable } from 'node:stream';

import type { Terminal } from './terminal.ts';

/** Options every command takes. */
export interface GlobalOptions {
  config?: string;
  json: boolean;
  now?: Date;
  /** How long to wait for another run, in milliseconds. */
  lockTimeoutMs: number;
  quiet: boolean;
  verbose: boolean;
}

export interface CommandContext {
  /** The command's name, for the lease and messages. */
  command: string;
  cwd: string;
  stdin: Readable;
  globals: GlobalOptions;
  terminal: Terminal;
  /** Called with the id of the run that the command records, once it has begun. */
  onRun(runId: string): void;
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** The clock: real, or frozen by --now. */
  now(): Date;
}

export type Options = Record<string, string | boolean | undefined>;

/** A command: prints its result and returns; ends by an error that says its exit code. */
export type Run = (context: CommandContext, words: readonly string[], options: Options) => Promise<void>;
