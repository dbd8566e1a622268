/**
 * `--watch`: a command again and again, until it is stopped.
 */
import { pause } from '../connector/pause.ts';
import { RevopsError } from '../errors.ts';
import type { Run } from './context.ts';
import { exitCodeOf, renderFailure } from './failure.ts';
import { parseDuration } from './time-budget.ts';

/**
 * With `--watch` the command begins so long after it began the time before, or at once where it took longer. What goes
 * wrong is told and tried again at the next turn; only what nobody can wait out (exit code 2) ends it.
 */
export function repeated(command: Run): Run {
  return async (context, words, options) => {
    const written = options['watch'];
    if (typeof written !== 'string') return command(context, words, options);
    const { globals, signal, terminal } = context;
    if (globals.json)
      throw new RevopsError('USAGE', '--watch runs until it is stopped, --json gives one document: choose one');
    const every = parseDuration(written, '--watch');
    if (every === 0)
      throw new RevopsError('USAGE', `--watch: ${written} is no time to wait`, {
        hint: 'Give a second or more: 30s, 5m, 1h.',
      });
    for (;;) {
      const began = performance.now();
      try {
        await command(context, words, options);
      } catch (error) {
        signal.throwIfAborted();
        if (exitCodeOf(error) === 2) throw error;
        terminal.warn(renderFailure(error, { verbose: globals.verbose }));
      }
      await pause(Math.max(0, began + every - performance.now()), signal);
    }
  };
}
