/**
 * What a relation's state follows from, part by part: when no part differs from the published state's, a build would
 * give the same again.
 */
import type { InputRow } from '../contract.ts';
import { digest } from './digest.ts';
import { closureOf, versionOf } from './functions.ts';
import { inputParts } from '../build/inputs.ts';
import { rawTableName, type RawTable } from '../build/raw-tables.ts';
import { isView, type CompiledProject, type Relation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { TIME, timePart } from '../build/time-part.ts';

export interface PartsContext {
  compiled: CompiledProject;
  rows: ReadonlyMap<string, readonly InputRow[]>;
  rawTables: ReadonlyMap<string, RawTable>;
  /** The build that made, or will make, the state a table has for this build. */
  buildOf(name: string): string;
}

/** The parts of a relation, given its parents'. */
export function partsOf(relation: Relation, parents: ReadonlyMap<string, Parts>, context: PartsContext): Parts {
  const definition: Record<string, string> = { header: digest(headerOf(relation)) };
  const data: Record<string, string> = {};
  if (relation.kind === 'input') return { definition, data: { rows: digest(context.rows.get(relation.name) ?? []) } };
  if (relation.kind === 'feed') definition['arms'] = relation.parents.join(', ');
  else if (relation.kind === 'model') Object.assign(definition, sqlParts(relation, context));
  if (relation.kind === 'model' && relation.model.source !== undefined) {
    const table = context.rawTables.get(rawTableName(relation.model.source));
    const wanted = Object.keys(relation.model.source.columns);
    const present = table?.columns?.filter((column) => wanted.includes(column.name)) ?? null;
    definition[`columns of ${rawTableName(relation.model.source)}`] = present === null ? 'no table' : digest(present);
    data[rawTableName(relation.model.source)] = String(table?.version ?? 0);
  }
  const usage =
    relation.kind === 'model'
      ? relation.parsed.analysis
      : { columnNames: new Set<string>(), readsUnnamedColumns: true };
  for (const name of relation.parents) {
    const parent = context.compiled.byName.get(name);
    if (parent === undefined) continue;
    if (name === 'clock' && relation.kind === 'model' && relation.model.wakesAt.length > 0)
      data[TIME] = timePart(context.rows.get(name) ?? []);
    else if (parent.kind === 'input' && relation.kind !== 'components')
      Object.assign(data, inputParts(parent, context.rows.get(name) ?? [], usage));
    else if (!isView(parent)) data[`build of ${name}`] = context.buildOf(name);
    else {
      // a view is read through: what changes it changes its readers
      definition[`definition of ${name}`] = digest(parents.get(name)?.definition);
      Object.assign(data, parents.get(name)?.data);
    }
  }
  return { definition, data };
}

/** The names of the parts that differ, those that are gone included. */
export function changedParts(before: Parts, now: Parts): { definition: string[]; data: string[] } {
  return {
    definition: [...differing(before.definition, now.definition), ...vanished(before.definition, now.definition)],
    data: [...differing(before.data, now.data), ...vanished(before.data, now.data)],
  };
}

/** Why a relation must be built again, for people; empty where it need not. */
export function differences(before: Parts, now: Parts): string[] {
  const found = [...differing(before.definition, now.definition), ...differing(before.data, now.data)];
  // what is read no more is explained by what changed
  const gone = [...vanished(before.definition, now.definition), ...vanished(before.data, now.data)];
  return (found.length > 0 ? found : gone).map(reasonOf);
}

/** A part that differs, for people. */
export function reasonOf(part: string): string {
  if (part === 'SQL') return 'own SQL changed';
  if (part === TIME) return 'time passed';
  if (part.startsWith('build of ')) return `parent ${part.slice('build of '.length)} rebuilt`;
  if (part.startsWith('definition of ')) return `parent ${part.slice('definition of '.length)} changed`;
  return part.startsWith('raw_') ? `new data in ${part}` : `${part} changed`;
}

/** The tests of a relation: changed ones run again without building it. */
export function testsPart(relation: Relation): string {
  return digest(
    relation.tests.map(({ test, sql }) => [
      sql,
      test.severity,
      test.where ?? null,
      test.arguments,
      test.column ?? null,
    ]),
  );
}

// --- internal ---

function headerOf(relation: Relation): unknown {
  const columns = relation.columns.map(({ name, type }) => [name, type]);
  if (relation.kind === 'components') return [relation.schema, columns, relation.spec];
  if (relation.kind !== 'model') return [relation.schema, columns];
  const { materialized, key, lookups, wakesAt, engine, source, ledger } = relation.model;
  const own = [...(ledger === undefined ? [] : [ledger, relation.grain]), ...(lookups === undefined ? [] : [lookups])];
  return [relation.schema, columns, materialized, key, wakesAt, engine ?? null, source ?? null, ...own];
}

function sqlParts(relation: Extract<Relation, { kind: 'model' }>, { compiled }: PartsContext): Record<string, string> {
  const called = closureOf(
    relation.parsed.calls.map((call) => call.name),
    compiled.library,
  );
  const functions = called.map(({ name }) => [`function ${name}`, versionOf(name, compiled.library)]);
  return { SQL: digest(relation.parsed.canonical), ...Object.fromEntries(functions) };
}

function differing(before: Record<string, string>, now: Record<string, string>): string[] {
  return Object.keys(now).filter((name) => before[name] !== now[name]);
}

function vanished(before: Record<string, string>, now: Record<string, string>): string[] {
  return Object.keys(before).filter((name) => now[name] === undefined);
}
