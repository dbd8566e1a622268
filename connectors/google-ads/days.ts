/**
 * Days of an account: what it calls today, and how far back the platform still answers.
 */
import { TZDate } from '@date-fns/tz';
// Functions one by one: the package as a whole is hundreds of modules, which takes seconds to import.
import { addDays } from 'date-fns/addDays';
import { lightFormat } from 'date-fns/lightFormat';
import { parseISO } from 'date-fns/parseISO';
import { subDays } from 'date-fns/subDays';
import { subMonths } from 'date-fns/subMonths';

/** The day in the account's zone. */
export function today(now: Date, timeZone: string): string {
  return lightFormat(new TZDate(now, timeZone), 'yyyy-MM-dd');
}

/** First day with daily figures: the platform keeps 37 months. One day later, so that a run past midnight is not refused. */
export function oldestDaily(now: Date, timeZone: string): string {
  return lightFormat(addDays(subMonths(new TZDate(now, timeZone), 37), 1), 'yyyy-MM-dd');
}

/** First day with single clicks: the platform keeps 90 days. One day later, for the same reason. */
export function oldestClicks(now: Date, timeZone: string): string {
  return lightFormat(subDays(new TZDate(now, timeZone), 89), 'yyyy-MM-dd');
}

/** The days from `from` to `to`, both included, in spans of at most `length` days: one request each. */
export function* requestSpans(from: string, to: string, length: number): Generator<{ from: string; to: string }> {
  for (let first = from; first <= to; first = dayAfter(first, length)) {
    const last = dayAfter(first, length - 1);
    yield { from: first, to: last < to ? last : to };
  }
}

// --- internal ---

function dayAfter(day: string, days: number): string {
  return lightFormat(addDays(parseISO(day), days), 'yyyy-MM-dd');
}
