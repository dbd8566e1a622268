/**
 * What each published build changed, in `revops.changes`: enough to explain it and to take it back.
 */
import type { Session } from '../../warehouse/contract.ts';
import type { Column } from '../../warehouse/types.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import { lastPublished } from '../store/kept-builds.ts';
import { fromRow, toRow, type Parts, type PublishedRelation, type PublishedRow } from '../store/state.ts';

/**
 * `updated`: its table was changed in place. `rebuilt`: it got a new one. `view`: its view shows another SELECT. `kept`: it
 * came out as it was. `tested`: only its tests ran. `removed`: the project has it no more.
 */
export type ChangeKind = 'updated' | 'rebuilt' | 'view' | 'kept' | 'tested' | 'removed';

/** A part of a relation's state that differed; `null` where it was or is not there. */
export interface PartChange {
  of: 'definition' | 'data';
  part: string;
  before: string | null;
  after: string | null;
}

export interface Change {
  buildId: string;
  schema: string;
  name: string;
  kind: ChangeKind;
  /** `table`, `view`, …; rows of a `ledger` are never taken back. */
  materialized: string;
  /** What was published before; null where nothing was. */
  before: PublishedRelation | null;
  /** Columns of the key by which it was updated. */
  keyColumns: Column[];
  grain: string[];
  parts: PartChange[];
  /** Its rows removed and added are in the store. */
  hasRows: boolean;
  rows: { before: number | null; after: number | null; removed: number | null; added: number | null };
}

/** Records what a build changed, and forgets what builds did that are too long ago. Inside of the publishing transaction. */
export async function writeChanges(session: Session, changes: readonly Change[]): Promise<void> {
  const builds = await session.query<{ build_id: string; status: string }>(
    ...statement(state('builds').select('build_id', 'status')),
  );
  const kept = lastPublished(builds.map((build) => [build.build_id, build.status])).map((number) => `b${number}`);
  await session.execute(...statement(state('changes').whereNotIn('build_id', kept).delete()));
  for (let from = 0; from < changes.length; from += BATCH) {
    const rows = changes.slice(from, from + BATCH).map(toChangeRow);
    await session.execute(...statement(state('changes').insert(rows)));
  }
}

/** What is recorded, oldest build first; of one build or of all. Empty where there is no record yet. */
export async function readChanges(session: Session, buildId?: string): Promise<Change[]> {
  if ((await session.describe({ schema: 'revops', name: 'changes' })) === null) return [];
  const all = state('changes').select();
  const rows = await session.query<ChangeRow>(
    ...statement(buildId === undefined ? all : all.where({ build_id: buildId })),
  );
  return rows
    .map(fromChangeRow)
    .toSorted((a, b) => buildNumber(a.buildId) - buildNumber(b.buildId) || (a.name < b.name ? -1 : 1));
}

/** `b12` → 12. */
export function buildNumber(buildId: string): number {
  return Number(buildId.slice(1)) || 0;
}

/** The parts that differ between two states. */
export function partChanges(before: Parts | undefined, after: Parts): PartChange[] {
  return (['definition', 'data'] as const).flatMap((of) => {
    const [old, now] = [before?.[of] ?? {}, after[of]];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .filter((part) => old[part] !== now[part])
      .map((part) => ({ of, part, before: old[part] ?? null, after: now[part] ?? null }));
  });
}

// --- internal ---

/** Rows of one INSERT. */
const BATCH = 100;

interface ChangeRow {
  build_id: string;
  relation_schema: string;
  relation_name: string;
  kind: string;
  materialized: string | null;
  before: string | null;
  key_columns: string;
  grain: string;
  parts: string;
  has_rows: boolean;
  rows_before: number | null;
  rows_after: number | null;
  rows_removed: number | null;
  rows_added: number | null;
}

function toChangeRow(change: Change): ChangeRow {
  const { rows } = change;
  return {
    build_id: change.buildId,
    relation_schema: change.schema,
    relation_name: change.name,
    kind: change.kind,
    materialized: change.materialized,
    before: change.before === null ? null : JSON.stringify(toRow(change.before)),
    key_columns: JSON.stringify(change.keyColumns.map(({ name, type }) => ({ name, type }))),
    grain: JSON.stringify(change.grain),
    parts: JSON.stringify(change.parts),
    has_rows: change.hasRows,
    rows_before: rows.before,
    rows_after: rows.after,
    rows_removed: rows.removed,
    rows_added: rows.added,
  };
}

function fromChangeRow(row: ChangeRow): Change {
  return {
    buildId: row.build_id,
    schema: row.relation_schema,
    name: row.relation_name,
    kind: row.kind as ChangeKind,
    materialized: row.materialized ?? 'table',
    before: row.before === null ? null : fromRow(JSON.parse(row.before) as PublishedRow),
    keyColumns: JSON.parse(row.key_columns) as Column[],
    grain: JSON.parse(row.grain) as string[],
    parts: JSON.parse(row.parts) as PartChange[],
    hasRows: row.has_rows,
    rows: { before: row.rows_before, after: row.rows_after, removed: row.rows_removed, added: row.rows_added },
  };
}
