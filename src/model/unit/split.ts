/**
 * A case's rows in two parts, for two loads: every other row of each relation that carries the model's key.
 */
import { carriedKey } from '../compile/keys.ts';
import type { CompiledProject, ModelRelation } from '../relation.ts';
import type { Given } from './given.ts';

/**
 * What is there after the first load; null where there is nothing to split: no key, or no row of a relation that carries
 * it. Lookups are whole from the start: a change there is a full build anyway.
 */
export function firstPart(compiled: CompiledProject, model: ModelRelation, given: Given): Given | null {
  const carriers = model.parents.filter((name) => {
    const parent = compiled.byName.get(name);
    return parent !== undefined && carriedKey(model, parent) !== null && (given.get(name)?.length ?? 0) > 0;
  });
  if (carriers.length === 0) return null;
  // alternating over the relations too, so that single rows of two of them come apart
  const part = (turn: 0 | 1): Given =>
    new Map(
      [...given].map(([name, rows]) => {
        const at = carriers.indexOf(name);
        return [name, at < 0 ? rows : rows.filter((_, index) => (index + at) % 2 === turn)];
      }),
    );
  const isAll = carriers.every((name) => part(0).get(name)?.length === given.get(name)?.length);
  return part(isAll ? 1 : 0);
}
