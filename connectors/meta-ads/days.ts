/**
 * Days of an account: what it calls today, and how far back the platform still answers.
 */
import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays';
import { format } from 'date-fns/format';
import { parseISO } from 'date-fns/parseISO';
import { subMonths } from 'date-fns/subMonths';

/** The day in the account's zone. */
export function today(now: Date, timeZone: string): string {
  return format(new TZDate(now, timeZone), 'yyyy-MM-dd');
}

/** First day with figures: the platform keeps 37 months. One day later, so that a run past midnight is not refused. */
export function oldestDay(now: Date, timeZone: string): string {
  return format(addDays(subMonths(new TZDate(now, timeZone), 37), 1), 'yyyy-MM-dd');
}

/** The days from `from` to `to`, both included, in spans of at most `length` days. */
export function* spans(from: string, to: string, length: number): Generator<{ from: string; to: string }> {
  const plus = (day: string, days: number): string => format(addDays(parseISO(day), days), 'yyyy-MM-dd');
  for (let first = from; first <= to; first = plus(first, length)) {
    const last = plus(first, length - 1);
    yield { from: first, to: last < to ? last : to };
  }
}

/** Two ranges that together are this one; null for a single day. */
export function halves(from: string, to: string): [{ from: string; to: string }, { from: string; to: string }] | null {
  const length = differenceInCalendarDays(parseISO(to), parseISO(from));
  if (length === 0) return null;
  const plus = (days: number): string => format(addDays(parseISO(from), days), 'yyyy-MM-dd');
  const middle = Math.floor((length - 1) / 2);
  return [
    { from, to: plus(middle) },
    { from: plus(middle + 1), to },
  ];
}
