import { isView, type CompiledProject, type Relation } from '../relation.ts';

/**
 * What is selected, and what has to be made with it: inputs that it reads (its state says with which rows it was made), and
 * what it reads or is tested against and is not there.
 */
export function withNeeded(
  compiled: CompiledProject,
  selected: ReadonlySet<string>,
  isMissing: (name: string) => boolean,
): Set<string> {
  const needed = withCompanions(compiled, selected);
  const open = [...needed].map((name) => ({ name, isMade: true }));
  const seen = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const relation = compiled.byName.get(next.name);
    if (relation === undefined || seen.has(next.name)) continue;
    seen.add(next.name);
    const reads = next.isMade ? relation.tests.flatMap((test) => test.reads) : [];
    for (const name of [...relation.parents, ...reads]) {
      const parent = compiled.byName.get(name);
      if (parent === undefined) continue;
      const isMade = needed.has(name) || parent.kind === 'input' || isMissing(name);
      if (isMade) needed.add(name);
      // a view is read through
      if (isMade || isView(parent)) open.push({ name, isMade });
    }
  }
  return needed;
}

// --- internal ---

/** What one model file declares is made together. */
function withCompanions({ relations }: CompiledProject, selected: ReadonlySet<string>): Set<string> {
  const files = new Set(
    relations.flatMap(({ name, kind, file }) => (selected.has(name) && kind !== 'input' ? file : [])),
  );
  const isOfModel = (kind: Relation['kind']): boolean => kind === 'model' || kind === 'components' || kind === 'log';
  return new Set([
    ...selected,
    ...relations.filter(({ kind, file }) => isOfModel(kind) && files.has(file)).map(({ name }) => name),
  ]);
}
