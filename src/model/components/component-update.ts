/**
 * Components brought up to date by what edges came and went. Edges that came join whole components, each seen as one
 * vertex; a component that lost an edge or a node, or whose oldest node became younger, is taken apart and put together
 * again from its edges. The others are not looked at.
 */
import { identifiers, qualified } from '../../warehouse/sql.ts';
import type { BuildWork } from '../build/build-work.ts';
import { componentsOf } from './components-of.ts';
import { DELTA, storeDelta } from '../build/delta-table.ts';
import { deniedSelect, edgesSelect, endsOf, linksCondition } from './edges.ts';
import type { EdgeChanges } from './edge-changes.ts';
import { distinctKeys } from '../build/key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import { noteMerges } from './merges.ts';
import type { ComponentsRelation } from '../relation.ts';
import { STORE, workName } from '../store/store.ts';
import { tableSelect } from '../build/table-state.ts';
import type { Update } from '../build/update.ts';
import { countRows, makeWorkTable } from '../build/work-table.ts';

/** Share of the nodes above which all is built anew. */
const MOST = 0.3;

/** Nodes around a touched one, on average, up to which the touched components are looked up whole. */
const FEW = 20;

/** Computes what the changes of edges change in the published table `physical`. */
export async function updateComponents(
  work: BuildWork,
  relation: ComponentsRelation,
  physical: string,
  changes: EdgeChanges,
): Promise<Update> {
  const { options, selects, buildId } = work;
  const { warehouse, onStep, rebuildShare } = options;
  const { name, spec } = relation;
  const place = (kind: string): string => workName(name, buildId, kind);
  const table = (kind: string): string => qualified({ schema: STORE, name: place(kind) });
  const make = (kind: string, select: string): Promise<number> => makeWorkTable(warehouse, place(kind), select);
  const isIn = (value: string, kind: string, column: string): string =>
    `exists (select 1 from ${table(kind)} as found where found.${column} = ${value})`;
  const published = qualified({ schema: STORE, name: physical });
  const edges = edgesSelect(warehouse, relation, selects.reading(relation.edges));
  const denied = spec.denied === undefined ? null : deniedSelect(warehouse, relation, selects.reading(spec.denied));
  const added = `select a, b, seen_at from ${changes.table} where side = 'added'`;

  const rows = await countRows(warehouse, `select 1 as one from ${published}`);
  const touched = await make(
    'touched',
    `select distinct node from (${endsOf(`select * from ${changes.table}`)}) as ends`,
  );
  if (touched === 0) return { kind: 'unchanged' };
  if (touched > (rebuildShare ?? MOST) * rows) return { kind: 'full', because: `${touched} nodes touched, of ${rows}` };
  await onStep?.(`touched ${name}`);
  await make('before', `select * from ${published} as published where ${isIn('published.node', 'touched', 'node')}`);
  // all nodes of their components, once for all that is asked of them; unless they are too many, as in one that holds most
  const few = FEW * touched;
  const around = await make(
    'around',
    `select * from ${published} as published where ${isIn('published.component', 'before', 'component')} limit ${few + 1}`,
  );
  const near = around > few ? published : table('around');
  // how old the touched nodes are now; one without any edge is gone
  await make(
    'ages',
    changes.isGrowth
      ? `select node, min(seen_at) as first_at from (select node, first_at as seen_at from ${table('before')} union all ${endsOf(added)}) as ends group by node`
      : `select node, min(seen_at) as first_at from (${endsOf(edges)}\n) as ends where ${isIn('ends.node', 'touched', 'node')} group by node`,
  );
  await make('links', changes.isGrowth ? linksOf(added) : linksOf(edgesOfChangedPairs()));
  await make('replayed', changes.isGrowth ? `select component from ${table('before')} where false` : replayed());
  const replays = await countRows(warehouse, `select 1 as one from ${table('replayed')}`);
  await make('members', replays === 0 ? `${members()} and false` : members());
  await make('inner', replays === 0 ? `select a, b from ${table('links')} where false` : innerLinks());
  await onStep?.(`looked up ${name}`);

  // a node as the vertex it is part of: itself, or its whole component
  await make('vertex_of', vertexOf());
  const placed = await componentsOf(warehouse, place, {
    vertices: `select vertex, first_at, node as oldest from (select *, row_number() over (partition by vertex order by first_at nulls last, node) as age from (${candidates()}\n) as candidates) as ranked where age = 1`,
    oldest: 'oldest',
    links: `select one.vertex as a, other.vertex as b from (select a, b from ${table('links')} union all select a, b from ${table('inner')}) as links inner join ${table('vertex_of')} as one on one.node = links.a inner join ${table('vertex_of')} as other on other.node = links.b where one.vertex <> other.vertex`,
  });
  await make('placed', placed);
  await make(
    'moved_components',
    `select vertex as component from ${table('placed')} as placed where vertex <> component and ${isIn('placed.vertex', 'before', 'component')} union select component from ${table('replayed')}`,
  );
  const oldRows = await make(
    'old',
    `select * from ${near} as published where ${isIn('published.component', 'moved_components', 'component')} union select * from ${table('before')}`,
  );
  const read = await make('fresh', fresh());

  const [old, now] = [tableSelect(relation, place('old')), tableSelect(relation, place('fresh'))];
  const delta = await storeDelta(warehouse, relation, { old, now }, place(DELTA));
  if (delta.removedRows + delta.addedRows === 0) return { kind: 'unchanged' };
  const keys = keyColumns(relation);
  const names = keys.map((column) => column.name);
  await make(
    'changed_nodes',
    distinctKeys(keys, [
      { sql: delta.removed, names },
      { sql: delta.added, names },
    ]),
  );
  const moved = `select gone.node, gone.component as component_before, come.component as component_after from (${delta.removed}) as gone left join (${delta.added}) as come on come.node = gone.node where come.node is null or come.component <> gone.component`;
  await noteMerges(work, relation, { moved, edges: { changes: changes.table, before: table('before') } });
  return {
    kind: 'updated',
    state: {
      kind: 'updated',
      delta,
      changed: oldRows === 0 ? null : { table: table('changed_nodes'), columns: keys, withoutNull: new Set(names) },
      fresh: place('fresh'),
    },
    rows: rows - delta.removedRows + delta.addedRows,
    read,
    written: delta.addedRows,
    removed: delta.removedRows,
  };

  function linksOf(rowsOfEdges: string): string {
    return `select edges.a, edges.b from (${rowsOfEdges}\n) as edges where ${linksCondition('edges', denied)}`;
  }

  /** Edges there are between nodes of which one came or went. */
  function edgesOfChangedPairs(): string {
    const pairs = `select a, b from ${changes.table} union select b, a from ${changes.table}`;
    return `select all_edges.* from (${edges}\n) as all_edges where exists (select 1 from (${pairs}) as pairs where pairs.a = all_edges.a and pairs.b = all_edges.b)`;
  }

  /** Components to be taken apart. */
  function replayed(): string {
    const age = `left join ${table('ages')} as ages on ages.node = before.node`;
    const linked = (one: string, other: string): string =>
      `exists (select 1 from ${table('links')} as links where links.a = changed.${one} and links.b = changed.${other})`;
    return [
      `select before.component from ${table('before')} as before ${age} where ages.node is null or (before.node = before.component and (ages.first_at > before.first_at or (ages.first_at is null and before.first_at is not null)))`,
      `select one.component from ${changes.table} as changed inner join ${table('before')} as one on one.node = changed.a inner join ${table('before')} as other on other.node = changed.b where one.component = other.component and changed.a <> changed.b and not ${linked('a', 'b')} and not ${linked('b', 'a')}`,
    ].join('\nunion\n');
  }

  /** The nodes of components that are taken apart, as old as they are now. */
  function members(): string {
    return `select published.node, case when touched.node is null then published.first_at else ages.first_at end as first_at from ${near} as published left join ${table('touched')} as touched on touched.node = published.node left join ${table('ages')} as ages on ages.node = published.node where (touched.node is null or ages.node is not null) and ${isIn('published.component', 'replayed', 'component')}`;
  }

  function innerLinks(): string {
    return `select edges.a, edges.b from (select all_edges.* from (${edges}\n) as all_edges where ${isIn('all_edges.a', 'members', 'node')}) as edges where ${isIn('edges.b', 'members', 'node')} and ${linksCondition('edges', denied)}`;
  }

  function vertexOf(): string {
    return [
      `select node, node as vertex from ${table('members')}`,
      `select ages.node, ages.node as vertex from ${table('ages')} as ages where not ${isIn('ages.node', 'before', 'node')}`,
      `select before.node, before.component as vertex from ${table('before')} as before where not ${isIn('before.component', 'replayed', 'component')}`,
    ].join('\nunion all\n');
  }

  /** Nodes that a vertex may be called by: the touched ones, and the one it was called by. */
  function candidates(): string {
    // a component is called by one of its nodes
    const whole = `select distinct component from ${table('before')} as before where not ${isIn('before.component', 'replayed', 'component')}`;
    return [
      `select node as vertex, first_at, node from ${table('members')}`,
      `select vertex_of.vertex, ages.first_at, ages.node from ${table('ages')} as ages inner join ${table('vertex_of')} as vertex_of on vertex_of.node = ages.node where not ${isIn('ages.node', 'members', 'node')}`,
      `select published.component as vertex, published.first_at, published.node from ${near} as published inner join (${whole}) as whole on whole.component = published.node where not ${isIn('published.node', 'touched', 'node')}`,
    ].join('\nunion all\n');
  }

  /** The rows of all nodes that may have changed. */
  function fresh(): string {
    const columns = identifiers(['node', 'component', 'first_at']);
    const all = `select old.node, coalesce(vertex_of.vertex, old.component) as vertex, case when touched.node is null then old.first_at else ages.first_at end as first_at from ${table('old')} as old left join ${table('touched')} as touched on touched.node = old.node left join ${table('ages')} as ages on ages.node = old.node left join ${table('vertex_of')} as vertex_of on vertex_of.node = old.node where touched.node is null or ages.node is not null`;
    const come = `select ages.node, ages.node as vertex, ages.first_at from ${table('ages')} as ages where not ${isIn('ages.node', 'before', 'node')}`;
    return `select ${columns} from (select nodes.node, placed.component, nodes.first_at from (${all} union all ${come}) as nodes inner join ${table('placed')} as placed on placed.vertex = nodes.vertex) as made`;
  }
}
