/**
 * One case as its folder has it: case.yml (or case.json), and the files of rows beside it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { digest } from '../compile/digest.ts';
import { didYouMean } from '../../nearest.ts';
import { readYaml, type LocatedYaml } from '../read/yaml.ts';
import { readRowsFile, ROW_FILES } from './rows-file.ts';
import type { CaseProblem, CaseStep, GivenRows, UnitCase } from './unit-case.ts';
import { rowsOfYaml, valuesOf } from './yaml-rows.ts';

/** Reads a case; what is wrong with its files is among its `problems`. */
export async function readCase(
  folder: string,
  about: Pick<UnitCase, 'model' | 'name' | 'origin' | 'standard' | 'lists'>,
): Promise<UnitCase> {
  const texts = await textsIn(folder);
  const problems: CaseProblem[] = [];
  const main = MAIN.find((name) => texts.has(name));
  const file = join(folder, main ?? [...texts.keys()][0] ?? 'case.yml');
  const yaml = readYaml(main === undefined ? '' : (texts.get(main) ?? ''), 1);
  for (const { line, message } of yaml.errors) problems.push({ file, line, message: `not valid YAML: ${message}` });
  const parsed = CASE.safeParse(yaml.value ?? {});
  if (yaml.errors.length === 0 && !parsed.success) reportIssues(parsed.error, file, yaml, problems);
  const content: CaseContent = parsed.data ?? { only: {}, ...EMPTY };
  const reading = { folder, file, yaml, texts, problems };
  const steps = [
    stepOf(content, [], reading, isReadable(yaml, parsed.success)),
    ...content.then.map((step, index) => stepOf(step, ['then', index], reading, parsed.success)),
  ];
  const { description, cte, only } = content;
  return {
    ...about,
    file,
    line: 1,
    description: description ?? '',
    ...(cte === undefined ? {} : { cte: cte.toLowerCase() }),
    only: valuesOf(only),
    steps,
    digest: digest([...texts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    problems,
  };
}

/** What a case is checked by; for the JSON Schema that editors use. */
export function caseSchema(): z.ZodType {
  return CASE;
}

// --- internal ---

const MAIN = ['case.yml', 'case.yaml', 'case.json'];

const VALUE = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.bigint(),
  z.array(z.unknown()),
  z.looseObject({}),
]);
const ROW = z.record(z.string(), VALUE);
const mapping = <T extends z.ZodType>(of: T): z.ZodType<Record<string, z.output<T>>> =>
  z
    .record(z.string(), of)
    .nullish()
    .transform((given) => given ?? {}) as never;
/** Rows, or the name of a file beside the case that holds them. */
const ROWS = z.union([z.array(ROW), z.string(), z.null()]);
const STEP = {
  given: mapping(ROWS),
  removed: mapping(ROWS),
  settings: mapping(VALUE),
  clock: mapping(VALUE),
  expect: ROWS.optional(),
  ran: z.enum(['full', 'incremental', 'unchanged']).optional(),
};
const CASE = z.strictObject({
  description: z.string().min(1).optional(),
  cte: z.string().min(1).optional(),
  only: mapping(VALUE),
  ...STEP,
  // oxlint-disable-next-line unicorn/no-thenable -- a key of the file; nobody awaits it
  then: z
    .array(z.strictObject(STEP))
    .nullish()
    .transform((steps) => steps ?? []),
});
// oxlint-disable-next-line unicorn/no-thenable -- as above
const EMPTY = { given: {}, removed: {}, settings: {}, clock: {}, then: [] };

type CaseContent = z.output<typeof CASE>;
type StepContent = Omit<CaseContent, 'then' | 'description' | 'cte' | 'only'>;

interface Reading {
  folder: string;
  file: string;
  yaml: LocatedYaml;
  texts: ReadonlyMap<string, string>;
  problems: CaseProblem[];
}

async function textsIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && ROW_FILES.some((ending) => entry.name.endsWith(ending)))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

