/**
 * What is sent, checked against the columns of its feed: unknown names are mistakes, not extras.
 */
import { column, type FeedContract } from 'revops/connector';
import { z } from 'zod';

export type Checked = { values: Record<string, unknown> } | { problem: string };

/** Compiles the check of one feed. `without`: columns that are not the sender's to say. */
export function itemCheck(feed: FeedContract, without: readonly string[]): (item: unknown) => Checked {
  const shape = z.strictObject(
    Object.fromEntries(
      feed.columns
        .filter(({ name }) => !without.includes(name))
        .map(({ name, type }) => [name, z.nullish(schemaOf(name, type))]),
    ),
    { error: 'no object' },
  );
  return (item) => {
    const parsed = shape.safeParse(item);
    if (!parsed.success) return { problem: problemOf(parsed.error) };
    return { values: Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => !isNothing(value))) };
  };
}

// --- internal ---

/** Ids are keys, and warehouses cannot index long ones. */
const LONGEST_ID = 250;
const LONGEST_TEXT = 8192;
const MOST_PROBLEMS = 5;

function schemaOf(name: string, type: FeedContract['columns'][number]['type']): z.ZodType {
  if (type === 'timestamptz') return INSTANT;
  if (type !== 'text') return column.ofType(type);
  const longest = name.endsWith('_id') ? LONGEST_ID : LONGEST_TEXT;
  return column.text().refine((text) => String(text).length <= longest, { error: `longer than ${longest} characters` });
}

/** Numbers do not tell their unit. */
const INSTANT = z
  .string({ error: 'write the time as ISO 8601 with its offset' })
  .refine((written) => /\D/.test(written.trim()), { error: 'a number does not tell its unit: write ISO 8601' })
  .pipe(column.timestamp() as z.ZodType<unknown, string>);

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** Names and what is wrong with them, never a value. */
function problemOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, MOST_PROBLEMS)
    .map((issue) => {
      if (issue.code === 'unrecognized_keys')
        return `unknown: ${issue.keys.slice(0, MOST_PROBLEMS).join(', ').slice(0, 200)}`;
      return [issue.path.slice(0, 1).map(String).join('.'), issue.message].filter((part) => part !== '').join(': ');
    })
    .join('; ');
}
