/**
 * Unit cases of models: fixtures/cases/<model>/<case>/case.yml gives rows of what the model reads and the rows it must
 * give, computed by hand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { bindModel, castTo, emptyRelation, type EngineSpelling, type Shadow } from '../../src/model/bind.ts';
import type { Model, ModelProject } from '../../src/model/contract.ts';
import type { Session } from '../../src/warehouse/contract.ts';
import { literal } from '../../src/warehouse/sql.ts';
import type { Column, ResultValue, Row } from '../../src/warehouse/types.ts';

export type GivenRow = Record<string, string | number | boolean | null>;

export interface ModelCase {
  model: string;
  name: string;
  /** What the case shows. */
  description: string;
  /** Rows by relation; columns left out are NULL, relations left out are empty (inputs: as shipped, or `standardInputs`). */
  given: Record<string, GivenRow[]>;
  /** Over the standard `settings` and `clock`. */
  settings: GivenRow;
  clock: GivenRow;
  /** Only rows with these values are compared; absent: all. */
  only: GivenRow;
  /** All rows, in any order; every row lists the same columns, and only those are compared. */
  expect: GivenRow[];
}

/** What cases run with unless they say otherwise. */
export const standardInputs: Record<'settings' | 'clock', GivenRow> = {
  settings: {
    time_zone: 'UTC',
    reporting_currency: 'EUR',
    week_start: 'monday',
    lookback_days: 90,
    primary_model: 'linear',
    conversion_owner: 'company',
    settle_days: 14,
    baseline_id: null,
    first_date: null,
  },
  clock: { now_at: '2025-01-01T00:00:00Z', today: '2025-01-01' },
};

/** All cases below a folder, by model and name. */
export function readCases(folder: string): ModelCase[] {
  return foldersIn(folder).flatMap((model) =>
    foldersIn(join(folder, model)).map((name) => {
      const file = join(folder, model, name, 'case.yml');
      const { description, given = {}, settings = {}, clock = {}, only = {}, expect, ...unknown } = parse(
        readFileSync(file, 'utf8'),
      ) as Omit<ModelCase, 'model' | 'name'>;
      if (Object.keys(unknown).length > 0 || !Array.isArray(expect) || typeof description !== 'string') {
        throw new Error(`${file}: a case has description, expect, and given, settings, clock, only where needed`);
      }
      const columns = expect.map((row) => Object.keys(row).toSorted().join());
      if (new Set(columns).size > 1) throw new Error(`${file}: every expected row lists the same columns`);
      return { model, name, description, given, settings, clock, only, expect };
    }),
  );
}

/** The rows a model gives for a case, with the compared columns only, and the rows it must give, both in one order. */
export async function runCase(
  session: Session & EngineSpelling,
  project: ModelProject,
  modelCase: ModelCase,
): Promise<{ given: Row[]; expected: Row[] }> {
  const model = project.models.find(({ name }) => name === modelCase.model);
  if (model === undefined) throw new Error(`no model ${modelCase.model}`);
  const compared = Object.keys(modelCase.expect[0] ?? { [model.grain[0] ?? '']: null });
  const types = columnTypes(model, compared);
  const sql = bindModel(session, { ...model, functionOffsets: [] }, shadowsOf(session, project, model, modelCase));
  const rows = await session.query<Row>(sql);
  const kept = rows.filter((row) =>
    Object.entries(modelCase.only).every(([column, value]) => String(row[column]) === String(value)),
  );
  const expectedRelation = relationOf(session, types, modelCase.expect);
  return {
    given: inOrder(kept.map((row) => Object.fromEntries(compared.map((column) => [column, row[column] ?? null])))),
    expected: inOrder(await session.query<Row>(expectedRelation)),
  };
}

// --- internal ---

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

function columnTypes(model: Model, names: readonly string[]): Column[] {
  return names.map((name) => {
    const column = model.columns.find((declared) => declared.name === name);
    if (column === undefined) throw new Error(`${model.name} has no column ${name}`);
    return { name, type: column.type };
  });
}

/** Every relation there is, as far as the model's SQL mentions its name. */
function shadowsOf(engine: EngineSpelling, project: ModelProject, model: Model, modelCase: ModelCase): Shadow[] {
  const relations = new Map<string, { columns: readonly Column[]; rows: GivenRow[] }>();
  for (const feed of project.feeds) relations.set(`${feed.name}_feed`, { columns: feed.columns, rows: [] });
  for (const input of project.inputs) relations.set(input.name, { columns: input.columns, rows: [...input.rows] });
  for (const other of project.models) if (other !== model) relations.set(other.name, { columns: other.columns, rows: [] });
  relations.get('settings')?.rows.splice(0, 1, { ...standardInputs.settings, ...modelCase.settings });
  relations.get('clock')?.rows.splice(0, 1, { ...standardInputs.clock, ...modelCase.clock });
  for (const [name, rows] of Object.entries(modelCase.given)) {
    const relation = relations.get(name);
    if (relation === undefined) throw new Error(`${modelCase.model}/${modelCase.name}: no relation ${name}`);
    const unknown = rows.flatMap(Object.keys).find((column) => !relation.columns.some((known) => known.name === column));
    if (unknown !== undefined) throw new Error(`${modelCase.model}/${modelCase.name}: ${name} has no column ${unknown}`);
    relations.set(name, { ...relation, rows });
  }
  return [...relations]
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(model.sql))
    .map(([name, { columns, rows }]) => ({ name, sql: relationOf(engine, columns, rows) }));
}

function relationOf(engine: EngineSpelling, columns: readonly Column[], rows: readonly GivenRow[]): string {
  if (rows.length === 0) return emptyRelation(engine, columns);
  return rows
    .map((row) => {
      const values = columns.map(({ name, type }) => {
        const value = row[name] ?? null;
        return `${castTo(engine, value === null ? 'null' : literal(String(value)), type)} as "${name}"`;
      });
      return `select ${values.join(', ')}`;
    })
    .join('\nunion all\n');
}

/** Ordered by the columns that hold no fractions, so that a difference in the last digit does not change the order. */
function inOrder(rows: Row[]): Row[] {
  const keyOf = (row: Row): string =>
    JSON.stringify(
      Object.entries(row)
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([, value]) => (isFraction(value) ? value.toFixed(6) : String(value))),
    );
  return rows.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function isFraction(value: ResultValue | undefined): value is number {
  return typeof value === 'number' && !Number.isInteger(value);
}
