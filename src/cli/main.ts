/**
 * The command line: parses it, runs one command, prints its error if it ends on one, sets the exit code. Only this file
 * prints errors and ends the process.
 */
import { CommanderError } from 'commander';

import { RevopsError } from '../errors.ts';
import { redact } from '../secret.ts';
import type { CommandContext } from './context.ts';
import { exitCodeOf, failureOf, renderFailure } from './failure.ts';
import { instantOfEnvironment } from './instant.ts';
import { createProgram, type Request } from './program.ts';
import { type Stop, stopOnSignals } from './stop.ts';
import { exitOnBrokenPipe, openTerminal } from './terminal.ts';

/** Runs one command line and ends the process with its exit code. */
export async function main(words: readonly string[]): Promise<void> {
  exitOnBrokenPipe();
  const stop = stopOnSignals((message) => void process.stderr.write(`${message}\n`));
  let code: number;
  try {
    await createProgram((request) => perform(request, stop)).parseAsync(words.length === 0 ? ['--help'] : [...words], {
      from: 'user',
    });
    code = stop.exitCode() ?? 0;
  } catch (error) {
    code = report(error, words, stop);
  }
  process.exitCode = code;
  await flushed();
  process.exit(code);
}

// --- internal ---

async function perform(request: Request, stop: Stop): Promise<void> {
  const { globals } = request;
  const context: CommandContext = {
    command: request.command,
    cwd: process.cwd(),
    globals,
    terminal: openTerminal({ quiet: globals.quiet }),
    signal: stop.signal,
    now: () => globals.now ?? instantOfEnvironment() ?? new Date(),
  };
  const run = await request.load();
  await run(context, request.words, request.options);
}

/** Prints the error; gives the exit code. */
function report(thrown: unknown, words: readonly string[], stop: Stop): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
  const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
  const text = words.includes('--json')
    ? JSON.stringify({ error: failureOf(error) })
    : renderFailure(error, { verbose: words.includes('--verbose') });
  process.stderr.write(`${redact(text)}\n`);
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

function flushed(): Promise<unknown> {
  return Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
}
