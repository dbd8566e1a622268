/**
 * The build behind a change, for people.
 */
import type { Session } from '../../warehouse/contract.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import { causesOf, type Cause } from './causes.ts';
import type { Change } from './changes.ts';

export interface DiffBuild {
  buildId: string;
  startedAt: string;
  publishedAt: string | null;
  /** The time that models saw. */
  clockAt: string | null;
  /** `published`, or `rolled_back` where it was taken back. */
  status: string;
  kind: string;
  /** How it was built: `full` or `incremental`. */
  mode: string | null;
  causes: Cause[];
}

/** The record of the change's build; `all` are the changes recorded. */
export async function describeBuild(session: Session, change: Change, all: readonly Change[]): Promise<DiffBuild> {
  const { buildId, kind } = change;
  const [build] = await session.query<{
    started_at: string;
    published_at: string | null;
    clock_at: string | null;
    status: string;
  }>(...statement(state('builds').where({ build_id: buildId }).select()));
  const [run] = await session.query<{ mode: string | null }>(
    ...statement(state('model_runs').where({ build_id: buildId, model: change.name }).select('mode')),
  );
  return {
    buildId,
    startedAt: build?.started_at ?? '',
    publishedAt: build?.published_at ?? null,
    clockAt: build?.clock_at ?? null,
    status: build?.status ?? 'unknown',
    kind,
    mode: run?.mode ?? null,
    causes: await causesOf(session, change, all),
  };
}
