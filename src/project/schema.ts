/**
 * Checks a config: every wrong option is named by its path.
 */
import { z } from 'zod';

import type { Connector } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import {
  ATTRIBUTION_MODELS,
  BOOKING_BASES,
  CONVERSION_OWNERS,
  CONVERSION_TRUTHS,
  CONVERSION_TYPES,
  WEEK_STARTS,
} from './config.ts';
import { PAYMENT_HOURS } from './deduplication.ts';
import { holdouts } from './holdouts-schema.ts';
import { activation, writeback } from './outbound-schema.ts';
import { pipelineVersions } from './pipeline-schema.ts';

const duckdb = z.strictObject({
  type: z.literal('duckdb'),
  path: z.string().min(1),
  memoryLimit: z
    .string()
    .regex(/^\d+(\.\d+)? ?([KMGT]i?)?B$/i, { error: "expected a size such as '4GB'" })
    .optional(),
  threads: z.int().min(1).max(1024).optional(),
});

const postgres = z.strictObject({
  type: z.literal('postgres'),
  url: z.union(
    [
      z.instanceof(Secret),
      z
        .string()
        .min(1)
        .transform((url) => new Secret(url, 'config')),
    ],
    {
      error: "expected env('NAME') or a postgres:// URL",
    },
  ),
  tls: z
    .strictObject({
      mode: z.enum(['verify-full', 'verify-ca', 'require', 'disable']).optional(),
      caFile: z.string().min(1).optional(),
      certFile: z.string().min(1).optional(),
      keyFile: z.string().min(1).optional(),
    })
    .optional(),
  poolSize: z.int().min(2).max(100).optional(),
  statementTimeoutMs: z.int().min(0).optional(),
});

const connector = z.custom<Connector>(
  (value) => typeof value === 'object' && value !== null && 'open' in value && 'streams' in value,
  { error: 'expected a connector: what the function of revops/connectors/<name> returns' },
);

const NO_SHARE = { error: 'expected a share from 0 to 1: 20 % is 0.2' };

/** With at most six decimal places: what the warehouse keeps. */
const share = z.number().min(0, NO_SHARE).max(1, NO_SHARE).multipleOf(0.000001);

const hoursOfYear = z.number().positive().max(8760);

const count = z.int().min(1).max(1_000_000_000);

/** `15m`, `6h`, `7d`, as milliseconds. */
const interval = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhd]$/, { error: "expected minutes, hours or days: '15m', '6h', '7d'" })
  .transform(
    (written) =>
      Number.parseInt(written, 10) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[written.at(-1) as 'm' | 'h' | 'd'],
  );

/** Up to a year. */
const hours = z.int().min(0).max(8760);
const hoursByType = z.partialRecord(z.enum(CONVERSION_TYPES), hours);

const options = z.strictObject({
  name: z.string().min(1).optional(),
  warehouse: z.discriminatedUnion('type', [duckdb, postgres], {
    error: (issue) =>
      issue.code === 'invalid_union' ? "expected the type 'duckdb' or 'postgres'" : 'expected { type: …, … }',
  }),
  connectors: z.record(z.string(), connector, { error: 'expected an object of connectors' }).check((context) => {
    for (const [key, value] of Object.entries(context.value)) {
      if (value.name === key) continue;
      context.issues.push({
        code: 'custom',
        input: value,
        path: [key],
        message: `this is the connector ${value.name}: its key must be '${value.name}'`,
      });
    }
  }),
  start: z.iso.date({ error: "expected a day as 'YYYY-MM-DD'" }),
  timeZone: z.string().refine(isTimeZone, { error: "expected an IANA time zone such as 'Europe/Berlin'" }),
  currency: z.string().refine(isCurrency, { error: "expected an ISO 4217 currency such as 'EUR'" }),
  weekStart: z.enum(WEEK_STARTS).default('monday'),
  attribution: z
    .strictObject({
      lookbackDays: z.int().min(1).max(3650).default(90),
      primaryModel: z.enum(ATTRIBUTION_MODELS).default('linear'),
      positionBased: shares({ first: share.default(0.4), last: share.default(0.4) }),
      wShaped: shares({ first: share.default(0.3), lead: share.default(0.3), opportunity: share.default(0.3) }),
      halfLifeDays: z.number().positive().max(3650).default(7),
      bookOn: z.enum(BOOKING_BASES).default('conversion'),
      closedTo: z.iso.date({ error: "expected a day as 'YYYY-MM-DD'" }).optional(),
      settleDays: z.int().min(0).max(365).default(14),
    })
    .prefault({}),
  identity: z
    .strictObject({
      secret: z
        .instanceof(Secret, { error: "expected env('NAME')" })
        .refine((secret) => secret.missing !== undefined || secret.reveal().length >= 16, {
          error: 'expected at least 16 characters: a short secret can be guessed',
        })
        .optional(),
      defaultCountry: z
        .string()
        .regex(/^[A-Z]{2}$/, { error: "expected an ISO 3166 country such as 'DE'" })
        .optional(),
      mostIdentities: z.int().min(1).max(1_000_000).default(10),
      mostDevices: z.int().min(1).max(1_000_000).default(100),
      joinsMailboxAliases: z.boolean().default(false),
    })
    .prefault({}),
  pipeline: pipelineVersions,
  conversions: z
    .strictObject({
      truth: z.enum(CONVERSION_TRUTHS).default('crm'),
      owner: z.enum(CONVERSION_OWNERS).default('company'),
      dedupHours: hoursByType.default({}),
      dedupHoursAcrossCrms: hoursByType.default({}),
      paymentHours: hours.default(PAYMENT_HOURS),
    })
    .prefault({}),
  sessions: z
    .strictObject({ timeoutMinutes: z.int().min(1).max(1440).default(30), splitOnSource: z.boolean().default(true) })
    .prefault({}),
  checks: z
    .strictObject({
      gate: z.enum(['stamp', 'refuse']).default('stamp'),
      freshnessHours: hoursOfYear.default(26),
      slaHours: z.record(z.string(), hoursOfYear.nullable()).default({}),
      volumeChange: share.default(0.2),
      driftHours: hoursOfYear.default(72),
      leastIdentified: share.default(0.7),
      mostUnattributed: share.default(0.5),
      mostMismatched: share.default(0.3),
      leastEmails: share.default(0.8),
      mostDuplicates: share.default(0.03),
      mostOrphans: share.default(0.2),
      mostRejected: share.default(0.02),
      mostIrregular: share.default(0.1),
      mostRestated: share.default(0.01),
      mostRefunded: share.default(0.1),
      mostGivers: count.default(10),
      mostContaminated: share.default(0.05),
      mostUnmapped: share.default(0.05),
      leastLinked: share.default(0.25),
      mostVanished: share.default(0.1),
      leastTouches: count.default(5),
      untouchedClicks: count.default(100),
      spreadsheetConversions: count.default(100),
      definitionWarningDays: count.default(180),
      definitionErrorDays: count.default(540),
    })
    .prefault({}),
  reconciliation: z
    .strictObject({ conversionTolerance: share.default(0.05), amountTolerance: share.default(0.02) })
    .prefault({}),
  alerts: z
    .strictObject({
      webhook: z
        .union([z.instanceof(Secret), z.url({ protocol: /^https?$/ }).transform((url) => new Secret(url, 'config'))], {
          error: "expected env('NAME') or a https:// URL",
        })
        .optional(),
      command: z
        .array(z.string().min(1))
        .min(1, { error: "expected a program and its words: ['notify', '-v']" })
        .optional(),
    })
    .prefault({}),
  holdouts,
  activation,
  writeback,
  schedule: z.record(z.string(), interval).default({}),
  runs: z.strictObject({ keepDays: z.int().min(1).max(3650).default(180) }).prefault({}),
  packages: z.array(z.string().min(1)).default([]),
  trackingPlan: z.string().min(1).optional(),
  models: z.string().min(1).optional(),
});

