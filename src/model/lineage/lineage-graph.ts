/**
 * Where every column of a project comes from, down to raw columns, and what every column goes into.
 */
import { rawTableName } from '../build/raw-tables.ts';
import type { CompiledProject, Relation } from '../relation.ts';
import { computed, merged, type Dependencies, type Use } from './dependencies.ts';
import { modelShape, tableShape } from './model-shape.ts';
import type { Shape } from './scope.ts';

/** `filter`: decides which rows there are, by a filter, a join or a group, and is no part of a value. */
export type EdgeKind = Use | 'filter';

/** A column (`spend`) or, as `*`, the rows of a relation. */
export interface LineageNode {
  /** `cac.spend`, `raw_crm.deals.amount`, `cac.*`. */
  id: string;
  /** `cac`, `raw_crm.deals`. */
  relation: string;
  column: string;
  /** The schema people find it in: `marts`, `raw_crm`. */
  schema: string;
}

export interface LineageEdge {
  from: string;
  to: string;
  kind: EdgeKind;
}

export interface Lineage {
  nodes: ReadonlyMap<string, LineageNode>;
  /** Edges by the node they lead to, and by the one they come from. */
  up: ReadonlyMap<string, readonly LineageEdge[]>;
  down: ReadonlyMap<string, readonly LineageEdge[]>;
  /** Names in the SQL that mean no column: none, where a project compiles and its SQL is understood. */
  unresolved: { relation: string; name: string }[];
}

export function lineageOf(compiled: CompiledProject): Lineage {
  const nodes = new Map<string, LineageNode>();
  const edges: LineageEdge[] = [];
  const unresolved: Lineage['unresolved'] = [];
  const addNode = (relation: string, column: string, schema: string): void => {
    const id = `${relation}.${column}`;
    if (!nodes.has(id)) nodes.set(id, { id, relation, column, schema });
  };
  const shapeOf = (name: string): Shape => {
    const columns = compiled.byName.get(name)?.columns.map((column) => column.name) ?? [];
    return tableShape(name, columns);
  };
  for (const relation of compiled.relations) {
    const { name, schema, columns } = relation;
    const source = relation.kind === 'model' ? relation.model.source : undefined;
    if (source !== undefined) {
      const raw = rawTableName(source);
      for (const column of ['*', ...Object.keys(source.columns)]) addNode(raw, column, raw.split('.')[0] ?? '');
    }
    for (const column of ['*', ...columns.map((one) => one.name)]) addNode(name, column, schema);
    const shape = relationShape(relation, shapeOf, (missing) => unresolved.push({ relation: name, name: missing }));
    columns.forEach((column, index) => {
      // made by the engine, or by SQL whose columns cannot be told apart: from all there is
      const own = shape.any === undefined && shape.columns.length === columns.length ? shape.columns[index] : undefined;
      const from = own?.from ?? computed([...shape.columns.map((one) => one.from), shape.any ?? new Map()]);
      for (const [id, kind] of from) edges.push({ from: id, to: `${name}.${column.name}`, kind });
    });
    for (const id of shape.filters.keys()) edges.push({ from: id, to: `${name}.*`, kind: 'filter' });
    for (const parent of shape.relations) edges.push({ from: `${parent}.*`, to: `${name}.*`, kind: 'passed' });
  }
  return { nodes, up: by(edges, 'to'), down: by(edges, 'from'), unresolved };
}

// --- internal ---

function relationShape(
  relation: Relation,
  shapeOf: (name: string) => Shape,
  unresolved: (name: string) => void,
): Shape {
  if (relation.kind === 'model') return modelShape(relation, shapeOf, unresolved);
  const parents = relation.parents.map(shapeOf);
  const columns = relation.columns.map(({ name }) => ({ name, from: sameNamed(parents, name) }));
  return {
    columns: relation.kind === 'feed' ? columns : columns.map((column) => ownOrAll(column, parents)),
    filters: new Map(),
    relations: new Set(relation.parents),
  };
}

function sameNamed(parents: readonly Shape[], name: string): Dependencies {
  return merged(parents.flatMap((parent) => parent.columns.find((column) => column.name === name)?.from ?? []));
}

/** What the engine makes of its parents itself: of the column of that name, or else of all. */
function ownOrAll(column: Shape['columns'][number], parents: readonly Shape[]): Shape['columns'][number] {
  if (column.from.size > 0) return column;
  return { ...column, from: computed(parents.flatMap((parent) => parent.columns.map(({ from }) => from))) };
}

function by(edges: readonly LineageEdge[], end: 'from' | 'to'): Map<string, LineageEdge[]> {
  const found = new Map<string, LineageEdge[]>();
  for (const edge of edges) {
    const list = found.get(edge[end]) ?? [];
    list.push(edge);
    found.set(edge[end], list);
  }
  return found;
}
