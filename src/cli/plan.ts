/**
 * `revops plan`: per model whether a build will run it, and why.
 */
import { existsSync } from 'node:fs';

import { planBuild, type Plan } from '../model/index.ts';
import { engineInputs } from '../project/inputs.ts';
import type { Project } from '../project/load.ts';
import { compileModels } from '../project/overlay.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { selectionOf } from './selection.ts';
import { openProject, withWarehouse } from './session.ts';
import { renderTable } from './table.ts';

export async function planCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const project = await openProject(context);
  const compiled = await compileModels(project);
  const { place, readOnly } = whereToLook(project);
  const plan = await withWarehouse(context, place, { readOnly }, async (warehouse) =>
    planBuild({
      warehouse,
      compiled,
      inputs: await engineInputs(project, compiled.project, warehouse, context.now()),
      ...selectionOf(words, options),
    }),
  );
  if (context.globals.json) return context.terminal.printJson(plan);
  context.terminal.print(renderPlan(plan, context.terminal.width));
}

/** The plan as a table, what is skipped last. */
export function renderPlan({ relations, removed }: Plan, width: number): string {
  const rows = [
    ...relations
      .filter(({ action }) => action !== 'skip')
      .map(({ schema, name, action, reasons, mode, because }) => [
        `${schema}.${name}`,
        mode === 'incremental' ? mode : action,
        [...reasons, ...(because === undefined ? [] : [`whole: ${because}`])].join('; '),
      ]),
    ...removed.map(({ schema, name }) => [`${schema}.${name}`, 'remove', 'the project has it no more']),
  ];
  const skipped = relations.filter(({ action }) => action === 'skip').length;
  if (rows.length === 0) return `Nothing to do: ${plural(skipped, 'relation')} up to date.`;
  const table = renderTable([{ title: 'Relation' }, { title: 'Action' }, { title: 'Why' }], rows, width);
  return `${table}\n\n${plural(rows.length, 'relation')} to build, ${skipped} up to date.`;
}

// --- internal ---

/** Before the first sync there is no DuckDB file: the plan is made against an empty warehouse. */
function whereToLook(project: Project): { place: Project; readOnly: boolean } {
  if (project.warehouse.type !== 'duckdb' || existsSync(project.warehouse.path))
    return { place: project, readOnly: true };
  return { place: { ...project, warehouse: { type: 'duckdb', path: ':memory:' } }, readOnly: false };
}
