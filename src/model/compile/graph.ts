/**
 * The order in which relations are built.
 */
export interface GraphNode {
  name: string;
  parents: readonly string[];
}

/**
 * Parents before children, otherwise by name: the same on every machine. A circle is given as its path
 * (`a`, `b`, `a`) instead. Parents that are no node are left out.
 */
export function orderOf(nodes: Iterable<GraphNode>): { order: string[] } | { cycle: string[] } {
  const parents = new Map([...nodes].map((node) => [node.name, node.parents]));
  const order: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (done.has(name) || !parents.has(name)) return undefined;
    const start = path.indexOf(name);
    if (start >= 0) return [...path.slice(start), name];
    path.push(name);
    for (const parent of (parents.get(name) ?? []).toSorted()) {
      const cycle = visit(parent);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(name);
    order.push(name);
    return undefined;
  };
  for (const name of [...parents.keys()].toSorted()) {
    const cycle = visit(name);
    if (cycle !== undefined) return { cycle };
  }
  return { order };
}

/** The names and everything they read, directly or not. */
export function ancestorsOf(names: Iterable<string>, parentsOf: (name: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...parentsOf(name));
  }
  return found;
}
