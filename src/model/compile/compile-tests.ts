/**
 * The data tests of all relations as SELECTs, with what they read. Every relation is tested on its grain, every check on
 * what a finding is.
 */
import { isDeepStrictEqual } from 'node:util';

import type { DataTest, ModelProject } from '../contract.ts';
import { findingTests } from '../read/check-model.ts';
import type { RelationshipArguments, RowCountArguments, SumArguments } from '../read/header-tests.ts';
import { didYouMean } from '../../nearest.ts';
import { libraryCalls, placeIn, readParsed } from './parse.ts';
import type { Problem } from '../problems.ts';
import type { CompiledTest, ParsedModel, Relation } from '../relation.ts';
import type { ParseResult, Scratch } from './scratch.ts';
import { testLabel, testSql } from '../build/test-sql.ts';

/** The relations with their tests compiled. */
export async function compileTests(
  relations: readonly Relation[],
  checks: ModelProject['checks'],
  library: ReadonlySet<string>,
  scratch: Scratch,
  problems: Problem[],
): Promise<Relation[]> {
  const checkSql = new Map(checks.map((check) => [check.name, check.sql]));
  const readable = new Set(['model', 'arguments', ...relations.map((relation) => relation.name)]);
  const jobs = relations.flatMap((relation) =>
    testsOf(relation).map((test) => jobOf(relation, test, testSql(test, relation.columns, checkSql))),
  );
  const results = await scratch.parse(jobs.flatMap((job) => job.texts));
  const compiled = new Map<Relation, CompiledTest[]>(relations.map((relation) => [relation, []]));
  let from = 0;
  for (const job of jobs) {
    const parsed = results.slice(from, from + job.texts.length);
    from += job.texts.length;
    const own: Problem[] = [];
    const test = compileTest(job, parsed, { relations, readable, library }, own);
    for (const problem of own)
      problems.push({ ...problem, message: `test ${testLabel(job.test)}: ${problem.message}` });
    if (own.length === 0) compiled.get(job.relation)?.push(test);
  }
  return relations.map((relation) => ({ ...relation, tests: compiled.get(relation) ?? [] }));
}

// --- internal ---

interface Job {
  relation: Relation;
  test: DataTest;
  sql: string;
  /** What DuckDB has to parse: what people wrote. Tests the engine writes from names alone need none. */
  texts: string[];
}

/** Where a condition begins in the text that is parsed for it. */
const CONDITION_PREFIX = 'select\n';

/** Conditions are parsed without the brackets they will stand in: text that closes those early is not one expression. */
function jobOf(relation: Relation, test: DataTest, sql: string): Job {
  const isPlain = comparedWith(test) !== undefined || PLAIN.has(test.kind);
  const hasOwnSql = !isPlain || comparedWith(test)?.where !== undefined;
  const conditions = [test.where ?? 'true', ...(test.kind === 'expression' ? [String(test.arguments)] : [])];
  const needsParser = hasOwnSql || test.where !== undefined;
  return {
    relation,
    test,
    sql,
    texts: needsParser ? [sql, ...conditions.map((condition) => `${CONDITION_PREFIX}${condition}\n`)] : [],
  };
}

function compileTest(
  job: Job,
  [main, where, ...others]: ParseResult[],
  context: { relations: readonly Relation[]; readable: ReadonlySet<string>; library: ReadonlySet<string> },
  problems: Problem[],
): CompiledTest {
  const { test, sql, relation } = job;
  const place = placeIn({ sql: '', file: relation.file, line: test.line ?? 1 }, undefined);
  const options = { readable: context.readable, library: context.library, isPortable: false };
  const read = (result: ParseResult | undefined): (ParsedModel & { relations: string[] }) | undefined =>
    result === undefined ? undefined : readParsed({ sql: '', ...place }, result, options, problems);
  for (const message of wrongComparison(test, context.relations))
    problems.push({ code: 'MODEL_INVALID', ...place, message });
  const own = read(main);
  const condition = where !== undefined && 'ast' in where ? read(where) : undefined;
  if (own !== undefined && [where, ...others].some((result) => result !== undefined && !('ast' in result))) {
    problems.push({ code: 'MODEL_INVALID', ...place, message: 'the condition is not one expression' });
  }
  const compared = comparedWith(test)?.relation;
  if (compared !== undefined && own === undefined && !context.readable.has(compared)) {
    const message = `unknown relation ${compared}${didYouMean(compared, context.readable)}`;
    problems.push({ code: 'MODEL_UNKNOWN_RELATION', ...place, message });
  }
  const reads = [
    ...(own?.relations ?? []),
    ...(condition?.relations ?? []),
    ...(compared === undefined ? [] : [compared]),
  ];
  const conditionText = `${CONDITION_PREFIX}${test.where ?? ''}`;
  return {
    test,
    label: testLabel(test),
    sql,
    calls: own === undefined ? [] : libraryCalls(sql, own.analysis, context.library),
    whereCalls: (condition === undefined ? [] : libraryCalls(conditionText, condition.analysis, context.library)).map(
      ({ name, offset }) => ({ name, offset: offset - CONDITION_PREFIX.length }),
    ),
    reads: [...new Set(reads)].filter((name) => name !== 'model' && name !== 'arguments').toSorted(),
  };
}

const PLAIN: ReadonlySet<string> = new Set(['not_null', 'unique', 'accepted_values', 'between']);

/** The other relation, and its column, that a test names. */
function comparedWith(test: DataTest): { relation: string; column?: string; where?: string | undefined } | undefined {
  if (test.kind === 'relationships') {
    const { to, column } = test.arguments as RelationshipArguments;
    return { relation: to, column };
  }
  if (test.kind === 'row_count') return (test.arguments as RowCountArguments).equals;
  return test.kind === 'sum' ? (test.arguments as SumArguments).equals : undefined;
}

function wrongComparison(test: DataTest, relations: readonly Relation[]): string[] {
  const other = comparedWith(test);
  const names = relations.find((relation) => relation.name === other?.relation)?.columns.map((column) => column.name);
  if (other?.column === undefined || names === undefined || names.includes(other.column)) return [];
  return [`${other.relation} has no column ${other.column}${didYouMean(other.column, names)}`];
}

function testsOf(relation: Relation): DataTest[] {
  const declared =
    relation.kind === 'model' ? relation.model.tests : relation.kind === 'feed' ? relation.feed.tests : [];
  const grain: DataTest[] =
    relation.grain.length === 0 ? [] : [{ kind: 'unique', arguments: relation.grain, severity: 'error', line: 1 }];
  const isCheck = relation.kind === 'model' && relation.model.check !== undefined;
  const ofFindings = isCheck ? findingTests(relation.columns) : [];
  const isDeclared = (test: DataTest): boolean => declared.some((own) => isDeepStrictEqual(saidBy(own), saidBy(test)));
  return [...grain, ...ofFindings.filter((test) => !isDeclared(test)), ...declared];
}

/** A test without its place in the file. */
function saidBy({ line: _, ...test }: DataTest): Omit<DataTest, 'line'> {
  return test;
}
