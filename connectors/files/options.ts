/**
 * What the config says about files: which of them hold a feed, and how they are to be read.
 */
import { z } from 'zod';

const day = z.iso.date({ error: "expected a day as 'YYYY-MM-DD'" });

const place = z.string().min(1, { error: "expected a path such as 'data/spend.csv' or 'data/events/*.csv'" });

const source = z.strictObject({
  path: place,
  format: z.enum(['csv', 'jsonl', 'parquet']).optional(),
  layout: z.enum(['rows', 'ecb']).default('rows'),
  columns: z.record(z.string(), z.string().min(1)).default({}),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  decimal: z.enum(['.', ',']).default('.'),
  dates: z.enum(['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY']).default('YYYY-MM-DD'),
  timeZone: z.string().refine(isTimeZone, { error: "expected an IANA time zone such as 'Europe/Berlin'" }).optional(),
});

const sources = z
  .union([place, source, z.array(z.union([place, source])).min(1)], {
    error: 'expected a path, { path, … }, or a list',
  })
  .transform((given) => [given].flat().map((one) => (typeof one === 'string' ? source.parse({ path: one }) : one)));

export const filesOptions = z.strictObject({
  feeds: z.record(z.string(), sources).refine((feeds) => Object.keys(feeds).length > 0, 'name at least one feed'),
  complete: z.record(z.string(), z.strictObject({ from: day.optional(), to: day.optional() })).default({}),
});

/** One path or glob, and how its files are read. */
export type FileSource = z.output<typeof source>;
export type FilesOptions = z.output<typeof filesOptions>;

// --- internal ---

function isTimeZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return zone.includes('/') || zone === 'UTC';
  } catch {
    return false;
  }
}
