/**
 * Whether a case fits the project: its model, what that reads, and their columns. Every problem names the nearest
 * candidate.
 */
import type { Column } from '../../warehouse/types.ts';
import { didYouMean } from '../../nearest.ts';
import type { CompiledProject } from '../relation.ts';
import { commonTables } from './cte.ts';
import { readBy, testedBy, type Tested } from './tested.ts';
import { caseLabel, type CasePlace, type CaseProblem, type CaseRow, type UnitCase } from './unit-case.ts';

/** The relation a case gives rows for: something that is read, or `source` of a staging model. */
export function columnsGiven(compiled: CompiledProject, tested: Tested, name: string): readonly Column[] | null {
  const { source } = tested.model.model;
  if (name === 'source' && source !== undefined)
    return Object.entries(source.columns).map(([column, type]) => ({ name: column, type }));
  return readBy(compiled, tested).includes(name) ? (compiled.byName.get(name)?.columns ?? null) : null;
}

/** Whether the case's model is one of the other engine only. */
export function isElsewhere(compiled: CompiledProject, unit: UnitCase): boolean {
  return !compiled.byName.has(unit.model) && compiled.project.models.some(({ name }) => name === unit.model);
}

/** What keeps a case from running, besides what its files already told. */
export function checkCase(compiled: CompiledProject, unit: UnitCase): CaseProblem[] {
  const problems: CaseProblem[] = [];
  const report = ({ file, line }: CasePlace, message: string): void => void problems.push({ file, line, message });
  const tested = testedBy(compiled, unit);
  if (tested === null) {
    const names = compiled.relations.flatMap(({ kind, name }) => (kind === 'input' || kind === 'feed' ? [] : [name]));
    report(unit, `${caseLabel(unit)}: there is no model ${unit.model}${didYouMean(unit.model, names)}`);
    return problems;
  }
  const { model, shown } = tested;
  if (unit.cte !== undefined && shown !== model) {
    report(unit, `${unit.model} has no SQL of its own: a case with cte is one of ${model.name}`);
    return problems;
  }
  const tables = unit.cte === undefined ? [] : commonTables(model.model.sql).map(({ name }) => name);
  if (unit.cte !== undefined && !tables.includes(unit.cte))
    report(unit, `${unit.model} has no common table expression ${unit.cte}${didYouMean(unit.cte, tables)}`);
  const readable = readBy(compiled, tested);
  const checkRows = (rows: readonly CaseRow[], columns: readonly Column[], what: string): void => {
    const names = columns.map((column) => column.name);
    for (const row of rows) {
      const unknown = Object.keys(row.values).find((name) => !names.includes(name));
      if (unknown !== undefined) report(row, `${what} has no column ${unknown}${didYouMean(unknown, names)}`);
    }
  };
  for (const step of unit.steps) {
    for (const [name, given] of [
      ...Object.entries(step.given),
      ...Object.entries(step.removed),
      ...Object.entries(step.over),
    ]) {
      const columns = columnsGiven(compiled, tested, name);
      if (columns === null) report(given, `${unit.model} does not read ${name}${didYouMean(name, readable)}`);
      else checkRows(given.rows, columns, name);
    }
    for (const [name, removed] of Object.entries(step.removed))
      if (compiled.byName.get(name)?.kind === 'input')
        report(removed, `${name} is an input: give all its rows again, without those that are gone`);
    if (step === unit.steps[0] && Object.keys(step.removed).length > 0)
      report(step, 'nothing can be removed before anything is given: `removed` belongs into a step of `then`');
    if (unit.cte === undefined) checkRows(step.expect.rows, shown.columns, unit.model);
    const listed = step.expect.rows.map(({ values }) => Object.keys(values).toSorted().join(', '));
    const other = listed.findIndex((columns) => columns !== listed[0]);
    const row = step.expect.rows[other];
    if (row !== undefined)
      report(
        row,
        `every expected row lists the same columns; the first has ${listed[0] ?? ''}, this one ${listed[other] ?? ''}`,
      );
  }
  const outputs = shown.columns.map(({ name }) => name);
  const unknown = unit.cte === undefined ? Object.keys(unit.only).find((name) => !outputs.includes(name)) : undefined;
  if (unknown !== undefined)
    report(unit, `only: ${unit.model} has no column ${unknown}${didYouMean(unknown, outputs)}`);
  return problems;
}
