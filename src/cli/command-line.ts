/**
 * One command line from its words to its exit code, in surroundings that are given: of this process, or of a test.
 */
import type { Readable } from 'node:stream';

import { CommanderError } from 'commander';

import { RevopsError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { exitCodeOf, failureOf, renderFailure } from './failure.ts';
import { instantOfEnvironment } from './instant.ts';
import { createProgram, type Request } from './program.ts';
import { type Stop, stopNotice } from './stop.ts';
import { openTerminal, type Output, type Terminal } from './terminal.ts';

export interface Surroundings {
  /** Absolute: where the project is looked for, and what relative paths are relative to. */
  cwd: string;
  stdin: Readable;
  stdout: Output;
  stderr: Output;
  /** What asks for an end, and the exit code it gives. */
  stop: Stop;
  /** Called before a command begins that does more than print: it goes on to its end where nobody reads its output. */
  beginWork?(): void;
}

/**
 * Parses it, runs one command, prints its error if it ends on one; gives the exit code and never throws. Secrets and
 * settings are those of `process.env`, to which the project's `.env` is added.
 */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stop, stdout, stderr } = surroundings;
  const isJson = words.includes('--json');
  let isStopSuccess = false;
  let terminal = openTerminal({ quiet: false, stdout, stderr, ...(isJson ? { json: {} } : {}) });
  const program = createProgram(
    (request) => {
      const { command, globals, runsUntilStopped } = request;
      isStopSuccess = runsUntilStopped;
      terminal = openTerminal({ quiet: globals.quiet, stdout, stderr, ...(globals.json ? { json: { command } } : {}) });
      if (!request.onlyPrints) surroundings.beginWork?.();
      return perform(request, surroundings, terminal);
    },
    // the help where no command is given is for people
    isJson ? { stdout, stderr: { write: () => true } } : surroundings,
  );
  try {
    await program.parseAsync(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
    return isStopSuccess ? 0 : (stop.exitCode() ?? 0);
  } catch (error) {
    return report(error, terminal, { isVerbose: words.includes('--verbose'), stop });
  }
}

// --- internal ---

async function perform(request: Request, { cwd, stdin, stop }: Surroundings, terminal: Terminal): Promise<void> {
  const { globals } = request;
  const context: CommandContext = {
    command: request.command,
    cwd,
    stdin,
    globals,
    terminal,
    onRun: terminal.ofRun,
    signal: stop.signal,
    now: () => globals.now ?? instantOfEnvironment() ?? new Date(),
  };
  const told = (): void => terminal.warn(stopNotice(stop));
  stop.signal.addEventListener('abort', told);
  try {
    const run = await request.load();
    await run(context, request.words, request.options);
  } finally {
    stop.signal.removeEventListener('abort', told);
  }
}

/** Prints the error; gives the exit code. */
function report(thrown: unknown, terminal: Terminal, { isVerbose, stop }: { isVerbose: boolean; stop: Stop }): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
  const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
  terminal.fail(renderFailure(error, { verbose: isVerbose }), failureOf(error));
  return stop.exitCode() ?? exitCodeOf(error);
}

function usageError(error: CommanderError): RevopsError {
  const message =
    error.code === 'commander.help'
      ? 'no command given'
      : error.message.replace(/^error: /, '').replace(/\n\(Did you mean (.+?)\?\)/, ' (did you mean $1?)');
  return new RevopsError('USAGE', message, {
    hint: '`revops --help` lists the commands, `revops <command> --help` its options.',
  });
}
