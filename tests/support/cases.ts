/**
 * Unit cases of models: fixtures/cases/<model>/<case>/case.yml gives rows of what the model reads and the rows it must
 * give, computed by hand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { bindModel, type EngineSpelling } from '../../src/model/bind.ts';
import type { InputRow } from '../../src/model/contract.ts';
import type { CompiledProject, Relation } from '../../src/model/relation.ts';
import { rowsSelect } from '../../src/model/rows.ts';
import type { Session } from '../../src/warehouse/contract.ts';
import type { Row } from '../../src/warehouse/types.ts';

export interface ModelCase {
  model: string;
  name: string;
  /** What the case shows. */
  description: string;
  /** Rows by relation. Columns left out are NULL; relations left out are empty, shipped lists as shipped. */
  given: Record<string, InputRow[]>;
  /** Over the standard `settings` and `clock`. */
  settings: InputRow;
  clock: InputRow;
  /** Only rows with these values are compared; empty: all. */
  only: InputRow;
  /** All rows, in any order. Every row lists the same columns, and only those are compared. */
  expect: InputRow[];
}

/** What cases run with unless they say otherwise. */
export const standardSettings: InputRow = {
  time_zone: 'UTC',
  reporting_currency: 'EUR',
  week_start: 'monday',
  lookback_days: 90,
  primary_model: 'linear',
  conversion_owner: 'company',
  settle_days: 14,
  baseline_id: 'standard',
  baseline_from: null,
  first_date: null,
};
export const standardClock: InputRow = { now_at: '2025-01-01T00:00:00Z', today: '2025-01-01' };

/** Library functions under their bare names, as `installFunctions` leaves them. */
export const bareName = (name: string): string => name;

/** Installs the function library where bare names are found. */
export async function installFunctions(session: Session, compiled: CompiledProject): Promise<void> {
  for (const { sql } of compiled.project.functions[compiled.engine]) {
    // oxlint-disable-next-line no-await-in-loop -- scripts in their order
    await session.script(sql);
  }
}

/** All cases below a folder, by model and name. */
export function readCases(folder: string): ModelCase[] {
  return foldersIn(folder).flatMap((model) =>
    foldersIn(join(folder, model)).map((name) => readCase(join(folder, model, name, 'case.yml'), model, name)),
  );
}

/** The rows a model gives for a case, with the compared columns only, and those it must give, both in one order. */
export async function runCase(
  session: Session & EngineSpelling,
  compiled: CompiledProject,
  modelCase: ModelCase,
): Promise<{ found: Row[]; expected: Row[] }> {
  const relation = compiled.byName.get(modelCase.model);
  if (relation?.kind !== 'model') throw new Error(`no model ${modelCase.model}`);
  const compared = Object.keys(modelCase.expect[0] ?? { [relation.grain[0] ?? '']: null });
  const columns = relation.columns.filter(({ name }) => compared.includes(name));
  const found = await session.query(
    bindModel(
      session,
      { sql: relation.model.sql, calls: relation.parsed.calls, columns: relation.columns },
      relation.parents.map((name) => ({ name, sql: givenSelect(session, compiled, modelCase, name) })),
      bareName,
    ),
  );
  const expected = await session.query(rowsSelect(session, relation.name, columns, modelCase.expect));
  return {
    found: inOrder(found.filter((row) => isWanted(row, modelCase.only)).map((row) => only(row, compared))),
    expected: inOrder(expected.map((row) => only(row, compared))),
  };
}

// --- internal ---

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

function readCase(file: string, model: string, name: string): ModelCase {
  const {
    description,
    given,
    settings,
    clock,
    only: wanted,
    expect,
    ...unknown
  } = parse(readFileSync(file, 'utf8')) as Partial<ModelCase>;
  if (description === undefined || expect === undefined || Object.keys(unknown).length > 0) {
    throw new Error(`${file}: a case has description and expect, and given, settings, clock and only where needed`);
  }
  if (new Set(expect.map((row) => Object.keys(row).toSorted().join())).size > 1) {
    throw new Error(`${file}: every expected row lists the same columns`);
  }
  return {
    model,
    name,
    description,
    given: given ?? {},
    settings: settings ?? {},
    clock: clock ?? {},
    only: wanted ?? {},
    expect,
  };
}

function givenSelect(engine: EngineSpelling, compiled: CompiledProject, modelCase: ModelCase, name: string): string {
  const relation = compiled.byName.get(name);
  if (relation === undefined) throw new Error(`no relation ${name}`);
  return rowsSelect(engine, name, relation.columns, modelCase.given[name] ?? standardRows(relation, modelCase));
}

function standardRows(relation: Relation, modelCase: ModelCase): InputRow[] {
  if (relation.name === 'settings') return [{ ...standardSettings, ...modelCase.settings }];
  if (relation.name === 'clock') return [{ ...standardClock, ...modelCase.clock }];
  return relation.kind === 'input' ? relation.input.rows : [];
}

function isWanted(row: Row, wanted: InputRow): boolean {
  return Object.entries(wanted).every(([column, value]) => String(row[column]) === String(value));
}

function only(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

/** Fractions are rounded in the order, so that a difference in the last digit does not change it. */
function inOrder(rows: Row[]): Row[] {
  const keyOf = (row: Row): string =>
    JSON.stringify(Object.values(row).map((value) => (typeof value === 'number' ? value.toFixed(6) : String(value))));
  return rows.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
