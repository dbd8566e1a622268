import { addDays } from 'date-fns/addDays';
import { addMonths } from 'date-fns/addMonths';
import { format } from 'date-fns/format';
import { parseISO } from 'date-fns/parseISO';

import type { SourceRecord } from 'revops/connector';

import type { FeedFiles } from './feed-files.ts';
import type { FilesPosition } from './position.ts';

/** First and last day of a feed's rows. Feeds of days have a date in their grain; others have no span. */
export class Span {
  from: string | null;
  to: string | null;
  readonly #day: string | undefined;

  constructor({ feed }: FeedFiles, known: FilesPosition | null) {
    this.from = known?.from ?? null;
    this.to = known?.to ?? null;
    this.#day = feed.columns.find(({ name, type }) => type === 'date' && feed.grain.includes(name))?.name;
  }

  add(record: SourceRecord): void {
    if (this.#day === undefined) return;
    const day = record[this.#day];
    if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return;
    const last = lastDay(day, record['source_grain']);
    if (this.from === null || day < this.from) this.from = day;
    if (this.to === null || last > this.to) this.to = last;
  }
}

// --- internal ---

/** A row of a week or month holds all its days. */
function lastDay(day: string, grain: unknown): string {
  if (grain !== 'week' && grain !== 'month') return day;
  const first = parseISO(day);
  return format(addDays(grain === 'week' ? addDays(first, 7) : addMonths(first, 1), -1), 'yyyy-MM-dd');
}
