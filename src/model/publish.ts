/**
 * The one commit that shows everything a build made.
 */
import type { Publication } from '../warehouse/contract.ts';
import { qualified } from '../warehouse/sql.ts';
import { testsPart } from './parts.ts';
import { TABLE_GONE } from './plan.ts';
import type { Relation } from './relation.ts';
import type { BuildWork } from './run-planned.ts';
import { endBuild, writePublished, type PublishedRelation } from './state.ts';

/** Points the views at the new tables, records what is published, drops views of relations the project has no more. */
export async function publishBuild(work: BuildWork): Promise<void> {
  const { options, compiled, prepared, selects, buildId } = work;
  const { warehouse, now, onEvent, onStep } = options;
  const actions = new Map(prepared.plan.relations.map((planned) => [planned.name, planned.action]));
  const touched = compiled.relations.filter((relation) => actions.get(relation.name) !== 'skip');
  const changed = touched.filter((relation) => actions.get(relation.name) === 'run');
  const { removed } = prepared.plan;
  const { recreated } = await warehouse.transaction(async (session) => {
    // DuckDB cannot look at a view whose table is gone, so it cannot replace it either
    const broken = prepared.plan.relations.filter((planned) => planned.reasons.includes(TABLE_GONE));
    for (const view of broken) await session.execute(`drop view if exists ${qualified(view)}`);
    await onStep?.('publishing');
    const done = await warehouse.publish(session, changed.map(publicationOf), removed);
    const at = now();
    await writePublished(session, touched.map(publishedOf), removed, at);
    await endBuild(session, buildId, 'published', at);
    await onStep?.('before commit');
    return done;
  });
  for (const { schema, name } of removed) onEvent?.({ type: 'removed', schema, name });
  for (const { schema, name } of recreated) onEvent?.({ type: 'recreated', schema, name });
  onEvent?.({ type: 'published', buildId, relations: changed.length });

  function publicationOf(relation: Relation): Publication {
    const { schema, name, columns, description } = relation;
    return { view: { schema, name }, sql: selects.reading(name), columns, description };
  }

  function publishedOf(relation: Relation): PublishedRelation {
    const { schema, name, columns } = relation;
    const parts = prepared.parts.get(name) ?? { definition: {}, data: {} };
    const before = prepared.published.get(name);
    const isRun = actions.get(name) === 'run';
    return {
      schema,
      name,
      buildId: isRun ? buildId : (before?.buildId ?? buildId),
      physical: selects.physical(name),
      // tests alone ran: what it was made from is as before
      parts: isRun ? parts : (before?.parts ?? parts),
      tests: testsPart(relation),
      columns,
    };
  }
}
