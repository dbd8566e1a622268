/**
 * What is published, and the records of builds, in schema `revops`.
 */
import type { Session } from '../../warehouse/contract.ts';
import type { Column } from '../../warehouse/types.ts';
import { state, statement } from '../../warehouse/state/index.ts';

/** Value by part. `definition`: what it is; `data`: what it was made from. */
export interface Parts {
  definition: Record<string, string>;
  data: Record<string, string>;
}

export interface PublishedRelation {
  schema: string;
  name: string;
  /** `b12`: the build that made it. */
  buildId: string;
  /** Its table in schema `revops_store`; null where it is a view over what it reads. */
  physical: string | null;
  parts: Parts;
  /** Digest of its data tests. */
  tests: string;
  columns: Column[];
  /** What its view was made with; null where an earlier version of this program made it. */
  shown: Shown | null;
  /** Rows of its table; null for a view, and where nobody counted. */
  rowCount: number | null;
  /** ISO 8601. */
  publishedAt: string;
}

export interface Shown {
  sql: string;
  description: string;
}

/** What people see now, by name; empty before the first build. */
export async function readPublished(session: Session): Promise<Map<string, PublishedRelation>> {
  if ((await session.describe({ schema: 'revops', name: 'published' })) === null) return new Map();
  const rows = await session.query<PublishedRow>(
    ...statement(state('published').select().orderBy(['relation_schema', 'relation_name'])),
  );
  return new Map(rows.map((row) => [row.relation_name, fromRow(row)]));
}

/** Records what a build shows from now on, and forgets what is shown no more. Inside of the publishing transaction. */
export async function writePublished(
  session: Session,
  shown: readonly PublishedRelation[],
  removed: readonly { schema: string; name: string }[],
): Promise<void> {
  const names = [...removed, ...shown].map(({ schema, name }) => [schema, name]);
  if (names.length > 0)
    await session.execute(
      ...statement(state('published').whereIn(['relation_schema', 'relation_name'], names).delete()),
    );
  if (shown.length > 0) await session.execute(...statement(state('published').insert(shown.map(toRow))));
}

/** The statuses of all builds by id; `running` ones are no longer when the lease is held: they were killed. */
export async function readBuilds(session: Session): Promise<Map<string, string>> {
  const rows = await session.query<{ build_id: string; status: string }>(
    ...statement(state('builds').select('build_id', 'status')),
  );
  return new Map(rows.map((row) => [row.build_id, row.status]));
}

/** Begins the record of a build, after noting that earlier ones without an end were killed. */
export async function startBuild(
  session: Session,
  build: { buildId: string; runId: string; now: Date; clockAt: string | null; answers: Answers },
): Promise<void> {
  const { buildId, runId, now, clockAt, answers } = build;
  await session.execute(...statement(state('builds').where({ status: 'running' }).update({ status: 'killed' })));
  await session.execute(...statement(state('model_runs').where({ status: 'running' }).update({ status: 'killed' })));
  await session.execute(
    ...statement(
      state('builds').insert({
        build_id: buildId,
        run_id: runId,
        started_at: now,
        status: 'running',
        clock_at: clockAt,
        answers: answers.scope,
        checks: answers.checks === null ? null : JSON.stringify(answers.checks),
      }),
    ),
  );
}

/** What a build does for answers: for the checks, and the shipped marts that they stand for. */
export interface Answers {
  /** `whole`: all of them are as if built at once; `part`: some may be older than others; `none`: it left all alone. */
  scope: 'whole' | 'part' | 'none';
  /** All checks of a whole build; null of others. */
  checks: ShownCheck[] | null;
}

/** A check as the build had it. */
export interface ShownCheck {
  name: string;
  gates: string | null;
  tags: string[];
  /** Whether it can find one subject on several days. */
  isByDay: boolean;
}

export type BuildStatus = 'published' | 'unchanged' | 'audit_failed' | 'failed';

/** Records that a published build was taken back. */
export async function markRolledBack(session: Session, buildId: string): Promise<void> {
  await session.execute(...statement(state('builds').where({ build_id: buildId }).update({ status: 'rolled_back' })));
}

/** Ends the record of a build. */
export async function endBuild(
  session: Session,
  buildId: string,
  status: BuildStatus,
  publishedAt: Date | null,
): Promise<void> {
  await session.execute(
    ...statement(state('builds').where({ build_id: buildId }).update({ status, published_at: publishedAt })),
  );
}

/** A row of `revops.published`. */
export interface PublishedRow {
  relation_schema: string;
  relation_name: string;
  build_id: string;
  physical_name: string;
  fingerprint: string;
  columns: string;
  input_version: string | null;
  shown: string | null;
  row_count: number | null;
  published_at: string;
}

export function fromRow(row: PublishedRow): PublishedRelation {
  const { tests, definition } = JSON.parse(row.fingerprint) as { tests: string; definition: Parts['definition'] };
  return {
    schema: row.relation_schema,
    name: row.relation_name,
    buildId: row.build_id,
    physical: row.physical_name === '' ? null : row.physical_name,
    parts: { definition, data: JSON.parse(row.input_version ?? '{}') as Parts['data'] },
    tests,
    columns: JSON.parse(row.columns) as Column[],
    shown: row.shown === null || row.shown === undefined ? null : (JSON.parse(row.shown) as Shown),
    rowCount: row.row_count ?? null,
    publishedAt: row.published_at,
  };
}

export function toRow(relation: PublishedRelation): PublishedRow {
  const { parts, tests, shown } = relation;
  return {
    relation_schema: relation.schema,
    relation_name: relation.name,
    build_id: relation.buildId,
    physical_name: relation.physical ?? '',
    fingerprint: JSON.stringify({ tests, definition: parts.definition }),
    input_version: JSON.stringify(parts.data),
    columns: JSON.stringify(relation.columns.map(({ name, type }) => ({ name, type }))),
    shown: shown === null ? null : JSON.stringify(shown),
    row_count: relation.rowCount,
    published_at: relation.publishedAt,
  };
}
