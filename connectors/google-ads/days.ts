/**
 * Days of an account: what it calls today, and how far back the platform still answers.
 */
import { TZDate } from '@date-fns/tz';
import { addDays, format, subDays, subMonths } from 'date-fns';

/** The day in the account's zone. */
export function today(now: Date, timeZone: string): string {
  return format(new TZDate(now, timeZone), 'yyyy-MM-dd');
}

/** First day with daily figures: the platform keeps 37 months. One day later, so that a run past midnight is not refused. */
export function oldestDaily(now: Date, timeZone: string): string {
  return format(addDays(subMonths(new TZDate(now, timeZone), 37), 1), 'yyyy-MM-dd');
}

/** First day with single clicks: the platform keeps 90 days. One day later, for the same reason. */
export function oldestClicks(now: Date, timeZone: string): string {
  return format(subDays(new TZDate(now, timeZone), 89), 'yyyy-MM-dd');
}
