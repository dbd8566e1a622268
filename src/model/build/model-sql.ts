import { RevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { didYouMean } from '../../nearest.ts';
import { bindModel } from './bind.ts';
import { readRawTables } from './raw-tables.ts';
import { isKept, type CompiledProject, type ModelRelation } from '../relation.ts';
import { selectsOf } from './selects.ts';
import { readPublished } from '../store/state.ts';

/**
 * The SELECT that computes a model from what is published now: what a build would store, nothing written. `given`: SELECTs
 * that stand for relations, by name; what the model reads is then computed from them instead of read.
 * Throws MODEL_UNKNOWN_RELATION; BUILD_FAILED where something it reads was never built.
 */
export async function modelSql(
  warehouse: Warehouse,
  compiled: CompiledProject,
  name: string,
  given: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const relation = compiled.byName.get(name);
  if (relation === undefined)
    throw new RevopsError('MODEL_UNKNOWN_RELATION', `no model ${name}${didYouMean(name, compiled.byName.keys())}`);
  const published = await readPublished(warehouse);
  const rawTables = await readRawTables(warehouse, compiled);
  const prepared = {
    plan: { relations: [], removed: [] },
    parts: new Map(),
    rows: new Map(),
    rawTables,
    published,
    forced: new Set<string>(),
  };
  const selects = selectsOf(warehouse, compiled, prepared, '');
  if (relation.kind !== 'model' && relation.kind !== 'feed') return selects.reading(name);
  const missing = relation.parents.find((parent) => !given.has(parent) && !published.has(parent));
  if (missing !== undefined) throw neverBuilt(name, missing);
  if (given.size === 0 || relation.kind === 'feed') return selects.definition(relation);
  const depends = dependsOn(compiled, given);
  const over = ({ model, parsed, columns, parents }: ModelRelation): string =>
    bindModel(
      warehouse,
      { sql: model.sql, calls: parsed.calls, columns },
      parents.map((parent) => ({ name: parent, sql: reading(parent) })),
      selects.naming,
    );
  const reading = (parent: string): string => {
    const own = given.get(parent);
    if (own !== undefined) return own;
    const read = compiled.byName.get(parent);
    if (read?.kind === 'model' && depends(parent)) return over(read);
    if (!published.has(parent)) throw neverBuilt(name, parent);
    return selects.reading(parent);
  };
  return over(relation);
}

// --- internal ---

/** Whether a relation rests on one that is given. What a build keeps from build to build is as it is. */
function dependsOn({ byName }: CompiledProject, given: ReadonlyMap<string, string>): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const depends = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const relation = byName.get(name);
    const isComputed = relation?.kind === 'model' && !isKept(relation);
    const found = isComputed && relation.parents.some((parent) => given.has(parent) || depends(parent));
    known.set(name, found);
    return found;
  };
  return depends;
}

function neverBuilt(name: string, parent: string): RevopsError {
  return new RevopsError('BUILD_FAILED', `${name} reads ${parent}, which was never built`, {
    hint: 'Run `revops build` first.',
  });
}
