import { RevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { didYouMean } from '../nearest.ts';
import { readRawTables } from './raw-tables.ts';
import type { CompiledProject } from '../relation.ts';
import { selectsOf } from './selects.ts';
import { readPublished } from '../store/state.ts';

/**
 * The SELECT that computes a model from what is published now: what a build would store, nothing written.
 * Throws MODEL_UNKNOWN_RELATION; BUILD_FAILED where something it reads was never built.
 */
export async function modelSql(warehouse: Warehouse, compiled: CompiledProject, name: string): Promise<string> {
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
  const missing = relation.parents.find((parent) => !published.has(parent));
  if (missing !== undefined) {
    throw new RevopsError('BUILD_FAILED', `${name} reads ${missing}, which was never built`, {
      hint: 'Run `revops build` first.',
    });
  }
  return selects.definition(relation);
}
