/**
 * The data tests of all relations as SELECTs, with what they read. Every relation is tested on its grain.
 */
import type { DataTest, ModelProject } from './contract.ts';
import type { RelationshipArguments, SumArguments } from './header-tests.ts';
import { didYouMean } from './nearest.ts';
import { libraryCalls, placeIn, readParsed } from './parse.ts';
import type { Problem } from './problems.ts';
import type { CompiledTest, Relation } from './relation.ts';
import type { Scratch } from './scratch.ts';
import { testedRows, testLabel, testSql } from './test-sql.ts';

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
    testsOf(relation).map((test) => ({ relation, test, sql: testSql(test, relation.columns, checkSql) })),
  );
  // the condition on the rows stands in another SELECT than the test, so it is parsed for itself
  const texts = jobs.flatMap((job) => [job.sql, testedRows(job.test, 'select 1'), conditionsOf(job.test)]);
  const results = await scratch.parse(texts);
  const compiled = new Map<Relation, CompiledTest[]>(relations.map((relation) => [relation, []]));
  jobs.forEach(({ relation, test, sql }, index) => {
    const place = { sql: '', file: relation.file, line: test.line ?? 1 };
    const before = problems.length;
    const parts = [results[3 * index], results[3 * index + 1]].flatMap((result) =>
      result === undefined ? [] : [readParsed(place, result, { readable, library, isPortable: false }, problems)],
    );
    for (const problem of problems.slice(before)) problem.message = `test ${testLabel(test)}: ${problem.message}`;
    const own = parts[0];
    for (const message of missingColumns(test, relations))
      problems.push({
        code: 'MODEL_INVALID',
        ...placeIn(place, undefined),
        message: `test ${testLabel(test)}: ${message}`,
      });
    if (own === undefined || parts[1] === undefined) return;
    const alone = results[3 * index + 2];
    if (alone !== undefined && !('ast' in alone)) {
      problems.push({
        code: 'MODEL_INVALID',
        ...placeIn(place, undefined),
        message: `test ${testLabel(test)}: the condition is not one expression`,
      });
    }
    if (problems.length > before) return;
    const reads = new Set(
      parts.flatMap((part) => part?.relations ?? []).filter((name) => name !== 'model' && name !== 'arguments'),
    );
    compiled.get(relation)?.push({
      test,
      label: testLabel(test),
      sql,
      reads: [...reads].toSorted(),
      calls: libraryCalls(sql, own.analysis, library),
    });
  });
  return relations.map((relation) => ({ ...relation, tests: compiled.get(relation) ?? [] }));
}

// --- internal ---

/** What a test compares with is a column of the other relation. */
function missingColumns(test: DataTest, relations: readonly Relation[]): string[] {
  const other =
    test.kind === 'relationships'
      ? {
          relation: (test.arguments as RelationshipArguments).to,
          column: (test.arguments as RelationshipArguments).column,
        }
      : test.kind === 'sum'
        ? (test.arguments as SumArguments).equals
        : undefined;
  const names = relations.find((relation) => relation.name === other?.relation)?.columns.map((column) => column.name);
  if (other === undefined || names === undefined || names.includes(other.column)) return [];
  return [`${other.relation} has no column ${other.column}${didYouMean(other.column, names)}`];
}

/** A test's own SQL, outside of the brackets it will stand in: text that closes them early is not one expression. */
function conditionsOf(test: DataTest): string {
  const conditions = [test.where, test.kind === 'expression' ? String(test.arguments) : undefined];
  return `select 1 ${conditions.map((condition) => (condition === undefined ? '' : `,\n${condition}\n`)).join('')}`;
}

function testsOf(relation: Relation): DataTest[] {
  const declared =
    relation.kind === 'model' ? relation.model.tests : relation.kind === 'feed' ? relation.feed.tests : [];
  const grain: DataTest[] =
    relation.grain.length === 0 ? [] : [{ kind: 'unique', arguments: relation.grain, severity: 'error', line: 1 }];
  return [...grain, ...declared];
}
