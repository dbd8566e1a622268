/**
 * What a build will do, and why.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import type { InputRow, Layer } from '../contract.ts';
import { inputRows } from '../build/inputs.ts';
import { modeOf } from './mode.ts';
import { changedDefinitions } from './changed-definitions.ts';
import { withNeeded } from './needed.ts';
import { differences, partsOf, testsPart } from '../compile/parts.ts';
import type { RawTable } from '../build/raw-tables.ts';
import { isKept, isView, type CompiledProject, type Relation } from '../relation.ts';
import { isSelective, selectRelations, type Selection } from './selection.ts';
import type { Parts, PublishedRelation } from '../store/state.ts';
import { keptName, STORE } from '../store/store.ts';
import { readWarehouseState, type WarehouseState } from './warehouse-state.ts';

export interface PlanOptions extends Selection {
  warehouse: Warehouse;
  compiled: CompiledProject;
  /** Rows of the relations the engine fills (`settings`, `clock`, …), by name. */
  inputs: Record<string, readonly InputRow[]>;
  /** Run everything selected, whatever changed. Default false. */
  fullRefresh?: boolean;
}

export interface PlannedRelation {
  name: string;
  schema: Layer;
  kind: Relation['kind'];
  /** `test`: only its data tests run. */
  action: 'run' | 'test' | 'skip';
  /** `never built`, `own SQL changed`, `new data in raw_crm.deals`, … Empty for skip. */
  reasons: string[];
  /** For tables that run: whole, or the touched keys only; a build falls back to `full` where most of a table is touched. */
  mode?: 'full' | 'incremental';
  /** Why a model with a key is built whole. */
  because?: string;
  /** The selection leaves it out: nobody asked whether it is up to date. */
  isLeftOut?: true;
}

export interface Plan {
  /** In the order in which they run. */
  relations: PlannedRelation[];
  /** Relations people see that the project has no more. */
  removed: { schema: string; name: string }[];
}

/** The plan of a build, without running it. */
export async function planBuild(options: PlanOptions): Promise<Plan> {
  return (await prepareBuild(options, 'the next')).plan;
}

/** The relations a selection means, `state:changed` included. */
export async function selectForBuild(options: PlanOptions): Promise<Set<string>> {
  const { compiled } = options;
  const state = await readWarehouseState(options.warehouse, compiled);
  const rows = inputRows(compiled, options.inputs);
  return selectRelations(compiled, options, () => changedDefinitions(compiled, { ...state, rows }));
}

export interface PreparedBuild {
  plan: Plan;
  parts: Map<string, Parts>;
  rows: Map<string, readonly InputRow[]>;
  rawTables: Map<string, RawTable>;
  published: Map<string, PublishedRelation>;
  /** Relations that run whatever changed: never built, table gone, full refresh. */
  forced: Set<string>;
}

/** The plan with everything it was made from; `buildId` is what this build will be called. */
export async function prepareBuild(options: PlanOptions, buildId: string): Promise<PreparedBuild> {
  return planFrom(await readWarehouseState(options.warehouse, options.compiled), options, buildId);
}

