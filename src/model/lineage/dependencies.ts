/**
 * What a value or a row comes from: columns of relations, each with how it is used.
 */

/** `passed`: the value as it is. `computed`: part of an expression, an aggregate, a window or a condition of a value. */
export type Use = 'passed' | 'computed';

/** By `relation.column`; `relation.*` stands for the rows of a relation, whatever is in them. */
export type Dependencies = ReadonlyMap<string, Use>;

/** All of several; what is computed once is computed. */
export function merged(all: Iterable<Dependencies>): Dependencies {
  const found = new Map<string, Use>();
  for (const one of all) {
    for (const [source, use] of one) {
      if (use === 'computed' || !found.has(source)) found.set(source, use);
    }
  }
  return found;
}

/** The same sources, used for a computation. */
export function computed(all: Iterable<Dependencies>): Dependencies {
  const found = new Map<string, Use>();
  for (const one of all) for (const source of one.keys()) found.set(source, 'computed');
  return found;
}

/** The rows of relations, as sources. */
export function rowsOf(relations: Iterable<string>): Dependencies {
  return new Map([...relations].map((relation) => [`${relation}.*`, 'computed']));
}
