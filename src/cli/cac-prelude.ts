/**
 * Models computed over other relations than the published ones, as one `with`: each once, after what it reads.
 */
import { ancestorsOf, modelSql, type CompiledProject } from '../model/index.ts';
import type { Warehouse } from '../warehouse/contract.ts';

/**
 * `with … `: the models, and whatever of their ancestors rests on what is given; for a SELECT to follow. All else is read as
 * published, and so is all that credits are made of: credits that are given stand for what was attributed, and a part of the
 * spend moves no touchpoint.
 */
export async function preludeOf(
  warehouse: Warehouse,
  compiled: CompiledProject,
  models: readonly string[],
  given: ReadonlyMap<string, string>,
): Promise<string> {
  const names = modelsOver(compiled, models, given);
  const known = new Map([...publishedParents(compiled, names), ...given]);
  const parts: string[] = [];
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- each reads the ones before
    parts.push(`${name} as materialized (${await modelSql(warehouse, compiled, name, known)})`);
    known.set(name, `select * from ${name}`);
  }
  return `with ${parts.join(',\n')}\n`;
}

// --- internal ---

const CREDITS = 'attribution_credits';

/** Each after what it reads of the others. */
function modelsOver(
  compiled: CompiledProject,
  models: readonly string[],
  given: ReadonlyMap<string, string>,
): string[] {
  const { byName } = compiled;
  const parentsOf = (name: string): readonly string[] => byName.get(name)?.parents ?? [];
  const rests = new Map([...ancestorsOf(parentsOf(CREDITS), parentsOf)].map((name) => [name, false]));
  const ordered: string[] = [];
  const visit = (name: string): boolean => {
    const relation = byName.get(name);
    if (given.has(name)) return relation?.kind !== 'input';
    const before = rests.get(name);
    if (before !== undefined) return before;
    if (relation?.kind !== 'model') return false;
    const isOver = relation.parents.map(visit).includes(true);
    // What is made of settings and the clock alone is as of the moment that is given.
    const isOfInputs = relation.parents.every((parent) => byName.get(parent)?.kind === 'input');
    const found = isOver || (isOfInputs && relation.parents.some((parent) => given.has(parent)));
    rests.set(name, found);
    if (found || models.includes(name)) ordered.push(name);
    return found;
  };
  models.forEach(visit);
  return ordered;
}

function publishedParents({ byName }: CompiledProject, names: readonly string[]): [name: string, sql: string][] {
  return names.flatMap((name) => {
    const relation = byName.get(name);
    const parents = relation?.kind === 'model' ? relation.parents : [];
    return parents.flatMap((parent): [string, string][] => {
      const read = byName.get(parent);
      return read?.kind === 'model' ? [[parent, `select * from ${read.schema}.${parent}`]] : [];
    });
  });
}
