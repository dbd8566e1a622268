/**
 * The SELECTs of a build: what each relation is, and how the others see it.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { bindModel, emptyRelation, unionAll, type Shadow } from './bind.ts';
import type { FunctionNaming } from '../compile/functions.ts';
import { rowsOfKeys } from './key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import { storedNaming } from '../store/library.ts';
import type { PreparedBuild } from '../plan/plan.ts';
import { rawTableName, sourceSelect } from './raw-tables.ts';
import { isKept, isView, type CompiledProject, type ModelRelation, type Relation } from '../relation.ts';
import { keptName, physicalName } from '../store/store.ts';
import { tableSelect, type TableStates } from './table-state.ts';

export interface Selects {
  /** The SELECT that makes a relation's rows. */
  definition(relation: Relation): string;
  /** The same, with what it reads given: all its parents, each after those its SELECT names; or the SELECT of `source`. */
  definitionOver(relation: ModelRelation, given: string | readonly Shadow[]): string;
  /** The SELECT others read it with in this build: its table, or its definition where it is a view. */
  reading(name: string): string;
  /** The SELECT of the rows that an update puts in, all those of its changed keys; null where it is not updated. */
  come(name: string): string | null;
  /** The SELECT people read it with once the build is published. */
  showing(name: string): string;
  /** How a library function is called. */
  naming: FunctionNaming;
  /** Its table once the build is published; null where it is a view. */
  physical(name: string): string | null;
}

/**
 * The SELECTs of a build; relations that this build does not run are read as published. `states` tells, as the build
 * goes on, what became of those that do.
 */
export function selectsOf(
  warehouse: Warehouse,
  compiled: CompiledProject,
  prepared: PreparedBuild,
  buildId: string,
  states: TableStates = new Map(),
): Selects {
  const actions = new Map(prepared.plan.relations.map((planned) => [planned.name, planned.action]));
  const naming = storedNaming(compiled.library);

  function physical(name: string): string | null {
    const relation = compiled.byName.get(name);
    if (relation === undefined || isView(relation)) return null;
    if (isKept(relation)) return keptName(name);
    const state = states.get(name)?.kind ?? (actions.get(name) === 'run' ? 'rebuilt' : 'kept');
    return state === 'rebuilt' ? physicalName(name, buildId) : (prepared.published.get(name)?.physical ?? null);
  }

  function showing(name: string): string {
    const relation = relationOf(name);
    const table = physical(name);
    return table === null ? made(relation, showing) : tableSelect(relation, table);
  }

  function reading(name: string): string {
    const relation = relationOf(name);
    const table = physical(name);
    if (table === null) return definition(relation);
    const state = states.get(name);
    if (state?.kind !== 'updated') return tableSelect(relation, table);
    const { columns } = relation;
    const [published, computed] = [tableSelect(relation, table), tableSelect(relation, state.fresh)];
    if (state.changed === null) return `${published}\nunion all\n${computed}`;
    const names = keyColumns(relation).map((column) => column.name);
    const old = rowsOfKeys(warehouse, published, columns, state.changed, names, false);
    const fresh = rowsOfKeys(warehouse, computed, columns, state.changed, names);
    return `${old}\nunion all\n${fresh}`;
  }

  function come(name: string): string | null {
    const state = states.get(name);
    if (state?.kind !== 'updated') return null;
    const relation = relationOf(name);
    const fresh = tableSelect(relation, state.fresh);
    if (state.changed === null) return fresh;
    const names = keyColumns(relation).map((column) => column.name);
    return rowsOfKeys(warehouse, fresh, relation.columns, state.changed, names);
  }

  function definition(relation: Relation): string {
    return made(relation, reading);
  }

  function definitionOver(relation: ModelRelation, given: string | readonly Shadow[]): string {
    return typeof given === 'string' ? bound(relation, shadowsOf(relation, reading), given) : bound(relation, given);
  }

  function made(relation: Relation, parent: (name: string) => string): string {
    if (relation.kind !== 'model' && relation.kind !== 'feed')
      throw new TypeError(`${relation.name} is given, not selected`);
    if (relation.kind === 'model') return bound(relation, shadowsOf(relation, parent));
    if (relation.parents.length === 0) return emptyRelation(warehouse, relation.columns);
    return unionAll(relation.parents.map(parent), relation.columns);
  }

  function shadowsOf(relation: ModelRelation, parent: (name: string) => string): Shadow[] {
    return relation.parents.map((name) => ({ name, sql: parent(name) }));
  }

  function bound({ model, parsed, columns }: ModelRelation, parents: readonly Shadow[], source?: string): string {
    const shadows = [...parents];
    if (model.source !== undefined) {
      const sql = source ?? sourceSelect(warehouse, model.source, prepared.rawTables.get(rawTableName(model.source)));
      shadows.push({ name: 'source', sql });
    }
    return bindModel(warehouse, { sql: model.sql, calls: parsed.calls, columns }, shadows, naming);
  }

  function relationOf(name: string): Relation {
    const relation = compiled.byName.get(name);
    if (relation === undefined) throw new TypeError(`${name} is not compiled`);
    return relation;
  }

  return { definition, definitionOver, reading, come, showing, naming, physical };
}
