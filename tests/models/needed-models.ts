/** A part of a compiled library: a model, all it rests on, and what their data tests read. */
import type { CompiledProject } from '../../src/model/relation.ts';

export function neededFor(whole: CompiledProject, name: string): CompiledProject {
  const needed = new Set<string>();
  const visit = (relation: string): void => {
    const found = whole.byName.get(relation);
    if (needed.has(relation) || found === undefined) return;
    needed.add(relation);
    if ('parents' in found) found.parents.forEach(visit);
    if (found.kind === 'components') visit(found.edges);
    for (const { reads } of found.tests) reads.forEach(visit);
  };
  visit(name);
  return { ...whole, relations: whole.relations.filter((relation) => needed.has(relation.name)) };
}
