/**
 * One sync inside an open session: checks selection and secrets, shows progress.
 */
import { join } from 'node:path';

import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { syncSummary, type OpenRun } from '../project/runs.ts';
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
  const streams = checkedSelection(project, select);
  requireSecrets(
    project,
    streams.map(({ connector }) => connector),
  );
  const progress = await showProgress(context, streams, runId);
  const follower = lineage === null ? null : followSync(lineage, context.now());
  try {
    const report = await sync({
      warehouse,
      connectors: project.connectors,
      spoolFolder: join(project.stateFolder, 'spool'),
      start: project.start,
      now: context.now,
      signal: context.signal,
      ...(enough === undefined ? {} : { enough }),
      select,
      allowShrink: options['allowShrink'] === true,
      full: options['full'] === true,
      onEvent: (event) => {
        progress.onEvent(event);
        follower?.onEvent(event);
      },
      runId,
    });
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
