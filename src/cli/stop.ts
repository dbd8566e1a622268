/**
 * Signals: the first asks for a clean stop, the second ends the process at once.
 */
import { RevopsError } from '../errors.ts';

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface Stop {
  signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  exitCode(): number | undefined;
}

export function stopOnSignals(notify: (message: string) => void): Stop {
  const controller = new AbortController();
  let code: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (code !== undefined) process.exit(code);
      code = 128 + NUMBERS[name];
      notify(`${name}: stopping; once more to stop at once`);
      controller.abort(
        new RevopsError('CANCELLED', `stopped by ${name}`, {
          hint: 'What was loaded stays; the next run goes on from there.',
          retryable: true,
        }),
      );
    });
  }
  return { signal: controller.signal, exitCode: () => code };
}
