/**
 * The one commit that shows everything a build made.
 */
import type { Publication } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import { applyUpdate } from './apply-update.ts';
import type { ModelRun } from './build-options.ts';
import { partChanges, writeChanges, type Change, type ChangeKind } from '../changes/changes.ts';
import { keepDeltas } from '../changes/keep-deltas.ts';
import { keyColumns } from '../compile/keys.ts';
import { testsPart } from '../compile/parts.ts';
import { TABLE_GONE } from '../plan/plan.ts';
import { isKept, type Relation } from '../relation.ts';
import type { BuildWork } from './build-work.ts';
import { endBuild, writePublished, type PublishedRelation } from '../store/state.ts';

/** Points the views at the new tables, records what is published, drops views of relations the project has no more. */
export async function publishBuild(work: BuildWork, runs: ReadonlyMap<string, ModelRun>): Promise<void> {
  const { options, compiled, prepared, selects, states, parts, buildId } = work;
  const { warehouse, now, onEvent, onStep } = options;
  const actions = new Map(prepared.plan.relations.map((planned) => [planned.name, planned.action]));
  const touched = compiled.relations.filter((relation) => actions.get(relation.name) !== 'skip');
  const kindOf = (name: string): string => states.get(name)?.kind ?? 'view';
  const changed = touched.filter(
    (relation) =>
      actions.get(relation.name) === 'run' &&
      kindOf(relation.name) !== 'kept' &&
      (kindOf(relation.name) !== 'updated' || isShownAnew(relation)),
  );
  const updates = touched.filter((relation) => kindOf(relation.name) === 'updated');
  const { removed } = prepared.plan;
  const kept = await keepDeltas(work);
  const publishedAt = now();
  const { recreated } = await warehouse.transaction(async (session) => {
    // DuckDB cannot look at a view whose table is gone, so it cannot replace it either
    const broken = prepared.plan.relations.filter((planned) => planned.reasons.includes(TABLE_GONE));
    for (const view of broken) await session.execute(`drop view if exists ${qualified(view)}`);
    await onStep?.('publishing');
    // before the views are locked: readers see none of it until the commit
    for (const relation of updates) {
      await applyUpdate(session, warehouse, relation, selects.physical(relation.name), states.get(relation.name));
      await onStep?.(`applied ${relation.name}`);
    }
    const done = await warehouse.publish(session, changed.map(publicationOf), removed);
    await writePublished(session, touched.map(publishedOf), removed);
    await endBuild(session, buildId, 'published', publishedAt);
    await writeChanges(session, [...touched.map(changeOf), ...removed.map(({ name }) => removalOf(name))]);
    await onStep?.('before commit');
    return done;
  });
  for (const { schema, name } of removed) onEvent?.({ type: 'removed', schema, name });
  for (const { schema, name } of recreated) onEvent?.({ type: 'recreated', schema, name });
  onEvent?.({ type: 'published', buildId, relations: changed.length + updates.length });

  /** A table that stays can get a view, or other columns. */
  function isShownAnew({ name, columns }: Relation): boolean {
    const before = prepared.published.get(name)?.columns.map((column) => `${column.name} ${column.type}`) ?? [];
    return (
      prepared.forced.has(name) || before.join() !== columns.map((column) => `${column.name} ${column.type}`).join()
    );
  }

  function publicationOf(relation: Relation): Publication {
    const { schema, name, columns, description } = relation;
    return { view: { schema, name }, sql: selects.showing(name), columns, description };
  }

  function publishedOf(relation: Relation): PublishedRelation {
    const { schema, name, columns, description } = relation;
    const made = parts.get(name) ?? { definition: {}, data: {} };
    const before = prepared.published.get(name);
    const isRun = actions.get(name) === 'run';
    return {
      schema,
      name,
      // what came out as it was is still the build that made it: its readers need not run
      buildId: isRun && kindOf(name) !== 'kept' ? buildId : (before?.buildId ?? buildId),
      physical: selects.physical(name),
      // tests alone ran: what it was made from is as before
      parts: isRun ? made : (before?.parts ?? made),
      tests: testsPart(relation),
      columns,
      shown: isRun && kindOf(name) !== 'kept' ? { sql: selects.showing(name), description } : (before?.shown ?? null),
      rowCount: runs.get(name)?.rows ?? before?.rowCount ?? null,
      publishedAt: publishedAt.toISOString(),
    };
  }

  function changeOf(relation: Relation): Change {
    const { schema, name, grain } = relation;
    const isRun = actions.get(name) === 'run';
    const before = prepared.published.get(name) ?? null;
    const rows = kept.get(name);
    return {
      buildId,
      schema,
      name,
      kind: isRun ? (kindOf(name) as ChangeKind) : 'tested',
      materialized: materializedAs(relation),
      before,
      keyColumns: keyColumns(relation),
      grain,
      parts: isRun ? partChanges(before?.parts, parts.get(name) ?? { definition: {}, data: {} }) : [],
      hasRows: rows !== undefined,
      rows: {
        before: before?.rowCount ?? null,
        after: runs.get(name)?.rows ?? before?.rowCount ?? null,
        removed: rows?.removed ?? null,
        added: rows?.added ?? null,
      },
    };
  }

  /** What is written down beside a ledger is as much for good as the ledger. */
  function materializedAs(relation: Relation): string {
    if (relation.kind === 'model') return relation.model.materialized;
    const of = relation.kind === 'log' ? compiled.byName.get(relation.parents[0] ?? '') : undefined;
    return of !== undefined && isKept(of) ? 'ledger' : relation.kind;
  }

  function removalOf(name: string): Change {
    const before = prepared.published.get(name) ?? null;
    const rows = { before: before?.rowCount ?? null, after: null, removed: null, added: null };
    const nothing = { keyColumns: [], grain: [], parts: [], hasRows: false, rows };
    return { buildId, schema: before?.schema ?? '', name, kind: 'removed', materialized: 'table', before, ...nothing };
  }
}
