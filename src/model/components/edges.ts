/**
 * The edges of a model of components, as its statements see them: `a`, `b`, `seen_at`.
 */
import { identifier } from '../../warehouse/sql.ts';
import { castTo, type EngineSpelling } from '../build/bind.ts';
import type { ComponentsRelation } from '../relation.ts';

/** A SELECT of edges from one of rows of the model. */
export function edgesSelect(engine: EngineSpelling, relation: ComponentsRelation, rows: string): string {
  const { nodes, at } = relation.spec;
  const type = relation.columns.find(({ name }) => name === 'first_at')?.type ?? 'timestamptz';
  const seen = at === undefined ? castTo(engine, 'null', type) : identifier(at);
  return `select ${identifier(nodes[0])} as a, ${identifier(nodes[1])} as b, ${seen} as seen_at from (${rows}\n) as edge_rows`;
}

/** The pairs of a relation of denied edges. */
export function deniedSelect(engine: EngineSpelling, { spec }: ComponentsRelation, rows: string): string {
  const [a, b] = spec.nodes.map((name) => castTo(engine, identifier(name), 'text'));
  return `select ${a ?? ''} as a, ${b ?? ''} as b from (${rows}\n) as denied_rows`;
}

/** What an edge needs to connect its nodes: two that differ, and that nobody denies. */
export function linksCondition(edges: string, denied: string | null): string {
  const isLink = `${edges}.a <> ${edges}.b`;
  if (denied === null) return isLink;
  const isDenied = (one: string, other: string): string =>
    `exists (select 1 from (${denied}\n) as denied where denied.${one} = ${edges}.a and denied.${other} = ${edges}.b)`;
  return `${isLink} and not ${isDenied('a', 'b')} and not ${isDenied('b', 'a')}`;
}

/** A SELECT (node, seen_at) of the ends of edges. An edge without other end is a node. */
export function endsOf(edges: string): string {
  return `select node, seen_at from (select a as node, seen_at from (${edges}\n) as one_side union all select b, seen_at from (${edges}\n) as other_side) as ends where node is not null`;
}
