/**
 * The way of a column through a project, up to what it comes from or down to what comes of it.
 */
import { RevopsError } from '../../errors.ts';
import { didYouMean } from '../../nearest.ts';
import type { EdgeKind, Lineage, LineageEdge, LineageNode } from './lineage-graph.ts';

export type Direction = 'up' | 'down';

export interface TraceOptions {
  direction: Direction;
  /** Steps at most, one per relation. */
  depth: number;
  /** Follow what only filters, joins or groups, too. Default false. */
  filters?: boolean;
}

export interface Traced {
  node: LineageNode;
  /** How the node it hangs on uses it, or it uses that one; null for the column asked for. */
  kind: EdgeKind | null;
  /** It stands elsewhere in the tree with all that hangs on it. */
  isRepeated: boolean;
  children: Traced[];
}

/** The tree of a column. */
export function trace(lineage: Lineage, id: string, options: TraceOptions): Traced {
  const shown = new Set<string>();
  const visit = (node: LineageNode, kind: EdgeKind | null, depth: number): Traced => {
    const edges = depth < options.depth ? edgesOf(lineage, node, options) : [];
    const isRepeated = edges.length > 0 && shown.has(node.id);
    shown.add(node.id);
    const children = isRepeated
      ? []
      : edges.flatMap((edge) => {
          const next = lineage.nodes.get(options.direction === 'up' ? edge.from : edge.to);
          return next === undefined ? [] : [visit(next, edge.kind, depth + 1)];
        });
    return { node, kind, isRepeated, children };
  };
  return visit(nodeOf(lineage, id), null, 0);
}

/** What only filters, joins or groups the rows of a relation: ids of columns and of other relations' rows. */
export function filtersOf(lineage: Lineage, relation: string): string[] {
  const edges = lineage.up.get(`${relation}.*`) ?? [];
  return edges.filter(({ kind, from }) => kind === 'filter' && !from.endsWith('.*')).map(({ from }) => from);
}

/**
 * The columns that a name means: `marts.cac.spend`, `cac.spend`, all of `cac`, `raw_crm.deals.amount`. Throws USAGE
 * with what is like it.
 */
export function columnsNamed(lineage: Lineage, written: string): LineageNode[] {
  const name = written.toLowerCase();
  const nodes = [...lineage.nodes.values()];
  const isRaw = (node: LineageNode): boolean => node.relation.includes('.');
  const relationNames = (node: LineageNode): string[] =>
    isRaw(node) ? [node.relation] : [node.relation, `${node.schema}.${node.relation}`];
  const whole = nodes.filter((node) => relationNames(node).includes(name));
  if (whole.length > 0) return whole.filter(({ column }) => column !== '*');
  const column = name.split('.').at(-1) ?? '';
  const found = nodes.filter((node) => relationNames(node).some((relation) => `${relation}.${node.column}` === name));
  if (found.length > 0) return found;
  const relation = name.slice(0, -column.length - 1);
  const there = nodes.filter((node) => relationNames(node).includes(relation) && node.column !== '*');
  throw new RevopsError(
    'USAGE',
    there.length > 0
      ? `${relation} has no column ${column}${didYouMean(
          column,
          there.map((node) => node.column),
        )}`
      : `no model or column ${written}${didYouMean(relation === '' ? name : relation, nodes.flatMap(relationNames))}`,
    { hint: 'Name a column as model.column, or a whole model; `revops list models` shows them.' },
  );
}

// --- internal ---

function nodeOf(lineage: Lineage, id: string): LineageNode {
  const node = lineage.nodes.get(id);
  if (node === undefined) throw new TypeError(`${id} is no column`);
  return node;
}

/** Rows of a relation are where a way ends, unless what filters is followed too. */
function edgesOf(lineage: Lineage, node: LineageNode, { direction, filters }: TraceOptions): LineageEdge[] {
  const isRows = node.column === '*';
  if (isRows && filters !== true) return [];
  const own = lineage[direction].get(node.id) ?? [];
  // upward, what filters a column is what filters the rows of its relation
  const rows = filters === true && direction === 'up' && !isRows ? (lineage.up.get(`${node.relation}.*`) ?? []) : [];
  return [...own, ...rows.filter(({ kind }) => kind === 'filter')].toSorted(inOrder(direction));
}

function inOrder(direction: Direction): (a: LineageEdge, b: LineageEdge) => number {
  const end = direction === 'up' ? 'from' : 'to';
  const place = (edge: LineageEdge): number => KINDS.indexOf(edge.kind) * 2 + Number(edge[end].endsWith('.*'));
  return (a, b) => place(a) - place(b) || (a[end] < b[end] ? -1 : 1);
}

const KINDS: readonly EdgeKind[] = ['passed', 'computed', 'filter'];
