/**
 * `--time-budget`: how long a sync may begin new work.
 */
import { RevopsError } from '../errors.ts';
import type { Options } from './context.ts';

/**
 * Aborted with TIME_BUDGET once the budget is used up; undefined where none was given. USAGE for what is no duration.
 * It is real time that counts, whatever `--now` says.
 */
export function timeBudget(options: Options): AbortSignal | undefined {
  const written = options['timeBudget'];
  if (typeof written !== 'string') return undefined;
  const milliseconds = parseDuration(written, '--time-budget');
  const controller = new AbortController();
  const stop = (): void =>
    controller.abort(
      new RevopsError('TIME_BUDGET', `the time budget of ${written} is used up`, {
        hint: 'What was read is loaded; the next run goes on from there.',
        retryable: true,
      }),
    );
  if (milliseconds === 0) stop();
  else setTimeout(stop, milliseconds).unref();
  return controller.signal;
}

/** USAGE where `--time-budget` is no duration: before a warehouse is waited for. */
export function checkTimeBudget({ timeBudget: written }: Options): void {
  if (typeof written === 'string') parseDuration(written, '--time-budget');
}

/** `90s`, `20m`, `1h30m` in milliseconds. USAGE, which names the option, for what is no duration. */
export function parseDuration(written: string, option: string): number {
  const found = /^(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/.exec(written);
  if (found !== null && written !== '') {
    const [, hours = 0, minutes = 0, seconds = 0] = found;
    const milliseconds = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    if (milliseconds <= LONGEST_MS) return milliseconds;
  }
  throw new RevopsError('USAGE', `${option}: ${JSON.stringify(written)} is no duration`, {
    hint: 'Give hours, minutes and seconds up to 24h: 20m, 90s, 1h30m.',
  });
}

// --- internal ---

const LONGEST_MS = 24 * 3_600_000;
