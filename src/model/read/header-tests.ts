/**
 * Data tests as a header writes them: `not_null`, or `{ between: [0, 1], severity: warning, where: … }`.
 */
import { z } from 'zod';

import { didYouMean } from '../../nearest.ts';
import type { DataTest } from '../contract.ts';

/** Reads one entry of a `tests` list. A kind that is not built in is the name of a file in sql/checks. */
export function readTest(
  entry: unknown,
  column: string | undefined,
  checks: ReadonlySet<string>,
): { test: DataTest } | { problem: string } {
  const body = typeof entry === 'string' ? { [entry]: null } : entry;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { problem: 'a test is a name or a mapping' };
  const { severity, where, ...rest } = body as Record<string, unknown>;
  const options = OPTIONS.safeParse({ severity, where });
  if (!options.success)
    return { problem: `${options.error.issues[0]?.path.join('.') ?? ''}: ${options.error.issues[0]?.message ?? ''}` };
  const kinds = Object.keys(rest);
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1) {
    return {
      problem: `a test has one kind, besides severity and where; found ${kinds.length === 0 ? 'none' : kinds.join(', ')}`,
    };
  }
  const builtIn: Record<string, z.ZodType> = column === undefined ? MODEL_TESTS : COLUMN_TESTS;
  const schema = builtIn[kind] ?? (checks.has(kind) ? CHECK_ARGUMENTS : undefined);
  if (schema === undefined) {
    return { problem: `unknown test ${kind}${didYouMean(kind, [...Object.keys(builtIn), ...checks])}` };
  }
  const parsed = schema.safeParse(rest[kind]);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `test ${[kind, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'invalid'}` };
  }
  return {
    test: {
      kind,
      ...(column === undefined ? {} : { column }),
      arguments: parsed.data,
      severity: options.data.severity,
      ...(options.data.where === undefined ? {} : { where: options.data.where }),
    },
  };
}

export type Scalar = z.infer<typeof SCALAR>;
export type BetweenArguments = z.infer<typeof BETWEEN>;
export type RelationshipArguments = z.infer<typeof RELATIONSHIP>;
export type RowCountArguments = z.infer<typeof ROW_COUNT>;
export type SumArguments = z.infer<typeof SUM>;
export type CheckArguments = z.infer<typeof CHECK_ARGUMENTS>;

// --- internal ---

const OPTIONS = z.object({
  severity: z
    .enum(['error', 'warn', 'warning'])
    .default('error')
    .transform((severity) => (severity === 'warn' ? 'warning' : severity)),
  where: z.string().min(1).optional(),
});
const NOTHING = z.null();
const SCALAR = z.union([z.string(), z.number(), z.boolean()]);
/** Lowest and highest allowed value, both included; null: no limit. Dates and decimals as text. */
const BETWEEN = z.tuple([z.union([z.string(), z.number(), z.null()]), z.union([z.string(), z.number(), z.null()])]);
const RELATIONSHIP = z.strictObject({ to: z.string(), column: z.string() });
const ROW_COUNT = z.strictObject({
  equals: z.union([
    z.string().transform((relation) => ({ relation, where: undefined })),
    z.strictObject({ relation: z.string(), where: z.string().min(1).optional() }),
  ]),
});
const SUM = z.strictObject({
  column: z.string(),
  equals: z.strictObject({ relation: z.string(), column: z.string(), where: z.string().optional() }),
  /** Largest allowed absolute difference. */
  tolerance: z.number().nonnegative().default(0),
});
const CHECK_ARGUMENTS = z.union([z.null(), z.record(z.string(), z.union([SCALAR, z.null()]))]);

const COLUMN_TESTS: Record<string, z.ZodType> = {
  not_null: NOTHING,
  unique: NOTHING,
  accepted_values: z.array(SCALAR).min(1),
  relationships: RELATIONSHIP,
  between: BETWEEN,
  expression: z.string().min(1),
};

const MODEL_TESTS: Record<string, z.ZodType> = {
  unique: z.array(z.string()).min(1),
  expression: z.string().min(1),
  row_count: ROW_COUNT,
  sum: SUM,
};
