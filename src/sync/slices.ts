/**
 * Which days of a partition have to be read, and in what slices. Pure: a function of what is known and the clock.
 */
import { addDays, dayOf, daysBetween, startOfDay } from './days.ts';

/** What decides about the days of a partition. */
export interface DayPlan {
  /** IANA zone in which the platform's days begin. */
  timeZone: string;
  /** Days after its end for which the platform still changes a day. */
  restates: number;
  /** First day wanted. */
  start: string;
  /** First day the platform still answers for. */
  earliest?: string | undefined;
  /** Last day the platform has anything of. */
  latest?: string | undefined;
  now: Date;
  /** Loaded days, and when their last read began (ISO 8601 or milliseconds). */
  known: ReadonlyMap<string, string | number>;
}

export interface DayRange {
  from: string;
  to: string;
}

/** The instant from which the platform no longer changes a day: its end in the zone and `restates` days more. */
export function finalAt(day: string, timeZone: string, restates: number): Date {
  return startOfDay(addDays(day, 1 + restates), timeZone);
}

/** The days to read, each with its reason, in order: never loaded, or not loaded since it became final. Today is one. */
export function daysNeeded(plan: DayPlan): { day: string; reason: 'never_loaded' | 'not_final' }[] {
  const first = plan.earliest !== undefined && plan.earliest > plan.start ? plan.earliest : plan.start;
  const today = dayOf(plan.now, plan.timeZone);
  const last = plan.latest !== undefined && plan.latest < today ? plan.latest : today;
  const needed: { day: string; reason: 'never_loaded' | 'not_final' }[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    const loadedAt = plan.known.get(day);
    if (loadedAt === undefined) needed.push({ day, reason: 'never_loaded' });
    else if (!isFinal(day, new Date(loadedAt), plan)) needed.push({ day, reason: 'not_final' });
  }
  return needed;
}

/** Days in order as ranges of adjacent days. */
export function dayRanges(days: readonly string[]): DayRange[] {
  const ranges: DayRange[] = [];
  for (const day of days) {
    const last = ranges.at(-1);
    if (last !== undefined && addDays(last.to, 1) === day) last.to = day;
    else ranges.push({ from: day, to: day });
  }
  return ranges;
}

/** The slices to read: ranges of needed days, each of at most `sliceDays` days. */
export function windowSlices(plan: DayPlan, sliceDays: number): DayRange[] {
  const slices: DayRange[] = [];
  for (const range of dayRanges(daysNeeded(plan).map(({ day }) => day))) {
    const length = daysBetween(range.from, range.to) + 1;
    for (let offset = 0; offset < length; offset += sliceDays) {
      const from = addDays(range.from, offset);
      const to = addDays(from, Math.min(sliceDays, length - offset) - 1);
      slices.push({ from, to });
    }
  }
  return slices;
}

// --- internal ---

/** Whether a day was read after the platform's last change. A read that is still to come was made by a clock that was wrong. */
function isFinal(day: string, loadedAt: Date, { now, timeZone, restates }: DayPlan): boolean {
  return loadedAt <= now && loadedAt >= finalAt(day, timeZone, restates);
}
