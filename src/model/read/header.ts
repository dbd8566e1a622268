/**
 * The header of a model file, of a feed and of a reference list: YAML with known keys only.
 */
import { z } from 'zod';

import { isLogicalType, type LogicalType } from '../../warehouse/types.ts';
import type { DataTest, ModelColumn } from '../contract.ts';
import { readTest } from './header-tests.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';
import { readYaml, type LocatedYaml } from './yaml.ts';

export type ModelHeader = z.infer<typeof MODEL_HEADER>;
type FeedHeader = z.infer<typeof FEED_HEADER>;
type InputHeader = z.infer<typeof INPUT_HEADER>;
export type HeaderKind = keyof typeof SCHEMAS;
type HeaderOf<K extends HeaderKind> = z.infer<(typeof SCHEMAS)[K]>;

export interface ReadHeader<T> {
  header: T;
  columns: ModelColumn[];
  tests: DataTest[];
}

/** Reads and checks a header; problems are added to `problems`, and then there is no result. */
export function readHeader<K extends HeaderKind>(
  kind: K,
  text: string,
  place: { file: string; line: number; checks: ReadonlySet<string> },
  problems: Problem[],
): ReadHeader<HeaderOf<K>> | undefined {
  return readLocatedHeader(kind, readYaml(text, place.line), place, problems);
}

/** The same of YAML that is already read. */
export function readLocatedHeader<K extends HeaderKind>(
  kind: K,
  yaml: LocatedYaml,
  place: { file: string; checks: ReadonlySet<string> },
  problems: Problem[],
): ReadHeader<HeaderOf<K>> | undefined {
  const before = problems.length;
  const report = (line: number, message: string): void => {
    problems.push({ code: 'MODEL_INVALID', file: place.file, line, message });
  };
  for (const error of yaml.errors) report(error.line, `the header is not valid YAML: ${error.message}`);
  if (yaml.errors.length > 0) return undefined;
  const parsed = SCHEMAS[kind].safeParse(yaml.value ?? {});
  if (!parsed.success) {
    // a mistyped key explains why the right one is missing
    const isUnknownKey = (issue: z.core.$ZodIssue): boolean => issue.code === 'unrecognized_keys';
    for (const issue of parsed.error.issues.toSorted((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a))))
      reportIssue(issue, kind, yaml, report);
    return undefined;
  }
  const header = parsed.data as HeaderOf<K>;
  const columns = columnsOf(header, yaml);
  const tests = testsOf(header, yaml, place.checks, report);
  checkColumnLists(header, columns, yaml, report);
  return problems.length > before ? undefined : { header, columns, tests };
}

/** What a header is checked by; for the JSON Schemas that editors use. */
export function headerSchema(kind: HeaderKind): z.ZodType {
  return SCHEMAS[kind];
}

// --- internal ---

const LOGICAL_TYPE = z
  .custom<LogicalType>((value) => typeof value === 'string' && isLogicalType(value), {
    error: (issue) =>
      `unknown type ${JSON.stringify(issue.input)}; types are text, integer, bigint, double, boolean, date, timestamptz, json, decimal(p,s)`,
  })
  .meta({
    type: 'string',
    pattern: '^(text|integer|bigint|double|boolean|date|timestamptz|json|decimal\\( ?\\d+ ?, ?\\d+ ?\\))$',
  });
const NAME = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'names are lower case letters, digits and _, at most 63');
const COLUMN = z.strictObject({
  type: LOGICAL_TYPE,
  description: z.string().min(1),
  tests: z.array(z.unknown()).default([]),
});
const COLUMNS = z.record(NAME, COLUMN).refine((columns) => Object.keys(columns).length > 0, 'at least one column');
/**
 * `default`: what the column holds in rows of files that come without it. `values`: all that it may hold, besides NULL.
 * `optional`: a staging model may leave it out.
 */
const FEED_COLUMNS = z
  .record(
    NAME,
    COLUMN.extend({
      default: z.string().optional(),
      optional: z.boolean().optional(),
      values: z.array(z.string()).min(1).optional(),
    }),
  )
  .refine((columns) => Object.keys(columns).length > 0, 'at least one column');
const TESTS = z.array(z.unknown()).default([]);
const PARENT_COLUMN = z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'parent.column');

const WAY = z
  .record(NAME, PARENT_COLUMN)
  .refine((way) => Object.keys(way).length > 0, 'at least one column')
  .refine((way) => new Set(Object.values(way).map((name) => name.split('.')[0])).size < 2, 'all columns of one parent');

