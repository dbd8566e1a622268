/**
 * Why a build changed a relation: the parts of its state that differed, followed upward through what it reads to the loads
 * of raw tables.
 */
import type { Session } from '../../warehouse/contract.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import { buildNumber, type Change, type PartChange } from './changes.ts';
import { reasonOf } from '../compile/parts.ts';
import { TIME } from '../build/time-part.ts';

export interface Cause {
  /** `new data in raw_crm.deals`, `own SQL changed`, `parent deals rebuilt`, … */
  reason: string;
  /** The loads that brought the data, oldest first. */
  loads?: LoadSummary[];
  /** The clock before and now. */
  clock?: { before: string | null; after: string | null };
  /** The parent that changed, with the rows it took out and put in where they are known. */
  parent?: { name: string; removed: number | null; added: number | null };
  /** Why the parent changed. */
  causes?: Cause[];
}

export interface LoadSummary {
  loadId: string;
  /** The run that loaded it. */
  runId: string;
  stream: string;
  committedAt: string | null;
  loaded: number;
  deleted: number;
  vanished: number;
}

/** The causes of a change; `all` are the changes recorded. */
export async function causesOf(session: Session, change: Change, all: readonly Change[]): Promise<Cause[]> {
  const causes: Cause[] = [];
  for (const part of change.parts) causes.push(await causeOf(session, change, part, all));
  return causes;
}

// --- internal ---

const BUILD_OF = 'build of ';

async function causeOf(session: Session, change: Change, part: PartChange, all: readonly Change[]): Promise<Cause> {
  const reason = reasonOf(part.part);
  if (part.of === 'definition') return { reason };
  if (part.part === TIME) {
    const [before, after] = [part.before, part.after].map((value) => firstOf(value));
    return { reason, clock: { before: before ?? null, after: after ?? null } };
  }
  if (part.part.startsWith('raw_')) return { reason, loads: await loadsBetween(session, part) };
  if (!part.part.startsWith(BUILD_OF)) return { reason };
  const name = part.part.slice(BUILD_OF.length);
  // built without the reader meanwhile: all its changes since
  const parents = all.filter(
    (other) =>
      other.name === name &&
      (other.kind === 'updated' || other.kind === 'rebuilt') &&
      buildNumber(other.buildId) > buildNumber(part.before ?? '') &&
      buildNumber(other.buildId) <= buildNumber(change.buildId),
  );
  const known = parents.length > 0 && parents.every((parent) => parent.hasRows);
  const sum = (side: 'removed' | 'added'): number | null =>
    known ? parents.reduce((total, parent) => total + (parent.rows[side] ?? 0), 0) : null;
  const causes: Cause[] = [];
  for (const parent of parents) causes.push(...(await causesOf(session, parent, all)));
  return { reason, parent: { name, removed: sum('removed'), added: sum('added') }, causes };
}

function firstOf(part: string | null): string | null {
  return part === null ? null : ((JSON.parse(part) as (string | null)[])[0] ?? null);
}

async function loadsBetween(session: Session, { part, before, after }: PartChange): Promise<LoadSummary[]> {
  const [schema = '', stream = ''] = part.split('.');
  const rows = await session.query<{
    load_id: string;
    run_id: string;
    connector: string;
    committed_at: string | null;
    rows_loaded: number;
    rows_deleted: number;
    rows_vanished: number;
  }>(
    ...statement(
      state('loads')
        .where('load_number', '>', Number(before ?? 0))
        .where('load_number', '<=', Number(after ?? 0))
        .where({ stream })
        .whereRaw('rows_loaded + rows_deleted + rows_vanished > 0')
        .orderBy('load_number')
        .select('load_id', 'run_id', 'connector', 'committed_at', 'rows_loaded', 'rows_deleted', 'rows_vanished'),
    ),
  );
  return rows
    .filter(({ connector }) => `raw_${connector.replaceAll('-', '_')}` === schema)
    .map((row) => ({
      loadId: row.load_id,
      runId: row.run_id,
      stream: `${row.connector}.${stream}`,
      committedAt: row.committed_at,
      loaded: row.rows_loaded,
      deleted: row.rows_deleted,
      vanished: row.rows_vanished,
    }));
}
