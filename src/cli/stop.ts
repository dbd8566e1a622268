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

/** What is said once a signal came. */
export function stopNotice(stop: Stop): string {
  const code = stop.exitCode() ?? 0;
  const name = Object.entries(NUMBERS).find(([, number]) => code === 128 + number)?.[0];
  return `${name === undefined ? '' : `${name}: `}stopping; once more to stop at once`;
}

export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let code: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (code !== undefined) process.exit(code);
      code = 128 + NUMBERS[name];
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
