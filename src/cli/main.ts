/**
 * The command line of this process: its streams, its signals, its end. Only this file ends the process.
 */
import { runCommandLine } from './command-line.ts';
import { stopOnSignals } from './stop.ts';
import { outliveReaders } from './terminal.ts';

/** Runs one command line and ends the process with its exit code. */
export async function main(words: readonly string[]): Promise<void> {
  const { stdin, stdout, stderr } = process;
  let hasBegun = false;
  outliveReaders(() => hasBegun);
  const stop = stopOnSignals();
  const beginWork = (): void => void (hasBegun = true);
  const code = await runCommandLine(words, { cwd: process.cwd(), stdin, stdout, stderr, stop, beginWork });
  process.exitCode = code;
  await Promise.all([stdout, stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(code);
}
