/**
 * One sync inside an open session: checks selection and secrets, shows progress.
 */
import { join } from 'node:path';

import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { beginRun, endRun, syncSummary } from '../project/runs.ts';
import { requireSecrets } from '../project/secrets.ts';
import type { SyncReport } from '../sync/contract.ts';
import { sync } from '../sync/index.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import type { OpenLineage } from '../project/open-lineage.ts';
import type { CommandContext, Options } from './context.ts';
import { followSync } from './open-lineage.ts';
import { selectedStreams, showProgress, type StreamName } from './progress.ts';

export async function performSync(
  context: CommandContext,
  project: Project,
  warehouse: Warehouse,
  select: readonly string[],
  options: Options,
  lineage: OpenLineage | null = null,
): Promise<SyncReport> {
  const streams = checkedSelection(project, select);
  requireSecrets(
    project,
    streams.map(({ connector }) => connector),
  );
  const runId = crypto.randomUUID();
  await beginRun(warehouse, { runId, command: context.command, startedAt: context.now() });
  const progress = await showProgress(context, streams);
  const follower = lineage === null ? null : followSync(lineage, { runId, now: context.now() });
  try {
    const report = await sync({
      warehouse,
      connectors: project.connectors,
      spoolFolder: join(project.stateFolder, 'spool'),
      start: project.start,
      now: context.now,
      signal: context.signal,
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
    await endRun(warehouse, runId, context.now(), report.status, syncSummary(report));
    return report;
  } catch (error) {
    follower?.end(error);
    await endRun(warehouse, runId, context.now(), 'failed', null).catch(() => undefined);
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
