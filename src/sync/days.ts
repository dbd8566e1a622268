/**
 * Calendar days `YYYY-MM-DD` and the instants at which they begin in a time zone.
 */
import { tzOffset } from '@date-fns/tz';

import { RevopsError } from '../errors.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** The calendar day an instant falls on in a zone. */
export function dayOf(instant: Date, timeZone: string): string {
  const offset = tzOffset(timeZone, instant);
  if (Number.isNaN(offset)) {
    throw new RevopsError('STREAM_CONTRACT', `unknown time zone: ${JSON.stringify(timeZone)}`, {
      hint: 'A partition names its zone as the IANA database does: Europe/Berlin.',
    });
  }
  return new Date(instant.getTime() + offset * MINUTE).toISOString().slice(0, 10);
}

/** The day `count` days later (earlier if negative). */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

/** How many days `to` is after `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/** The first instant of a day in a zone: midnight, or where clocks skip midnight the instant after the gap. */
export function startOfDay(day: string, timeZone: string): Date {
  const key = `${timeZone} ${day}`;
  let start = starts.get(key);
  if (start === undefined) {
    start = firstInstant(day, timeZone);
    if (starts.size > 20_000) starts.clear();
    starts.set(key, start);
  }
  return new Date(start);
}

// --- internal ---

const starts = new Map<string, number>();

function firstInstant(day: string, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // A guess by the offset at UTC midnight is right unless the clocks change in between.
  for (const at of [utc, utc - DAY / 2, utc + DAY / 2]) {
    const guess = utc - tzOffset(timeZone, new Date(at)) * MINUTE;
    if (dayOf(new Date(guess), timeZone) === day && dayOf(new Date(guess - 1), timeZone) < day) return guess;
  }
  let before = utc - DAY;
  let after = utc + DAY;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(new Date(middle), timeZone) < day) before = middle;
    else after = middle;
  }
  return after;
}
