/**
 * Periods as people write them.
 */
// Functions one by one: the package as a whole is hundreds of modules, which takes seconds to import.
import { addDays } from 'date-fns/addDays';
import { addMonths } from 'date-fns/addMonths';
import { lightFormat } from 'date-fns/lightFormat';
import { parseISO } from 'date-fns/parseISO';
import { setISOWeek } from 'date-fns/setISOWeek';
import { startOfISOWeek } from 'date-fns/startOfISOWeek';

import { RevopsError } from '../errors.ts';

export type Grain = 'day' | 'week' | 'month' | 'quarter';

/** Days, both included, and the grain in which they are looked at unless another is asked for. */
export interface PeriodRange {
  from: string;
  to: string;
  grain: Grain;
}

/** `2026`, `2026-Q3`, `2026-09`, `2026-W36` (ISO week), `2026-09-14`. USAGE for anything else, naming the option. */
export function parsePeriod(written: string, option = '--period'): PeriodRange {
  const year = /^(\d{4})$/.exec(written);
  if (year !== null) return months(`${year[1]}-01-01`, 12, 'month');
  const quarter = /^(\d{4})-?Q([1-4])$/i.exec(written);
  if (quarter !== null)
    return months(`${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, '0')}-01`, 3, 'quarter');
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(written)) return months(`${written}-01`, 1, 'month');
  const week = /^(\d{4})-?W(\d{1,2})$/i.exec(written);
  if (week !== null && Number(week[2]) >= 1 && Number(week[2]) <= 53) {
    const monday = startOfISOWeek(setISOWeek(parseISO(`${week[1]}-01-04`), Number(week[2])));
    return { from: day(monday), to: day(addDays(monday, 6)), grain: 'week' };
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(parseISO(written).getTime())) {
    return { from: written, to: written, grain: 'day' };
  }
  throw new RevopsError('USAGE', `${option}: ${JSON.stringify(written)} is no period`, {
    hint: 'Give a year (2026), quarter (2026-Q3), month (2026-09), ISO week (2026-W36) or day (2026-09-14).',
  });
}

/** The period that begins on this day, as people write it. */
export function periodName(start: string, grain: Grain): string {
  const date = parseISO(start);
  if (grain === 'quarter') return `${start.slice(0, 4)}-Q${Math.floor(date.getMonth() / 3) + 1}`;
  return grain === 'month' ? start.slice(0, 7) : start;
}

// --- internal ---

function months(from: string, count: number, grain: Grain): PeriodRange {
  return { from, to: day(addDays(addMonths(parseISO(from), count), -1)), grain };
}

function day(date: Date): string {
  return lightFormat(date, 'yyyy-MM-dd');
}