/** What two options say together. */
const schema = options.check(({ value: { checks, connectors, writeback: written }, issues }) => {
  for (const [name, kinds] of Object.entries(written)) {
    const report = (path: string[], message: string): void => {
      issues.push({ code: 'custom', input: name, path: ['writeback', name, ...path], message });
    };
    const writes = connectors[name]?.writes;
    if (!Object.hasOwn(connectors, name)) report([], `there is no connector ${name}`);
    else if (writes === undefined) report([], `the connector ${name} only reads`);
    else {
      const unknown = Object.keys(kinds).filter((kind) => !writes.some((known) => known === kind));
      for (const kind of unknown) report([kind], `the connector ${name} does not write ${kind}`);
    }
  }
  const { definitionWarningDays: warned, definitionErrorDays: failed } = checks;
  if (failed < warned) {
    issues.push({
      ...{ code: 'custom', input: failed, path: ['checks', 'definitionErrorDays'] },
      message: `an error after ${failed} days, and no warning before ${warned}: expected definitionWarningDays of at most ${failed}`,
    });
  }
});

/** A config with its defaults filled in. */
export type CheckedConfig = z.output<typeof schema>;

/** The config, checked. CONFIG_INVALID lists every wrong option with its path; `file` is for the message. */
export function checkConfig(value: unknown, file: string): CheckedConfig {
  if (typeof value !== 'object' || value === null) {
    throw new RevopsError('CONFIG_INVALID', `${file} has no config as its default export`, {
      hint: 'Write `export default defineConfig({ … })`.',
    });
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.flatMap(issueLines);
  throw new RevopsError('CONFIG_INVALID', `${file}: ${wrong.join('; ')}`, {
    hint: 'All options are described in docs/getting-started.md.',
  });
}

// --- internal ---

/** Shares of touchpoints with a role; what they leave of 1 is for the others. */
function shares<T extends Record<string, z.ZodDefault<z.ZodNumber>>>(shape: T) {
  return z
    .strictObject(shape)
    .refine(
      (given) => Object.values(given as Record<string, number>).reduce((one, other) => one + other, 0) <= 1 + 1e-9,
      {
        error: 'the shares add up to more than 1',
      },
    )
    .prefault({} as never);
}

function issueLines(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: there is no such option`);
  }
  const path = issue.path.join('.') || 'config';
  return [`${path}: ${issue.input === undefined ? missing(issue.message) : issue.message}`];
}

function missing(message: string): string {
  return message.startsWith('expected') ? `missing, ${message}` : 'missing';
}

function isTimeZone(zone: string): boolean {
  try {
    // Throws for a zone that is not known; offsets such as +02:00 are, but are no zone.
    Intl.DateTimeFormat('en', { timeZone: zone });
    return zone.includes('/') || zone === 'UTC';
  } catch {
    return false;
  }
}

function isCurrency(currency: string): boolean {
  return Intl.supportedValuesOf('currency').includes(currency);
}
