/**
 * Every SELECT described by DuckDB on empty tables of the declared columns: names, order and types must be the
 * header's.
 */
import { identifier } from '../../warehouse/sql.ts';
import type { EngineSpelling, Shadow } from '../build/bind.ts';
import { emptyRelation, preludeOf } from '../build/bind.ts';
import type { ModelColumn } from '../contract.ts';
import { libraryScript, type Library } from './functions.ts';
import { didYouMean } from '../../nearest.ts';
import { placeIn } from './parse.ts';
import type { Problem } from '../problems.ts';
import type { CompiledTest, ModelRelation, Relation } from '../relation.ts';
import { ScratchError, type Described, type Scratch } from './scratch.ts';
import { argumentsRow, testedRows } from '../build/test-sql.ts';

/** DuckDB knows every logical type by its name. */
const SCRATCH_SPELLING: EngineSpelling = { engine: 'duckdb', typeName: (type) => type };

/** Adds a problem per model and test that does not work, or gives other columns than declared. */
export async function checkTypes(
  relations: readonly Relation[],
  library: Library,
  scratch: Scratch,
  problems: Problem[],
): Promise<void> {
  await scratch.run('create schema declared');
  await installOn(scratch, library, problems);
  // one transaction: a commit per table takes longer than the table
  await scratch.run(`begin;\n${relations.map((relation) => `${tableOf(relation)};\n`).join('')}commit`);
  const checks = relations.flatMap((relation) => [
    ...(relation.kind === 'model' && relation.model.engine !== 'postgres' ? [modelCheck(relation)] : []),
    ...relation.tests.filter(canFail).map((test) => testCheck(relation, test)),
  ]);
  const results = await scratch.describeAll(checks.map((check) => check.sql));
  for (const [index, check] of checks.entries()) problems.push(...check.problemsOf(results[index] ?? []));
}

// --- internal ---

async function installOn(scratch: Scratch, library: Library, problems: Problem[]): Promise<void> {
  try {
    await scratch.run(libraryScript(library) || 'select 1');
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    const file = [...library.values()].at(-1)?.file ?? 'sql/duckdb/functions.sql';
    problems.push({
      code: 'MODEL_INVALID',
      file,
      message: `the function library cannot be installed: ${error.message}`,
    });
  }
}

function tableOf(relation: Relation): string {
  const columns = relation.columns.map((column) => `${identifier(column.name)} ${column.type}`);
  return `create table declared.${identifier(relation.name)} (${columns.join(', ')})`;
}

function declaredShadow(name: string): Shadow {
  return { name, sql: `select * from declared.${identifier(name)}` };
}

/** A SELECT, and what is wrong when DuckDB describes it so. */
interface Check {
  sql: string;
  problemsOf(described: Described): Problem[];
}

/** Two kinds are of the relation's own columns only, and fit any type. */
function canFail({ test }: CompiledTest): boolean {
  return test.where !== undefined || !['not_null', 'unique'].includes(test.kind);
}

function modelCheck({ model, parents, columns }: ModelRelation): Check {
  const shadows = parents.map(declaredShadow);
  if (model.source !== undefined) {
    const read = Object.entries(model.source.columns).map(([name, type]) => ({ name, type }));
    shadows.push({ name: 'source', sql: emptyRelation(SCRATCH_SPELLING, read) });
  }
  const head = `${preludeOf(shadows)}select * from (\n`;
  return {
    sql: `${head}${model.sql}\n) as model`,
    problemsOf: (described) => {
      if (described instanceof ScratchError) {
        const offset = described.offset === undefined ? undefined : described.offset - Buffer.byteLength(head);
        const place = placeIn({ sql: model.sql, file: model.file, line: model.sqlLine }, offset);
        return [{ code: 'MODEL_INVALID', ...place, message: described.message }];
      }
      const problems: Problem[] = [];
      compareColumns(described, columns, (line, message) =>
        problems.push({ code: 'MODEL_INVALID', file: model.file, line: line ?? 1, message }),
      );
      return problems;
    },
  };
}

function testCheck(relation: Relation, compiled: CompiledTest): Check {
  const { test } = compiled;
  const shadows = [
    ...compiled.reads.map(declaredShadow),
    { name: 'arguments', sql: argumentsRow(test, SCRATCH_SPELLING.typeName) },
    { name: 'model', sql: testedRows(test, `select * from declared.${identifier(relation.name)}`) },
  ];
  return {
    sql: `${preludeOf(shadows)}select * from (\n${compiled.sql}\n) as failing`,
    problemsOf: (described) => {
      if (!(described instanceof ScratchError)) return [];
      const { file } = relation;
      const message = `test ${compiled.label}: ${described.message}`;
      return [{ code: 'MODEL_INVALID', file, line: test.line ?? 1, message }];
    },
  };
}

function compareColumns(
  found: readonly { name: string; type: string }[],
  declared: readonly ModelColumn[],
  report: (line: number | undefined, message: string) => void,
): void {
  const names = found.map((column) => column.name);
  const byName = new Map(found.map((column) => [column.name, column]));
  for (const column of declared) {
    const own = byName.get(column.name);
    if (own === undefined)
      report(column.line, `the SELECT gives no column ${column.name}${didYouMean(column.name, names)}`);
    else if (own.type !== column.type)
      report(
        column.line,
        `column ${column.name} is declared ${column.type}, but the SELECT gives ${own.type}: cast it, or change the header`,
      );
  }
  const known = declared.map((column) => column.name);
  for (const name of names)
    if (!known.includes(name))
      report(
        undefined,
        `the SELECT gives the column ${name}, which the header does not declare${didYouMean(name, known)}`,
      );
  const isSameSet = names.length === known.length && names.every((name) => known.includes(name));
  const first = known.findIndex((name, index) => names[index] !== name);
  if (isSameSet && first >= 0) {
    report(
      declared[first]?.line,
      `the header's columns are in another order than the SELECT's: ${known[first] ?? ''} stands where the SELECT gives ${names[first] ?? ''}`,
    );
  }
}
