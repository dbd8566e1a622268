/**
 * From a changelog, which tells differences, to the states a deal was in.
 */
import type { WireRecord } from './lists.ts';

/** An entry of the changelog. */
export interface Change {
  field_key: string;
  old_value: string | number | null;
  new_value: string | number | null;
  /** In UTC: `2026-10-31 09:00:00`. */
  time: string;
  change_source?: string | null;
  is_bulk_update_flag?: boolean | null;
}

export interface DealState {
  stageId: string | null;
  status: string;
  changedAt: string;
  recordedAt: string;
  source: string | null;
  isBulk: boolean | null;
}

/**
 * The states of a deal in their order, the first one from when it was made. The changelog does not tell that one: it is what
 * the first changes changed, else what is now. A deal that was made as won or lost was so when its own time says.
 */
export function statesOf(deal: WireRecord, changelog: readonly Change[]): DealState[] {
  const changes = inOrder(changelog).filter(({ field_key: field }) => field === 'stage_id' || field === 'status');
  const madeAt = instantOf(String(deal['add_time']));
  const status = firstOf(changes, 'status') ?? String(deal['status']);
  const closedAt = status === 'won' ? deal['won_time'] : status === 'lost' ? deal['lost_time'] : null;
  const first: DealState = {
    stageId: firstOf(changes, 'stage_id') ?? textOf(deal['stage_id']),
    status,
    changedAt: typeof closedAt === 'string' ? instantOf(closedAt) : madeAt,
    recordedAt: madeAt,
    source: null,
    isBulk: null,
  };
  const states = [first];
  for (const change of changes) {
    const before = states.at(-1) as DealState;
    const at = instantOf(change.time);
    states.push({
      stageId: change.field_key === 'stage_id' ? textOf(change.new_value) : before.stageId,
      status: change.field_key === 'status' ? (textOf(change.new_value) ?? before.status) : before.status,
      changedAt: at,
      recordedAt: at,
      source: change.change_source ?? null,
      isBulk: change.is_bulk_update_flag ?? null,
    });
  }
  return states;
}

/** The former version writes times without a zone: they are in UTC. */
export function instantOf(time: string): string {
  return /Z$|[+-]\d{2}:?\d{2}$/.test(time) ? time : `${time.replace(' ', 'T')}Z`;
}

// --- internal ---

/** The platform gives the newest first; where it does not, the entries of one second keep the order given. */
function inOrder(changelog: readonly Change[]): Change[] {
  const isNewestFirst = (changelog[0]?.time ?? '') > (changelog.at(-1)?.time ?? '');
  const given = isNewestFirst || hasOneTime(changelog) ? changelog.toReversed() : [...changelog];
  return given.toSorted((left, right) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0));
}

function hasOneTime(changelog: readonly Change[]): boolean {
  return changelog.every(({ time }) => time === changelog[0]?.time);
}

function firstOf(changes: readonly Change[], field: 'stage_id' | 'status'): string | null {
  return textOf(changes.find((change) => change.field_key === field)?.old_value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
