/**
 * The SELECTs of a build: what each relation is, and how the others see it.
 */
import type { Warehouse } from '../warehouse/contract.ts';
import { identifiers, qualified } from '../warehouse/sql.ts';
import { bindModel, emptyRelation, unionAll, type Shadow } from './bind.ts';
import type { FunctionNaming } from './functions.ts';
import { storedNaming } from './library.ts';
import type { PreparedBuild } from './plan.ts';
import { rawTableName, sourceSelect } from './raw-tables.ts';
import { isView, type CompiledProject, type Relation } from './relation.ts';
import { physicalName, STORE } from './store.ts';

export interface Selects {
  /** The SELECT that makes a relation's rows. */
  definition(relation: Relation): string;
  /** The SELECT others read it with: its table, or its definition where it is a view. */
  reading(name: string): string;
  /** How a library function is called. */
  naming: FunctionNaming;
  /** Its table in this build's state; null where it is a view. */
  physical(name: string): string | null;
}

/** The SELECTs of a build; relations that this build does not run are read as published. */
export function selectsOf(
  warehouse: Warehouse,
  compiled: CompiledProject,
  prepared: PreparedBuild,
  buildId: string,
): Selects {
  const actions = new Map(prepared.plan.relations.map((planned) => [planned.name, planned.action]));
  const naming = storedNaming(compiled.library);
  const definitions = new Map<string, string>();

  function physical(name: string): string | null {
    const relation = compiled.byName.get(name);
    if (relation === undefined || isView(relation)) return null;
    return actions.get(name) === 'run' ? physicalName(name, buildId) : (prepared.published.get(name)?.physical ?? null);
  }

  function reading(name: string): string {
    const relation = compiled.byName.get(name);
    if (relation === undefined) throw new TypeError(`${name} is not compiled`);
    const table = physical(name);
    if (table === null) return definition(relation);
    return `select ${identifiers(relation.columns.map((column) => column.name))} from ${qualified({ schema: STORE, name: table })}`;
  }

  function definition(relation: Relation): string {
    const known = definitions.get(relation.name);
    if (known !== undefined) return known;
    const made = make(relation);
    definitions.set(relation.name, made);
    return made;
  }

  function make(relation: Relation): string {
    if (relation.kind === 'input') throw new TypeError(`${relation.name} is given, not selected`);
    if (relation.kind === 'feed') {
      if (relation.parents.length === 0) return emptyRelation(warehouse, relation.columns);
      return unionAll(relation.parents.map(reading), relation.columns);
    }
    const { model, parsed } = relation;
    const shadows: Shadow[] = relation.parents.map((name) => ({ name, sql: reading(name) }));
    if (model.source !== undefined) {
      shadows.push({
        name: 'source',
        sql: sourceSelect(warehouse, model.source, prepared.rawTables.get(rawTableName(model.source))),
      });
    }
    return bindModel(warehouse, { sql: model.sql, calls: parsed.calls, columns: relation.columns }, shadows, naming);
  }

  return { definition, reading, naming, physical };
}
