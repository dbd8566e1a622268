/**
 * The rows of what a model reads, at a step of a case.
 */
import type { InputRow } from '../contract.ts';
import type { CompiledProject } from '../relation.ts';
import { readBy, type Tested } from './tested.ts';
import type { CaseRow, CaseStep, UnitCase } from './unit-case.ts';

/** Rows by what the model reads, `source` included. */
export type Given = ReadonlyMap<string, readonly CaseRow[]>;

/** What each step of a case gives, what earlier ones gave included. */
export function givenOf(compiled: CompiledProject, tested: Tested, unit: UnitCase): Given[] {
  let now = beforeAll(compiled, tested, unit);
  return unit.steps.map((step) => {
    now = after(now, step, compiled);
    return now;
  });
}

// --- internal ---

function beforeAll(compiled: CompiledProject, tested: Tested, unit: UnitCase): Given {
  return new Map(
    readBy(compiled, tested).map((name) => {
      const relation = compiled.byName.get(name);
      const standard = unit.standard[name];
      const shipped = relation?.kind === 'input' ? (unit.lists[name] ?? relation.input.rows) : [];
      const begun = standard === undefined ? shipped : [standard];
      const rows = relation?.kind === 'input' ? begun.map((row) => known(row, relation.columns)) : begun;
      return [name, rows.map((values) => ({ file: unit.file, line: unit.line, values }))];
    }),
  );
}

/** A packaged row may have columns that an input of the project's own has not. */
function known(row: InputRow, columns: readonly { name: string }[]): InputRow {
  return Object.fromEntries(Object.entries(row).filter(([column]) => columns.some(({ name }) => name === column)));
}

function after(before: Given, step: CaseStep, compiled: CompiledProject): Given {
  const now = new Map(before);
  for (const [name, { rows: removed }] of Object.entries(step.removed)) {
    const isGone = (row: CaseRow): boolean => removed.some(({ values }) => agree(row, values, Object.keys(values)));
    now.set(
      name,
      (now.get(name) ?? []).filter((row) => !isGone(row)),
    );
  }
  for (const [name, { rows }] of Object.entries(step.given)) {
    const relation = compiled.byName.get(name);
    // an input is given whole; of all else a row takes the place of an earlier one of its grain
    const kept =
      relation === undefined || relation.kind !== 'input'
        ? (now.get(name) ?? []).filter((row) => !rows.some((other) => isRewritten(row, other, relation?.grain ?? [])))
        : [];
    now.set(name, [...kept, ...rows]);
  }
  for (const [name, { rows }] of Object.entries(step.over)) {
    const [first] = now.get(name) ?? [];
    now.set(
      name,
      rows.map((row) => ({ ...row, values: { ...first?.values, ...row.values } })),
    );
  }
  return now;
}

function isRewritten(row: CaseRow, by: CaseRow, grain: readonly string[]): boolean {
  return grain.length > 0 && grain.every((column) => column in by.values) && agree(row, by.values, grain);
}

function agree(row: CaseRow, values: InputRow, columns: readonly string[]): boolean {
  return columns.every((column) => String(row.values[column] ?? null) === String(values[column] ?? null));
}
