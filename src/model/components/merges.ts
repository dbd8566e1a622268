/**
 * What became of components: which went into another, which came apart, and the edge that did it.
 */
import { literal, qualified } from '../../warehouse/sql.ts';
import { castTo } from '../build/bind.ts';
import type { BuildWork } from '../build/build-work.ts';
import { mergesName } from '../compile/companions.ts';
import { appendToLog, ensureLog } from '../store/log.ts';
import type { ComponentsRelation } from '../relation.ts';
import { STORE, workName } from '../store/store.ts';
import { makeWorkTable } from '../build/work-table.ts';

/**
 * Logs the moves of nodes. `moved`: a SELECT of (node, component_before, component_after) of the nodes that were in another
 * component, or are gone. `edges`: the tables of changed edges, and of their nodes as they were; null where all was built
 * anew and nobody knows.
 */
export async function noteMerges(
  work: BuildWork,
  relation: ComponentsRelation,
  { moved, edges }: { moved: string; edges: { changes: string; before: string } | null },
): Promise<void> {
  const { warehouse, now } = work.options;
  const log = await ensureLog(work, mergesName(relation.name));
  const place = (kind: string): string => workName(log.name, work.buildId, kind);
  const table = (kind: string): string => qualified({ schema: STORE, name: place(kind) });
  const rows = await makeWorkTable(warehouse, place('moved'), moved);
  if (rows === 0) return;
  const pairs = await makeWorkTable(warehouse, place('pairs'), pairsOf(table('moved')));
  if (pairs === 0) return;
  const time = log.columns.find(({ name }) => name === 'cause_at')?.type ?? 'timestamptz';
  const none = `select component_before, component_after, ${castTo(warehouse, 'null', 'text')} as side, ${castTo(warehouse, 'null', 'text')} as a, ${castTo(warehouse, 'null', 'text')} as b, ${castTo(warehouse, 'null', time)} as seen_at from ${table('pairs')} where false`;
  await makeWorkTable(warehouse, place('causes'), edges === null ? none : causesOf(table('pairs'), edges));
  const own: Readonly<Record<string, string>> = {
    change: 'pairs.change',
    component_before: 'pairs.component_before',
    component_after: 'pairs.component_after',
    nodes: 'pairs.nodes',
    cause: `coalesce('edge ' || causes.side, 'unknown')`,
    cause_node: 'causes.a',
    cause_other: 'causes.b',
    cause_at: 'causes.seen_at',
    build_id: literal(work.buildId),
    noted_at: literal(now().toISOString()),
  };
  const outputs = log.columns.map(({ name, type }) => `${castTo(warehouse, own[name] ?? 'null', type)} as ${name}`);
  await appendToLog(
    work,
    log,
    `select ${outputs.join(', ')} from ${table('pairs')} as pairs left join ${table('causes')} as causes on causes.component_before = pairs.component_before and causes.component_after = pairs.component_after`,
  );
}

// --- internal ---

/**
 * Where the nodes of each component went. A component is called by one of its nodes: it went where that one went, and the
 * others left it. If the new name is that of one of its own nodes it was renamed; and so it was if its name is gone and
 * the others stayed together.
 */
function pairsOf(moved: string): string {
  return `
with pairs as (
  select component_before, component_after, count(*) as nodes from ${moved} where component_after is not null group by component_before, component_after
), names as (
  select node, component_after from ${moved} where node = component_before
), targets as (
  select component_before, count(*) as targets from pairs group by component_before
), origins as (
  select node, component_before from ${moved}
)
select pairs.component_before, pairs.component_after, pairs.nodes,
  case
    when names.component_after = pairs.component_after or (names.node is not null and names.component_after is null and targets.targets = 1)
      then case when origins.component_before = pairs.component_before then 'rename' else 'merge' end
    else 'split'
  end as change
from pairs
inner join targets on targets.component_before = pairs.component_before
left join names on names.node = pairs.component_before
left join origins on origins.node = pairs.component_after`;
}

/** For each pair the first edge that explains it: one that came across a border for a merge, one that went for the others. */
function causesOf(pairs: string, { changes, before }: { changes: string; before: string }): string {
  const crosses = `touching.one is distinct from touching.other`;
  // two arms instead of one condition with `or`, which would compare every edge with every pair
  const touching = (component: string, where: string): string =>
    `select changed.*, one.component as one, other.component as other, ${component} as component from ${changes} as changed left join ${before} as one on one.node = changed.a left join ${before} as other on other.node = changed.b where ${where}`;
  return `
select component_before, component_after, side, a, b, seen_at from (
  select pairs.component_before, pairs.component_after, touching.side, touching.a, touching.b, touching.seen_at,
    row_number() over (
      partition by pairs.component_before, pairs.component_after
      order by
        case
          when pairs.change = 'merge' and touching.side in ('added', 'allowed') and ${crosses} then 0
          when pairs.change <> 'merge' and touching.side in ('removed', 'denied') and not (${crosses}) then 0
          else 1
        end,
        touching.seen_at nulls last, touching.a, touching.b, touching.side
    ) as place
  from (
    ${touching('one.component', 'one.component is not null')}
    union all
    ${touching('other.component', 'other.component is not null and (one.component is null or one.component <> other.component)')}
  ) as touching
  inner join ${pairs} as pairs on pairs.component_before = touching.component
) as ranked where place = 1`;
}