/** A file that cannot be read has one problem, not a second one for what it does not say. */
function isReadable(yaml: LocatedYaml, isValid: boolean): boolean {
  return yaml.errors.length === 0 && isValid;
}

function stepOf(content: StepContent, path: (string | number)[], reading: Reading, isComplete: boolean): CaseStep {
  const { file, yaml, problems, texts, folder } = reading;
  const line = path.length === 0 ? 1 : yaml.lineOf(path);
  const rowsOf = (written: z.output<typeof ROWS>, at: (string | number)[]): GivenRows => {
    const place = { file, line: yaml.lineOf(at) };
    if (typeof written !== 'string')
      return { ...place, rows: rowsOfYaml(written ?? [], at, { file, lineOf: yaml.lineOf }, report) };
    return rowsIn(written, place);
  };
  const rowsIn = (name: string, place: { file: string; line: number }): GivenRows => {
    const text = texts.get(name);
    if (text !== undefined)
      return { file: join(folder, name), line: 1, rows: readRowsFile(join(folder, name), text, report) };
    const beside = [...texts.keys()].filter((other) => !MAIN.includes(other));
    report({ ...place, message: `there is no file ${name} beside the case${didYouMean(name, beside)}` });
    return { ...place, rows: [] };
  };
  const report = (problem: CaseProblem): void => void problems.push(problem);
  const given = Object.fromEntries(
    Object.entries(content.given).map(([name, rows]) => [name, rowsOf(rows, [...path, 'given', name])]),
  );
  const files = path.length === 0 ? [...texts.keys()] : [];
  for (const name of files) {
    const [, relation] = /^given\/([^/]+)\.\w+$/.exec(name) ?? [];
    if (relation === undefined) continue;
    if (given[relation] !== undefined) {
      // named by the case: that is this file
      if (given[relation].file !== join(folder, name))
        report({ file: join(folder, name), line: 1, message: `rows of ${relation} are given twice` });
    } else given[relation] = rowsIn(name, { file, line });
  }
  const expectFile = files.find((name) => /^expect\.\w+$/.test(name));
  const expect =
    content.expect !== undefined
      ? rowsOf(content.expect, [...path, 'expect'])
      : expectFile === undefined
        ? undefined
        : rowsIn(expectFile, { file, line });
  if (expect === undefined && isComplete)
    report({ file, line, message: 'no expect: a case says which rows the model must give (`expect: []` for none)' });
  const over = (['settings', 'clock'] as const).flatMap((name): [string, GivenRows][] => {
    const values = valuesOf(content[name]);
    const place = { file, line: yaml.lineOf([...path, name]) };
    return Object.keys(values).length === 0 ? [] : [[name, { ...place, rows: [{ ...place, values }] }]];
  });
  return {
    file,
    line,
    given,
    removed: Object.fromEntries(
      Object.entries(content.removed).map(([name, rows]) => [name, rowsOf(rows, [...path, 'removed', name])]),
    ),
    over: Object.fromEntries(over),
    expect: expect ?? { file, line, rows: [] },
    ...(content.ran === undefined ? {} : { ran: content.ran }),
  };
}

function reportIssues(error: z.ZodError, file: string, yaml: LocatedYaml, problems: CaseProblem[]): void {
  for (const issue of error.issues) {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    if (issue.code === 'unrecognized_keys') {
      const known = path.length === 0 ? Object.keys(CASE.shape) : Object.keys(STEP);
      for (const key of issue.keys) {
        const message = `unknown key ${[...path, key].join('.')}${didYouMean(key, known)}`;
        problems.push({ file, line: yaml.lineOf([...path, key]), message });
      }
      continue;
    }
    const message = `${path.join('.') || 'the case'}: ${explained(issue, path)}`;
    problems.push({ file, line: yaml.lineOf(path), message });
  }
}

function explained(issue: z.core.$ZodIssue, path: readonly (string | number)[]): string {
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  const isOfRows = path.includes('given') || path.includes('removed') || key === 'expect';
  if (isOfRows && issue.code === 'invalid_union')
    return 'rows are a list of mappings, or the name of a file beside the case';
  return issue.message;
}
