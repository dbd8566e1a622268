/**
 * One sync inside an open session: checks selection and secrets, shows progress.
 */
import { join } from 'node:path';

import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { lastCompleteReads, syncSummary, type OpenRun } from '../project/runs.ts';
import { dueStreams, type WaitingStream } from '../project/schedule.ts';
import { requireSecrets } from '../project/secrets.ts';
import type { SyncReport } from '../sync/contract.ts';
import { sync } from '../sync/index.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import type { OpenLineage } from '../project/open-lineage.ts';
import type { CommandContext, Options } from './context.ts';
import { followSync } from './open-lineage.ts';
import { selectedStreams, showProgress, type StreamName } from './progress.ts';
import { timeBudget } from './time-budget.ts';

/** What to sync, and how. */
export interface SyncRequest {
  select?: readonly string[];
  /** Of the command line: `--full`, `--allow-shrink`, `--time-budget`. */
  options: Options;
  /** Where events go as OpenLineage has them. */
  lineage: OpenLineage | null;
}

/** Notes in the record of the run how every stream ended, so that a build of the same run knows it. */
export async function performSync(
  context: CommandContext,
  project: Project,
  warehouse: Warehouse,
  { runId, note }: OpenRun,
  { select = [], options, lineage }: SyncRequest,
): Promise<SyncReport> {
  const enough = timeBudget(options);
  const { streams, waiting } = await whatIsAsked(context, project, warehouse, select, options['full'] === true);
  requireSecrets(
    project,
    streams.map(({ connector }) => connector),
  );
  const progress = await showProgress(context, streams, runId);
  const follower = lineage === null ? null : followSync(lineage, context.now());
  try {
    const synced = await sync({
      warehouse,
      // Where nothing is due, nothing is selected, which would be everything.
      connectors: streams.length === 0 ? [] : project.connectors,
      spoolFolder: join(project.stateFolder, 'spool'),
      start: project.start,
      now: context.now,
      signal: context.signal,
      ...(enough === undefined ? {} : { enough }),
      select: streams.length === 0 ? [] : streams.map(({ connector, stream }) => `${connector}.${stream}`),
      allowShrink: options['allowShrink'] === true,
      full: options['full'] === true,
      onEvent: (event) => {
        progress.onEvent(event);
        follower?.onEvent(event);
      },
      runId,
    });
    const report = waiting.length === 0 ? synced : { ...synced, waiting };
    follower?.end(report.status === 'failed' ? 'no stream is up to date' : undefined);
    await note(syncSummary(report));
    return report;
  } catch (error) {
    follower?.end(error);
    throw error;
  } finally {
    await progress.close();
  }
}

// --- internal ---

/** What is named, or read anew, is asked for whenever it is; else what the schedule says is due. */
async function whatIsAsked(
  context: CommandContext,
  project: Project,
  warehouse: Warehouse,
  select: readonly string[],
  isFull: boolean,
): Promise<{ streams: StreamName[]; waiting: WaitingStream[] }> {
  const streams = checkedSelection(project, select);
  if (select.length > 0 || isFull || Object.keys(project.schedule).length === 0) return { streams, waiting: [] };
  const reads = await lastCompleteReads(warehouse);
  const { due, waiting } = dueStreams(project.schedule, project.connectors, reads, context.now());
  return { streams: due.length === 0 ? [] : selectedStreams(project.connectors, due), waiting };
}

function checkedSelection(project: Project, select: readonly string[]): StreamName[] {
  const all = selectedStreams(project.connectors, []);
  const known = new Set(all.flatMap(({ connector, stream }) => [connector, `${connector}.${stream}`]));
  const unknown = select.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new RevopsError('USAGE', `the project has no connector or stream ${JSON.stringify(unknown)}`, {
      hint: '`revops list streams` names them.',
    });
  }
  return selectedStreams(project.connectors, select);
}
