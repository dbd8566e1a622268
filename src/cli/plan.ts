/**
 * `revops plan`: per model whether a build will run it, and why.
 */
import { existsSync } from 'node:fs';

import { isRevopsError } from '../errors.ts';
import type { InputRow } from '../model/contract.ts';
import {
  explainRelation,
  planFrom,
  readWarehouseState,
  type CompiledProject,
  type Explanation,
  type Plan,
  type WarehouseState,
} from '../model/index.ts';
import { engineInputs } from '../project/inputs.ts';
import type { Project } from '../project/load.ts';
import { compileModels } from '../project/overlay.ts';
import { recall, remember, rememberedInputs } from '../project/remembered.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { selectionOf } from './selection.ts';
import { openProject, withWarehouse } from './session.ts';
import { renderTable } from './table.ts';

export async function planCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const project = await openProject(context);
  const compiled = await compileModels(project);
  const { state, inputs, offline } = await knownState(context, project, compiled, options['offline'] === true);
  const prepared = planFrom(state, { compiled, inputs, ...selectionOf(words, options) }, 'the next');
  const { terminal, globals } = context;
  if (offline !== undefined) terminal.warn(offlineNote(offline));
  const told = offline === undefined ? {} : { offline };
  if (typeof options['explain'] === 'string') {
    const explanation = explainRelation(compiled, prepared, options['explain']);
    if (globals.json) return terminal.printJson({ ...explanation, ...told });
    return terminal.print(renderExplanation(explanation, terminal.width));
  }
  if (globals.json) return terminal.printJson({ ...prepared.plan, ...told });
  terminal.print(renderPlan(prepared.plan, terminal.width));
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
  const skipped = relations.filter(({ action, isLeftOut }) => action === 'skip' && isLeftOut !== true).length;
  if (rows.length === 0) return `Nothing to do: ${plural(skipped, 'relation')} up to date.`;
  const table = renderTable([{ title: 'Relation' }, { title: 'Action' }, { title: 'Why' }], rows, width);
  return `${table}\n\n${plural(rows.length, 'relation')} to build, ${skipped} up to date.`;
}

// --- internal ---

interface Offline {
  /** Why the warehouse was not asked. */
  reason: string;
  /** When the state that the plan was made against was seen; null where none was. */
  asOf: string | null;
}

interface KnownState {
  state: WarehouseState;
  inputs: Record<string, readonly InputRow[]>;
  offline?: Offline;
}

/** The warehouse's state, or what is remembered of it where it cannot be reached. */
async function knownState(
  context: CommandContext,
  project: Project,
  compiled: CompiledProject,
  isOffline: boolean,
): Promise<KnownState> {
  if (isOffline) return rememberedState(context, project, 'asked for');
  const { place, readOnly } = whereToLook(project);
  try {
    return await withWarehouse(context, place, { readOnly }, async (warehouse) => {
      const inputs = await engineInputs(project, compiled.project, warehouse, context.now());
      const state = await readWarehouseState(warehouse, compiled);
      // a folder that cannot be written to is no reason not to plan
      if (place === project) await remember(project, context.now(), state, inputs).catch(() => undefined);
      return { state, inputs };
    });
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_UNREACHABLE') && !isRevopsError(error, 'SECRET_MISSING')) throw error;
    return rememberedState(context, project, error.message);
  }
}

async function rememberedState(context: CommandContext, project: Project, reason: string): Promise<KnownState> {
  const remembered = await recall(project);
  const nothing = { published: new Map(), rawTables: new Map(), existing: new Set<string>() };
  return {
    state: remembered?.state ?? nothing,
    inputs: await rememberedInputs(project, remembered, context.now()),
    offline: { reason, asOf: remembered?.at ?? null },
  };
}

function offlineNote({ reason, asOf }: Offline): string {
  const basis =
    asOf === null
      ? 'nothing is remembered of it, so this is the plan for an empty one'
      : `what was published is as of ${asOf}; data that came since is not known`;
  return `planned without the warehouse (${reason}): ${basis}\n`;
}

const SHORT = 12;

/** The fingerprint's parts, those that differ first. */
function renderExplanation(explanation: Explanation, width: number): string {
  const { schema, name, action, mode, because, reasons, buildId, parts } = explanation;
  const why = [...reasons, ...(because === undefined ? [] : [`whole: ${because}`])].join('; ');
  const how = action === 'run' ? `run${mode === undefined ? '' : `, ${mode}`}` : action;
  const published = buildId === null ? 'not published yet' : `published by build ${buildId}`;
  const short = (value: string | null): string => (value === null ? '' : value.slice(0, SHORT));
  const rows = parts
    .toSorted((a, b) => Number(b.isDifferent) - Number(a.isDifferent))
    .map((part) => [part.isDifferent ? '≠' : '', part.of, part.part, short(part.published), short(part.now)]);
  const table = renderTable(
    ['', 'Kind', 'Part', 'Published', 'Now'].map((title) => ({ title })),
    rows,
    width,
  );
  return `${schema}.${name}: ${how}${why === '' ? '' : ` (${why})`}; ${published}\n\n${table}`;
}

/** Before the first sync there is no DuckDB file: the plan is made against an empty warehouse. */
function whereToLook(project: Project): { place: Project; readOnly: boolean } {
  if (project.warehouse.type !== 'duckdb' || existsSync(project.warehouse.path))
    return { place: project, readOnly: true };
  return { place: { ...project, warehouse: { type: 'duckdb', path: ':memory:' } }, readOnly: false };
}
