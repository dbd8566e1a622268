/**
 * The tracking plan: which events there are, what they carry, what they are for, and where they are captured.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';

import { RevopsError } from '../errors.ts';
import { readYaml } from '../model/read/yaml.ts';

export const PROPERTY_TYPES = ['text', 'number', 'boolean', 'timestamp', 'date', 'list', 'object'] as const;
export const EVENT_IDENTIFIERS = ['user_id', 'email', 'phone', 'anonymous_id'] as const;

/** A tracking plan, read and checked, its defaults filled in. */
export type TrackingPlan = z.output<typeof plan> & {
  /** For messages: the file's name. */
  file: string;
};
export type PlannedEvent = TrackingPlan['events'][string];
export type PlannedProperty = PlannedEvent['properties'][string];

/** The plan in a file. TRACKING_PLAN_INVALID lists everything that is wrong with file and line. */
export async function readTrackingPlan(path: string): Promise<TrackingPlan> {
  return parseTrackingPlan(await readFile(path, 'utf8'), basename(path));
}

/** The plan in a text; `file` is for messages. */
export function parseTrackingPlan(text: string, file: string): TrackingPlan {
  const { value, errors, lineOf } = readYaml(text, 1);
  if (errors.length > 0) throw invalid(errors.map(({ line, message }) => `${file}:${line}: ${message}`));
  const parsed = plan.safeParse(value ?? {});
  if (parsed.success) return { ...parsed.data, file };
  throw invalid(
    parsed.error.issues.map((issue) => {
      const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const message = messageFor(issue);
      return `${file}:${lineOf([...path, ...unknown.slice(0, 1)])}: ${[...path].join('.') || 'plan'}: ${message}`;
    }),
  );
}

/** What a plan is checked by; for the JSON Schema that editors use. */
export function trackingPlanSchema(): z.ZodType {
  return plan;
}

// --- internal ---

const text = z.string().trim().min(1);

function messageFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no key ${issue.keys.join(', ')}`;
  // what is wrong with a name stands one level deeper
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
}

/** Names are put into SQL and JSON paths: without what would have to be escaped there. */
const name = text.regex(/^[^"\\\n]+$/, { error: 'a name without quotes, backslashes and line breaks is expected' });

const property = z.preprocess(
  (given) => (typeof given === 'string' ? { type: given } : given),
  z
    .strictObject({
      type: z.enum(PROPERTY_TYPES, { error: `expected one of ${PROPERTY_TYPES.join(', ')}` }),
      /** Whether every such event has it. */
      required: z.boolean().default(true),
      /** The only values there are. */
      values: z
        .array(z.union([text, z.number(), z.boolean()]).transform(String))
        .min(1)
        .optional(),
      description: text.optional(),
    })
    .refine(({ type, values }) => values === undefined || type === 'text' || type === 'number' || type === 'boolean', {
      error: 'only texts, numbers and booleans have a list of values',
      path: ['values'],
    }),
);

const event = z.strictObject({
  description: text.optional(),
  /** What makes it happen, for who implements it. */
  trigger: text.optional(),
  /** Where it is captured: any is either side. */
  capture: z.enum(['client', 'server', 'any'], { error: 'expected client, server or any' }).default('any'),
  /** The question it answers. Without one `revops tracking validate` asks for it. */
  purpose: text.optional(),
  priority: z.enum(['critical', 'normal'], { error: 'expected critical or normal' }).default('normal'),
  /** Which consent it needs. */
  consent: z
    .enum(['none', 'analytics', 'marketing'], { error: 'expected none, analytics or marketing' })
    .default('none'),
  owner: text.optional(),
  /** What each of them tells who did it by. */
  identifiers: z
    .array(z.enum(EVENT_IDENTIFIERS, { error: `expected one of ${EVENT_IDENTIFIERS.join(', ')}` }))
    .default([]),
  properties: z.record(name, property).default({}),
});

const plan = z.strictObject({
  version: z.union([text, z.number()]).transform(String).optional(),
  owner: text.optional(),
  /** On which side the sources of events are: `{ site: client, backend: server }`. */
  sources: z.record(text, z.enum(['client', 'server'], { error: 'expected client or server' })).default({}),
  events: z.record(name, event, {
    error:
      'expected the events by name, such as `events: { signed_up: { purpose: … } }`; without a plan, remove the file',
  }),
});

function invalid(problems: readonly string[]): RevopsError {
  const shown = problems.slice(0, 20);
  return new RevopsError('TRACKING_PLAN_INVALID', shown.join('\n'), {
    hint: 'How a tracking plan is written: docs/tracking-plan.md.',
  });
}
