/**
 * Days of the platform: UTC, in every account.
 */
export const TIME_ZONE = 'UTC';

export function today(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** First day with figures: the platform keeps what was delivered for ten years. A day later, for a run past midnight. */
export function oldestDay(now: Date): string {
  const oldest = new Date(now);
  oldest.setUTCFullYear(oldest.getUTCFullYear() - 10);
  return plusDays(today(oldest), 1);
}

export interface DayRange {
  from: string;
  to: string;
}

/** Two ranges that together are this one; null for a single day. */
export function halves({ from, to }: DayRange): [DayRange, DayRange] | null {
  const length = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (length === 0) return null;
  const middle = Math.floor((length - 1) / 2);
  return [
    { from, to: plusDays(from, middle) },
    { from: plusDays(from, middle + 1), to },
  ];
}

// --- internal ---

const DAY_MS = 86_400_000;

function plusDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
