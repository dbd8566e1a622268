/** A part of a compiled library: a model or several, all they rest on, and what their data tests read. */
import type { CompiledProject } from '../../src/model/relation.ts';

export function neededFor(whole: CompiledProject, names: string | readonly string[]): CompiledProject {
  const needed = new Set<string>();
  const visit = (relation: string): void => {
    const found = whole.byName.get(relation);
    if (needed.has(relation) || found === undefined) return;
    needed.add(relation);
    if ('parents' in found) found.parents.forEach(visit);
    if (found.kind === 'components') visit(found.edges);
    for (const { reads } of found.tests) reads.forEach(visit);
  };
  [names].flat().forEach(visit);
  return { ...whole, relations: whole.relations.filter((relation) => needed.has(relation.name)) };
}