const MODEL_HEADER = z.strictObject({
  description: z.string().min(1),
  grain: z.array(NAME).min(1),
  columns: COLUMNS,
  key: z
    .union([NAME, z.array(NAME).min(1), z.record(NAME, z.union([z.null(), z.record(NAME, z.union([z.null(), NAME]))]))])
    .optional(),
  /** By lookup: its columns, and the `parent.column` that a row which looks at it has the same value in. */
  lookups: z.record(NAME, z.union([WAY, z.array(WAY).min(1)])).optional(),
  wakes_at: z.union([PARENT_COLUMN, z.array(PARENT_COLUMN)]).default([]),
  materialized: z.enum(['view', 'table', 'ledger', 'components']).optional(),
  ledger: z.strictObject({ period: NAME.optional(), stamps: z.array(NAME).default([]) }).optional(),
  components: z.strictObject({ nodes: z.tuple([NAME, NAME]), at: NAME.optional(), denied: NAME.optional() }).optional(),
  tests: TESTS,
  tags: z.array(z.string().min(1)).default([]),
  /** `connector.table`: the raw table this staging model reads as `source`. */
  source: z
    .string()
    .regex(/^[a-z][a-z0-9-_]*\.[a-z][a-z0-9_]*$/, 'connector.table')
    .optional(),
  /** The columns read from `source` and their types there. */
  reads: z.record(z.string().min(1), LOGICAL_TYPE).optional(),
  /** Whether `source` holds replaced versions of the rows too, told apart by `_replaced_at`; default false. */
  history: z.boolean().optional(),
  feeds: NAME.optional(),
  engine: z.enum(['duckdb', 'postgres']).optional(),
  check: z
    .strictObject({
      gates: z.enum(['volume', 'alignment', 'freshness', 'coverage']).optional(),
      remedy: z.string().min(1),
    })
    .optional(),
});
const FEED_HEADER = z.strictObject({
  description: z.string().min(1),
  grain: z.array(NAME).min(1),
  columns: FEED_COLUMNS,
  tests: TESTS,
});
/** A relation that no SELECT makes, in a yml of models/reference. */
const INPUT_HEADER = z.strictObject({
  filled_by: z.enum(['engine', 'file']).default('file'),
  description: z.string().min(1),
  grain: z.array(NAME).default([]),
  columns: z
    .record(NAME, z.strictObject({ type: LOGICAL_TYPE.default('text'), description: z.string().min(1) }))
    .default({}),
});
const SCHEMAS = { model: MODEL_HEADER, feed: FEED_HEADER, input: INPUT_HEADER } as const;

function reportIssue(
  issue: z.core.$ZodIssue,
  kind: HeaderKind,
  yaml: LocatedYaml,
  report: (line: number, message: string) => void,
): void {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const known = path[0] === 'columns' ? Object.keys(COLUMN.shape) : Object.keys(SCHEMAS[kind].shape);
    for (const key of issue.keys) {
      report(yaml.lineOf([...path, key]), `unknown key ${[...path, key].join('.')}${didYouMean(key, known)}`);
    }
    return;
  }
  const missing = issue.code === 'invalid_type' && /received undefined/.test(issue.message);
  const nested = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  report(yaml.lineOf(path), missing ? `${path.join('.')} is missing` : `${path.join('.') || 'header'}: ${nested}`);
}

function columnsOf(header: ModelHeader | FeedHeader | InputHeader, yaml: LocatedYaml): ModelColumn[] {
  return Object.entries(header.columns).map(([name, column]) => ({
    name,
    type: column.type,
    description: column.description,
    ...('default' in column && typeof column.default === 'string' ? { default: column.default } : {}),
    ...('optional' in column && column.optional === true ? { optional: true } : {}),
    ...('values' in column && Array.isArray(column.values) ? { values: column.values as string[] } : {}),
    line: yaml.lineOf(['columns', name]),
  }));
}

function testsOf(
  header: ModelHeader | FeedHeader | InputHeader,
  yaml: LocatedYaml,
  checks: ReadonlySet<string>,
  report: (line: number, message: string) => void,
): DataTest[] {
  if (!('tests' in header)) return [];
  const declared = [
    ...Object.entries(header.columns).flatMap(([name, column]) =>
      column.tests.map((entry, index) => ({ entry, column: name, path: ['columns', name, 'tests', index] })),
    ),
    ...header.tests.map((entry, index) => ({ entry, column: undefined, path: ['tests', index] })),
  ];
  const tests: DataTest[] = [];
  for (const { entry, column, path } of declared) {
    const line = yaml.lineOf(path);
    const read = readTest(entry, column, checks);
    if ('problem' in read) report(line, column === undefined ? read.problem : `column ${column}: ${read.problem}`);
    else tests.push({ ...read.test, line });
  }
  return tests;
}

/** Grain, key and unique tests name declared columns. */
function checkColumnLists(
  header: ModelHeader | FeedHeader | InputHeader,
  columns: ModelColumn[],
  yaml: LocatedYaml,
  report: (line: number, message: string) => void,
): void {
  const names = columns.map((column) => column.name);
  const check = (used: readonly string[], path: (string | number)[]): void => {
    for (const name of used) {
      if (!names.includes(name))
        report(yaml.lineOf(path), `${path.join('.')} names ${name}, which is no column${didYouMean(name, names)}`);
    }
  };
  if ('grain' in header) check(header.grain, ['grain']);
  if ('key' in header && header.key !== undefined) {
    const key = header.key;
    check(typeof key === 'string' ? [key] : Array.isArray(key) ? key : Object.keys(key), ['key']);
  }
  if ('ledger' in header && header.ledger !== undefined) {
    check([header.ledger.period ?? []].flat(), ['ledger', 'period']);
    check(header.ledger.stamps, ['ledger', 'stamps']);
  }
  if ('components' in header && header.components !== undefined) {
    check(header.components.nodes, ['components', 'nodes']);
    check([header.components.at ?? []].flat(), ['components', 'at']);
  }
  if ('tests' in header) {
    header.tests.forEach((entry, index) => {
      if (typeof entry !== 'object' || entry === null) return;
      if ('unique' in entry && Array.isArray(entry.unique)) check(entry.unique.map(String), ['tests', index, 'unique']);
      if ('sum' in entry && typeof entry.sum === 'object' && entry.sum !== null && 'column' in entry.sum) {
        check([String(entry.sum.column)], ['tests', index, 'sum', 'column']);
      }
    });
  }
}
