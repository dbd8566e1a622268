/**
 * One command line from its words to its exit code, in surroundings that are given: of this process, or of a test.
 */
import type { Readable } from 'node:stream';

import { CommanderError } from 'commander';

import { RevopsError } from '../errors.ts';
import { redact } from '../secret.ts';
import type { CommandContext } from './context.ts';
import { exitCodeOf, failureOf, renderFailure } from './failure.ts';
import { instantOfEnvironment } from './instant.ts';
import { createProgram, type Request } from './program.ts';
import type { Stop } from './stop.ts';
import { openTerminal, type Output } from './terminal.ts';

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
  const { stop } = surroundings;
  let isStopSuccess = false;
  const program = createProgram((request) => {
    isStopSuccess = request.runsUntilStopped;
    if (!request.onlyPrints) surroundings.beginWork?.();
    return perform(request, surroundings);
  }, surroundings);
  try {
    await program.parseAsync(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
    return isStopSuccess ? 0 : (stop.exitCode() ?? 0);
  } catch (error) {
    return report(error, words, surroundings);
  }
}

// --- internal ---

async function perform(request: Request, { cwd, stdin, stdout, stderr, stop }: Surroundings): Promise<void> {
  const { globals } = request;
  const context: CommandContext = {
    command: request.command,
    cwd,
    stdin,
    globals,
    terminal: openTerminal({ quiet: globals.quiet, stdout, stderr }),
    signal: stop.signal,
    now: () => globals.now ?? instantOfEnvironment() ?? new Date(),
  };
  const run = await request.load();
  await run(context, request.words, request.options);
}

/** Prints the error; gives the exit code. */
function report(thrown: unknown, words: readonly string[], { stderr, stop }: Surroundings): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
  const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
  const text = words.includes('--json')
    ? JSON.stringify({ error: failureOf(error) })
    : renderFailure(error, { verbose: words.includes('--verbose') });
  stderr.write(`${redact(text)}\n`);
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
