/**
 * A project with connected components, and what they must be: computed by following edges one by one.
 */
import type { Row } from '../../src/warehouse/types.ts';
import { model, type Files } from './project.ts';
import type { RawTableShape } from './synced.ts';

export const LINKS: RawTableShape = {
  connector: 'crm',
  table: 'links',
  columns: { id: 'text', one: 'text', other: 'text', seen_at: 'timestamptz' },
  primaryKey: ['id'],
};
export const DENIED: RawTableShape = {
  connector: 'crm',
  table: 'denied',
  columns: { id: 'text', one: 'text', other: 'text' },
  primaryKey: ['id'],
};

/** `core.people` from `core.people_edges`, keyed by the edge; `core.sizes` is keyed by component. */
export const LINKED: Files = {
  'models/staging/crm/links.sql': model(
    ['link_id text', 'one text', 'other text', 'seen_at timestamptz'],
    'select id as link_id, one, other, seen_at from source where not _deleted',
    'source: crm.links\nreads: { id: text, one: text, other: text, seen_at: timestamptz, _deleted: boolean }',
  ),
  'models/staging/crm/denied.sql': model(
    ['denied_id text', 'one text', 'other text'],
    'select id as denied_id, one, other from source where not _deleted',
    'source: crm.denied\nreads: { id: text, one: text, other: text, _deleted: boolean }',
  ),
  'models/core/people.sql': model(
    ['link_id text', 'one text', 'other text', 'seen_at timestamptz'],
    'select link_id, one, other, seen_at from crm_links',
    'key: link_id\nmaterialized: components\ncomponents: { nodes: [one, other], at: seen_at, denied: crm_denied }',
  ),
  'models/core/sizes.sql': model(
    ['component text', 'nodes bigint', 'youngest timestamptz'],
    'select component, count(*) as nodes, max(first_at) as youngest from people group by component',
    'key: component',
  ),
};

/** The rows of `core.people` that follow from edges and denied pairs. */
export function connected(edges: readonly Row[], denied: readonly Row[]): Row[] {
  const firstAt = new Map<string, string | null>();
  const neighbours = new Map<string, Set<string>>();
  const isDenied = new Set(denied.flatMap((row) => [pair(row['one'], row['other']), pair(row['other'], row['one'])]));
  for (const { one, other, seen_at: seenAt } of edges) {
    for (const node of [one, other]) {
      if (typeof node !== 'string') continue;
      const [before, now] = [firstAt.get(node) ?? null, (seenAt as string | null) ?? null];
      firstAt.set(node, before === null || (now !== null && now < before) ? now : before);
      if (!neighbours.has(node)) neighbours.set(node, new Set());
    }
    if (typeof one !== 'string' || typeof other !== 'string' || isDenied.has(pair(one, other))) continue;
    neighbours.get(one)?.add(other);
    neighbours.get(other)?.add(one);
  }
  const component = new Map<string, string>();
  // from the oldest on, so that each component is found by its oldest node
  const byAge = [...firstAt].toSorted(
    ([a, one], [b, other]) => compare(one ?? '~', other ?? '~') || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  for (const [oldest] of byAge) {
    const open = [oldest];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (component.has(node)) continue;
      component.set(node, oldest);
      open.push(...(neighbours.get(node) ?? []));
    }
  }
  return byAge.map(([node, at]) => ({ node, component: component.get(node) ?? '', first_at: at }));
}

// --- internal ---

function pair(one: unknown, other: unknown): string {
  return JSON.stringify([one, other]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
