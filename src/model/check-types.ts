/**
 * Every SELECT described by DuckDB on empty tables of the declared columns: names, order and types must be the
 * header's.
 */
import { identifier } from '../warehouse/sql.ts';
import type { EngineSpelling, Shadow } from './bind.ts';
import { emptyRelation, preludeOf } from './bind.ts';
import type { ModelColumn } from './contract.ts';
import { libraryScript, type Library } from './functions.ts';
import { didYouMean } from './nearest.ts';
import { placeIn } from './parse.ts';
import type { Problem } from './problems.ts';
import type { CompiledTest, Relation } from './relation.ts';
import { DESCRIBE_PREFIX_BYTES, ScratchError, type Scratch } from './scratch.ts';
import { argumentsRow, testedRows } from './test-sql.ts';

/** DuckDB knows every logical type by its name. */
const SCRATCH_SPELLING: EngineSpelling = { engine: 'duckdb', typeName: (type) => type };

/** Adds a problem per model and test that does not work, or gives other columns than declared. */
export async function checkTypes(
  relations: readonly Relation[],
  library: Library,
  scratch: Scratch,
  problems: Problem[],
): Promise<void> {
  await scratch.run('create schema revops; create schema declared');
  await installOn(scratch, library, problems);
  await scratch.run(`set search_path = 'main,revops'`);
  await scratch.run(relations.map(tableOf).join(';\n') || 'select 1');
  for (const relation of relations) {
    if (relation.kind === 'model' && relation.model.engine !== 'postgres')
      await checkModel(relation, scratch, problems);
    for (const test of relation.tests) {
      // these two are of the relation's own columns only, and fit any type
      const isSafe = test.test.where === undefined && ['not_null', 'unique'].includes(test.test.kind);
      if (!isSafe) await checkTest(relation, test, scratch, problems);
    }
  }
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

async function checkModel(
  relation: Extract<Relation, { kind: 'model' }>,
  scratch: Scratch,
  problems: Problem[],
): Promise<void> {
  const { model } = relation;
  const shadows = relation.parents.map(declaredShadow);
  if (model.source !== undefined) {
    const columns = Object.entries(model.source.columns).map(([name, type]) => ({ name, type }));
    shadows.push({ name: 'source', sql: emptyRelation(SCRATCH_SPELLING, columns) });
  }
  const head = `${preludeOf(shadows)}select * from (\n`;
  try {
    const found = await scratch.describe(`${head}${model.sql}\n) as model`);
    compareColumns(found, relation.columns, (line, message) =>
      problems.push({ code: 'MODEL_INVALID', file: model.file, line: line ?? 1, message }),
    );
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    const offset =
      error.offset === undefined ? undefined : error.offset - DESCRIBE_PREFIX_BYTES - Buffer.byteLength(head);
    const place = placeIn({ sql: model.sql, file: model.file, line: model.sqlLine }, offset);
    problems.push({ code: 'MODEL_INVALID', ...place, message: error.message });
  }
}

async function checkTest(
  relation: Relation,
  compiled: CompiledTest,
  scratch: Scratch,
  problems: Problem[],
): Promise<void> {
  const { test } = compiled;
  const shadows = [
    ...compiled.reads.map(declaredShadow),
    { name: 'arguments', sql: argumentsRow(test, SCRATCH_SPELLING.typeName) },
    { name: 'model', sql: testedRows(test, `select * from declared.${identifier(relation.name)}`) },
  ];
  try {
    await scratch.describe(`${preludeOf(shadows)}select * from (\n${compiled.sql}\n) as failing`);
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    problems.push({
      code: 'MODEL_INVALID',
      file: relation.file,
      line: test.line ?? 1,
      message: `test ${compiled.label}: ${error.message}`,
    });
  }
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