/** The same from what is known of a warehouse. */
export function planFrom(
  { published, rawTables, existing }: WarehouseState,
  options: Omit<PlanOptions, 'warehouse'>,
  buildId: string,
): PreparedBuild {
  const { compiled } = options;
  const rows = inputRows(compiled, options.inputs);
  const selected = selectRelations(compiled, options, () =>
    changedDefinitions(compiled, { rows, rawTables, published }),
  );
  const isBroken = (name: string): boolean => {
    const relation = compiled.byName.get(name);
    return relation !== undefined && forcedReason(relation, published.get(name), existing, false) !== undefined;
  };
  const built = withNeeded(compiled, selected, isBroken);
  const parts = new Map<string, Parts>();
  const planned = new Map<string, PlannedRelation>();
  const forced = new Set<string>();
  const buildOf = (name: string): string =>
    planned.get(name)?.action === 'run' ? buildId : (published.get(name)?.buildId ?? '');
  for (const relation of compiled.relations) {
    const own = partsOf(relation, parts, { compiled, rows, rawTables, buildOf });
    parts.set(relation.name, own);
    const before = published.get(relation.name);
    const { name, schema, kind } = relation;
    planned.set(name, { name, schema, kind, action: 'skip', reasons: [] });
    if (!built.has(name)) {
      planned.set(name, { name, schema, kind, action: 'skip', reasons: [], isLeftOut: true });
      continue;
    }
    const isRefreshed = options.fullRefresh === true && selected.has(name);
    const force = forcedReason(relation, before, existing, isRefreshed);
    if (force !== undefined) forced.add(name);
    const reasons = force !== undefined || before === undefined ? [force ?? ''] : differences(before.parts, own);
    if (reasons.length === 0) continue;
    const mode =
      before === undefined || force !== undefined
        ? ({ mode: 'full' } as const)
        : modeOf(relation, before, own, { compiled, rawTables, published });
    planned.set(name, { name, schema, kind, action: 'run', reasons, ...(isView(relation) ? {} : mode) });
  }
  settleClock(compiled, planned, published);
  planTests(compiled, planned, published, built);
  const removed = isSelective(options)
    ? []
    : [...published.values()].filter(({ schema, name }) => compiled.byName.get(name)?.schema !== schema);
  return {
    plan: { relations: [...planned.values()], removed: removed.map(({ schema, name }) => ({ schema, name })) },
    parts,
    rows,
    rawTables,
    published,
    forced,
  };
}

/** A reason: the view of such a relation is broken. */
export const TABLE_GONE = 'its table is gone';

// --- internal ---

function forcedReason(
  relation: Relation,
  before: PublishedRelation | undefined,
  existing: ReadonlySet<string>,
  isFullRefresh: boolean,
): string | undefined {
  if (before === undefined || before.schema !== relation.schema) return 'never built';
  if (isFullRefresh) return 'full refresh';
  if (before.physical !== null && !existing.has(`${STORE}.${before.physical}`)) return TABLE_GONE;
  if (!existing.has(`${relation.schema}.${relation.name}`)) return 'its view is gone';
  const isForGood = before.physical === keptName(relation.name);
  if ((before.physical === null) !== isView(relation) || isForGood !== isKept(relation))
    return 'materialisation changed';
  return undefined;
}

/** The clock always moves; it is written anew only for relations that run and read it. */
function settleClock(
  compiled: CompiledProject,
  planned: ReadonlyMap<string, PlannedRelation>,
  published: ReadonlyMap<string, PublishedRelation>,
): void {
  const clock = planned.get('clock');
  if (clock === undefined || clock.action === 'skip' || !published.has('clock')) return;
  const isRead = compiled.relations.some(
    (relation) => relation.parents.includes('clock') && planned.get(relation.name)?.action === 'run',
  );
  if (isRead) return;
  clock.action = 'skip';
  clock.reasons = [];
}

/** Tests that changed, or that look at a relation that runs, run although their own relation does not. */
function planTests(
  compiled: CompiledProject,
  planned: ReadonlyMap<string, PlannedRelation>,
  published: ReadonlyMap<string, PublishedRelation>,
  selected: ReadonlySet<string>,
): void {
  for (const relation of compiled.relations) {
    const own = planned.get(relation.name);
    if (own === undefined || own.action === 'run' || !selected.has(relation.name) || relation.tests.length === 0)
      continue;
    const looked = relation.tests.flatMap((test) => test.reads).filter((name) => planned.get(name)?.action === 'run');
    const reasons = [
      ...(published.get(relation.name)?.tests === testsPart(relation) ? [] : ['tests changed']),
      ...[...new Set(looked)].map((name) => `tested against ${name}`),
    ];
    if (reasons.length === 0) continue;
    own.action = 'test';
    own.reasons = reasons;
  }
}
