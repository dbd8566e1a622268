import { RevopsError } from '../errors.ts';
import { ancestorsOf } from './graph.ts';
import { didYouMean } from './nearest.ts';
import type { CompiledProject } from './relation.ts';

/**
 * The relations a selection means: `name` with everything it reads, `name+` with everything that reads it too.
 * Empty: all. Throws USAGE on an unknown name.
 */
export function selectRelations(compiled: CompiledProject, selection: readonly string[]): Set<string> {
  if (selection.length === 0) return new Set(compiled.byName.keys());
  const parentsOf = (name: string): readonly string[] => compiled.byName.get(name)?.parents ?? [];
  const childrenOf = (name: string): string[] =>
    compiled.relations.filter((relation) => relation.parents.includes(name)).map((relation) => relation.name);
  const named = selection.flatMap((text) => {
    const [, name = '', plus] = /^\+?(?:\w+\.)?(\w+)(\+?)$/.exec(text) ?? [];
    if (!compiled.byName.has(name)) {
      throw new RevopsError('USAGE', `no model ${text}${didYouMean(name, compiled.byName.keys())}`, {
        hint: '`revops list` shows all.',
      });
    }
    return plus === '+' ? [...ancestorsOf([name], childrenOf)] : [name];
  });
  return ancestorsOf(named, parentsOf);
}
