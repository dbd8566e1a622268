/**
 * What a case is of: a model, or a relation that comes from one, such as the restatements of a ledger, connected components
 * and their merges.
 */
import { edgesName } from '../compile/companions.ts';
import type { CompiledProject, ComponentsRelation, ModelRelation, Relation } from '../relation.ts';
import type { UnitCase } from './unit-case.ts';

export interface Tested {
  /** The model with the SQL: of components that of their edges. */
  model: ModelRelation;
  /** The relation whose rows are expected: the model itself, or one that comes from it. */
  shown: Relation;
}

/** Null where the project has no such relation for this engine. */
export function testedBy({ byName }: CompiledProject, unit: UnitCase): Tested | null {
  const shown = byName.get(unit.model);
  if (shown === undefined) return null;
  // a log is of a ledger, or of components
  const of = shown.kind === 'log' ? byName.get(shown.parents[0] ?? '') : shown;
  const model = of?.kind === 'components' ? byName.get(of.edges) : of;
  return model?.kind === 'model' ? { model, shown } : null;
}

/** The components of a case of them, or of their merges. */
export function componentsOfCase(
  { byName }: CompiledProject,
  { model, shown }: Tested,
): ComponentsRelation | undefined {
  if (shown === model) return undefined;
  return [...byName.values()].find(
    (relation): relation is ComponentsRelation =>
      relation.kind === 'components' && edgesName(relation.name) === model.name,
  );
}

/** What a case gives rows for: all that the model reads, and denied edges. */
export function readBy(compiled: CompiledProject, tested: Tested): string[] {
  const { model } = tested;
  const denied = componentsOfCase(compiled, tested)?.spec.denied;
  const also = [...(model.model.source === undefined ? [] : ['source']), ...(denied === undefined ? [] : [denied])];
  return [...new Set([...model.parents, ...also])];
}
