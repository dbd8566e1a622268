/**
 * The table of connected components, made anew. It follows from the edges alone, as what component-update.ts makes of it
 * does, so both give the same.
 */
import { qualified } from '../../warehouse/sql.ts';
import type { BuildWork } from '../build/build-work.ts';
import { componentsOf } from './components-of.ts';
import { deniedSelect, edgesSelect, endsOf, linksCondition } from './edges.ts';
import { noteMerges } from './merges.ts';
import type { ComponentsRelation } from '../relation.ts';
import { physicalName, STORE, workName } from '../store/store.ts';
import { tableSelect } from '../build/table-state.ts';
import { learn } from '../build/work-table.ts';

/** Makes the table of this build from all edges; gives the number of its rows. */
export async function makeComponents(work: BuildWork, relation: ComponentsRelation): Promise<number> {
  const { options, selects, buildId } = work;
  const { warehouse, onStep } = options;
  const { name, spec } = relation;
  const place = (kind: string): string => workName(name, buildId, kind);
  const edges = edgesSelect(warehouse, relation, selects.reading(relation.edges));
  const denied = spec.denied === undefined ? null : deniedSelect(warehouse, relation, selects.reading(spec.denied));
  const placed = await componentsOf(warehouse, place, {
    vertices: `select node as vertex, min(seen_at) as first_at from (${endsOf(edges)}\n) as ends group by node`,
    oldest: 'vertex',
    links: `select edges.a, edges.b from (${edges}\n) as edges where ${linksCondition('edges', denied)}`,
  });
  await onStep?.(`connected ${name}`);
  const physical = physicalName(name, buildId);
  const target = qualified({ schema: STORE, name: physical });
  await warehouse.execute(`drop table if exists ${target}`);
  const rows = await warehouse.execute(
    `create table ${target} as select vertex as node, component, first_at from (${placed}\n) as placed`,
  );
  for (const kind of ['vertices', 'rooted', 'oldest']) {
    await warehouse.execute(`drop table if exists ${qualified({ schema: STORE, name: place(kind) })}`);
  }
  await learn(warehouse, target, rows);
  await noteMoves(work, relation, physical);
  return rows;
}

// --- internal ---

/** Logs what nodes are in another component than in the table before. */
async function noteMoves(work: BuildWork, relation: ComponentsRelation, physical: string): Promise<void> {
  const { prepared, options } = work;
  const before = prepared.published.get(relation.name);
  if (before === undefined || before.physical === null) return;
  const present = await options.warehouse.describe({ schema: STORE, name: before.physical });
  if (present === null || !relation.columns.every(({ name }) => present.some((column) => column.name === name))) return;
  const [old, now] = [tableSelect(relation, before.physical), tableSelect(relation, physical)];
  const moved = `select old.node, old.component as component_before, now_at.component as component_after from (${old}) as old left join (${now}) as now_at on now_at.node = old.node where now_at.node is null or now_at.component <> old.component`;
  await noteMerges(work, relation, { moved, edges: null });
}
