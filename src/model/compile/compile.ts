/**
 * From a project's files to relations that are known to work: parsed, resolved, ordered and type-checked on an empty
 * DuckDB in memory. No warehouse is needed.
 */
import type { EngineName } from '../../warehouse/types.ts';
import { checkTypes } from './check-types.ts';
import { collect } from './collect.ts';
import { checkDenied, edgesName } from './companions.ts';
import { compileTests } from './compile-tests.ts';
import type { ModelProject } from '../contract.ts';
import { readLibrary } from './functions.ts';
import { orderOf } from './graph.ts';
import { checkKeys } from './keys.ts';
import { checkLookups } from './lookups.ts';
import { readParsed, type SqlPlace } from './parse.ts';
import { throwProblems, type Problem } from '../problems.ts';
import type { CompiledProject, ParsedModel, Relation } from '../relation.ts';
import { checkWakes } from '../build/wakes.ts';
import type { Declared } from '../read/declared.ts';
import { functionsOfManyRows } from './row-wise.ts';
import { openScratch, type Scratch } from './scratch.ts';

/**
 * Compiles every model an engine builds. Throws MODEL_INVALID, MODEL_UNKNOWN_RELATION or MODEL_CYCLE, listing each
 * problem with file, line and column.
 */
export async function compileProject(project: ModelProject, engine: EngineName = 'duckdb'): Promise<CompiledProject> {
  const scratch = await openScratch();
  try {
    return await compile(project, engine, scratch);
  } finally {
    scratch.close();
  }
}

// --- internal ---

async function compile(project: ModelProject, engine: EngineName, scratch: Scratch): Promise<CompiledProject> {
  const problems: Problem[] = [];
  const declared = collect(project, engine, problems);
  const libraries = {
    duckdb: readLibrary(project.functions.duckdb),
    postgres: readLibrary(project.functions.postgres),
  };
  const functions = new Set(libraries[engine].keys());
  const parsed = await parseModels(
    declared,
    { functions, ofManyRows: functionsOfManyRows(libraries.duckdb) },
    scratch,
    problems,
  );
  throwProblems(problems);
  const bare = [...declared.values()].map((relation) => relationOf(relation, parsed));
  const ordered = orderOf(bare);
  if ('cycle' in ordered) {
    const file = declared.get(ordered.cycle[0] ?? '')?.file ?? '';
    throwProblems([
      { code: 'MODEL_CYCLE', file, message: `models read each other in a circle: ${ordered.cycle.join(' → ')}` },
    ]);
    return { project, engine, relations: [], byName: new Map(), library: libraries[engine] };
  }
  const byBareName = new Map(bare.map((relation) => [relation.name, relation]));
  const inOrder = ordered.order.flatMap((name) => byBareName.get(name) ?? []);
  const relations = await compileTests(inOrder, project.checks, functions, scratch, problems);
  checkKeys(relations, problems);
  checkLookups(relations, problems);
  checkWakes(relations, problems);
  checkDenied(relations, problems);
  await checkTypes(relations, libraries.duckdb, scratch, problems);
  throwProblems(problems);
  return {
    project,
    engine,
    relations,
    byName: new Map(relations.map((relation) => [relation.name, relation])),
    library: libraries[engine],
  };
}

async function parseModels(
  declared: ReadonlyMap<string, Declared>,
  { functions, ofManyRows }: { functions: ReadonlySet<string>; ofManyRows: ReadonlySet<string> },
  scratch: Scratch,
  problems: Problem[],
): Promise<Map<string, ParsedModel & { relations: string[] }>> {
  const models = [...declared.values()].flatMap((relation) => (relation.kind === 'model' ? [relation.model] : []));
  const results = await scratch.parse(models.map((model) => model.sql));
  const names = new Set(declared.keys());
  const parsed = new Map<string, ParsedModel & { relations: string[] }>();
  models.forEach((model, index) => {
    const result = results[index];
    if (result === undefined) return;
    const place: SqlPlace = { sql: model.sql, file: model.file, line: model.sqlLine };
    const readable = model.layer === 'staging' ? new Set(['source']) : names;
    const read = readParsed(
      place,
      result,
      { readable, library: functions, ofManyRows, isPortable: model.engine === undefined },
      problems,
    );
    if (read !== undefined) parsed.set(model.name, read);
  });
  return parsed;
}

function relationOf(declared: Declared, parsed: ReadonlyMap<string, ParsedModel & { relations: string[] }>): Relation {
  const common = { name: declared.name, file: declared.file, tests: [] };
  if (declared.kind === 'input') {
    const { description, origin, grain, columns } = declared.input;
    return {
      ...common,
      kind: 'input',
      schema: 'reference',
      description,
      origin,
      grain,
      columns,
      parents: [],
      input: declared.input,
    };
  }
  if (declared.kind === 'feed') {
    const { description, origin, grain, columns } = declared.feed;
    const parents = declared.arms.map((arm) => arm.name);
    return {
      ...common,
      kind: 'feed',
      schema: 'feeds',
      description,
      origin,
      grain,
      columns,
      parents,
      feed: declared.feed,
    };
  }
  if (declared.kind === 'components') {
    const { of, spec, columns, name } = declared;
    const denied = spec.denied === undefined ? [] : [spec.denied];
    return {
      ...common,
      kind: 'components',
      schema: of.layer,
      description: `Connected components of ${of.name}: ${of.description} One row per node.`,
      origin: of.origin,
      grain: ['node'],
      columns,
      parents: [of.name, ...denied].toSorted(),
      spec,
      edges: edgesName(name),
    };
  }
  if (declared.kind === 'log') {
    const { of, description, columns } = declared;
    const parents = [of.name];
    return { ...common, kind: 'log', schema: of.layer, description, origin: of.origin, grain: [], columns, parents };
  }
  const { description, origin, grain, columns, layer } = declared.model;
  const own = parsed.get(declared.name);
  if (own === undefined) throw new TypeError(`${declared.name} was not parsed`);
  const parents = own.relations.filter((name) => name !== 'source');
  return {
    ...common,
    kind: 'model',
    schema: layer,
    description,
    origin,
    grain,
    columns,
    parents,
    model: declared.model,
    parsed: own,
  };
}
