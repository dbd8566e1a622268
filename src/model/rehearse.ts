/**
 * Models run on given rows, on a DuckDB in memory: no warehouse, no connector.
 */
import { RevopsError } from '../errors.ts';
import { identifier } from '../warehouse/sql.ts';
import { bindModel, emptyRelation, nameFunctions, preludeOf, unionAll, type Shadow } from './bind.ts';
import { SCRATCH_SPELLING } from './check-types.ts';
import type { InputRow } from './contract.ts';
import { libraryScript, publicName } from './functions.ts';
import { ancestorsOf } from './graph.ts';
import { didYouMean } from './nearest.ts';
import type { CompiledProject, Relation } from './relation.ts';
import { rowsSelect } from './rows.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { argumentsRow, testedRows } from './test-sql.ts';

export interface Rehearsal {
  /** Rows of each wanted relation, values as DuckDB's JSON gives them (decimals, bigints and times as text). */
  rows: Record<string, Record<string, unknown>[]>;
  /** Data tests of the wanted relations that found failing rows. */
  failures: { relation: string; test: string; rows: Record<string, unknown>[] }[];
}

/**
 * Builds the wanted relations. `given` holds rows by relation name (`deals_feed`, `settings`, any model) or by raw
 * table (`hubspot.deals`); a relation that is given is not computed, what nobody gave is empty or shipped.
 * Throws MODEL_UNKNOWN_RELATION, MODEL_INVALID.
 */
export async function rehearse(compiled: CompiledProject, given: Record<string, readonly InputRow[]>, wanted: readonly string[]): Promise<Rehearsal> {
  checkNames(compiled, given, wanted);
  const scratch = await openScratch();
  try {
    await scratch.run('create schema revops; create schema rehearsed');
    await scratch.run(libraryScript(compiled.library) || 'select 1');
    const tested = wanted.flatMap((name) => compiled.byName.get(name)?.tests.flatMap((test) => test.reads) ?? []);
    const needed = ancestorsOf([...wanted, ...tested], (name) => (given[name] === undefined ? (compiled.byName.get(name)?.parents ?? []) : []));
    for (const relation of compiled.relations) {
      if (!needed.has(relation.name)) continue;
      const sql = selectOf(relation, given);
      await scratch.run(`create table rehearsed.${identifier(relation.name)} as ${sql}`);
    }
    const rehearsal: Rehearsal = { rows: {}, failures: [] };
    for (const name of wanted) {
      rehearsal.rows[name] = await scratch.rows(`select * from rehearsed.${identifier(name)}`);
      rehearsal.failures.push(...(await failuresOf(compiled.byName.get(name), scratch)));
    }
    return rehearsal;
  } finally {
    scratch.close();
  }
}

// --- internal ---

function checkNames(compiled: CompiledProject, given: Record<string, readonly InputRow[]>, wanted: readonly string[]): void {
  const raw = compiled.relations.flatMap((relation) =>
    relation.kind === 'model' && relation.model.source !== undefined ? [rawNameOf(relation.model.source)] : [],
  );
  const known = [...compiled.byName.keys(), ...raw];
  const unknown = [...wanted.filter((name) => !compiled.byName.has(name)), ...Object.keys(given).filter((name) => !known.includes(name))][0];
  if (unknown !== undefined) throw new RevopsError('MODEL_UNKNOWN_RELATION', `unknown relation ${unknown}${didYouMean(unknown, known)}`);
}

function rawNameOf(source: { connector: string; table: string }): string {
  return `${source.connector}.${source.table}`;
}

function shadowOf(name: string): Shadow {
  return { name, sql: `select * from rehearsed.${identifier(name)}` };
}

function selectOf(relation: Relation, given: Record<string, readonly InputRow[]>): string {
  const rows = given[relation.name];
  if (rows !== undefined) return rowsSelect(SCRATCH_SPELLING, relation.name, relation.columns, rows);
  if (relation.kind === 'input') return rowsSelect(SCRATCH_SPELLING, relation.name, relation.columns, relation.input.rows);
  if (relation.kind === 'feed') {
    if (relation.parents.length === 0) return emptyRelation(SCRATCH_SPELLING, relation.columns);
    return unionAll(relation.parents.map((name) => shadowOf(name).sql), relation.columns);
  }
  const { model, parsed } = relation;
  const shadows = relation.parents.map(shadowOf);
  if (model.source !== undefined) {
    const columns = Object.entries(model.source.columns).map(([name, type]) => ({ name, type }));
    const raw = rawNameOf(model.source);
    shadows.push({ name: 'source', sql: rowsSelect(SCRATCH_SPELLING, raw, columns, given[raw] ?? []) });
  }
  return bindModel(SCRATCH_SPELLING, { sql: model.sql, calls: parsed.calls, columns: relation.columns }, shadows, publicName);
}

async function failuresOf(relation: Relation | undefined, scratch: Scratch): Promise<Rehearsal['failures']> {
  const failures: Rehearsal['failures'] = [];
  for (const { test, label, sql, reads, calls } of relation?.tests ?? []) {
    const name = relation?.name ?? '';
    const shadows = [
      ...reads.map(shadowOf),
      { name: 'arguments', sql: argumentsRow(test, SCRATCH_SPELLING.typeName) },
      { name: 'model', sql: testedRows(test, `select * from rehearsed.${identifier(name)}`) },
    ];
    const rows = await scratch.rows(`${preludeOf(shadows)}select * from (\n${nameFunctions(sql, calls, publicName)}\n) as failing limit 10`);
    if (rows.length > 0) failures.push({ relation: name, test: label, rows });
  }
  return failures;
}
