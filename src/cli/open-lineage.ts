/**
 * `--openlineage FILE`: what a build and a sync tell, as OpenLineage events.
 */
import { resolve } from 'node:path';

import type { BuildEvent, CompiledProject } from '../model/index.ts';
import { openLineageFile, type Dataset, type JobRun, type OpenLineage } from '../project/open-lineage.ts';
import type { Project } from '../project/load.ts';
import type { SyncEvent } from '../sync/contract.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import type { CommandContext, Options } from './context.ts';

/** The file that was asked for; null where none was. */
export function lineageAsked(
  context: CommandContext,
  project: Project,
  warehouse: Warehouse,
  options: Options,
): OpenLineage | null {
  const file = options['openlineage'];
  if (typeof file !== 'string') return null;
  return openLineageFile(project, resolve(context.cwd, file), warehouse.location, context.now);
}

/** What follows one piece of work, and is told how it ended. */
export interface Follower<E> {
  onEvent(event: E): void;
  end(error?: unknown): void;
}

/** Follows a build: a job of its own, and one per model that runs. */
export function followBuild(lineage: OpenLineage, compiled: CompiledProject, now: Date): Follower<BuildEvent> {
  const whole = lineage.start({ name: 'build', type: 'COMMAND', nominalTime: now.toISOString() });
  const open = new Map<string, JobRun>();
  open.set('', whole);
  return {
    onEvent(event) {
      if (event.type === 'model_started') {
        const relation = compiled.byName.get(event.name);
        if (relation === undefined) return;
        const { schema, name, description } = relation;
        open.set(
          name,
          lineage.start({
            name: `build.${schema}.${name}`,
            type: 'MODEL',
            description,
            ...(relation.kind === 'model' ? { sql: relation.model.sql } : {}),
            inputs: inputsOf(compiled, name),
            outputs: [datasetOf(compiled, name)],
            parent: whole,
          }),
        );
      } else if (event.type === 'model_finished') {
        open.get(event.name)?.complete(event.written);
        open.delete(event.name);
      }
    },
    end: (error) => endAll(open, error),
  };
}

/** Follows a sync: a job of its own, and one per stream. */
export function followSync(lineage: OpenLineage, now: Date): Follower<SyncEvent> {
  const whole = lineage.start({ name: 'sync', type: 'COMMAND', nominalTime: now.toISOString() });
  const open = new Map<string, JobRun>();
  open.set('', whole);
  return {
    onEvent(event) {
      const name = `${event.connector}.${event.stream}`;
      if (event.type === 'stream_started') {
        const outputs = [{ name: `raw_${event.connector.replaceAll('-', '_')}.${event.stream}` }];
        open.set(name, lineage.start({ name: `sync.${name}`, type: 'STREAM', outputs, parent: whole }));
      } else if (event.type === 'stream_finished') {
        const { status, rows, error } = event.report;
        if (status === 'ok') open.get(name)?.complete(rows.loaded);
        else open.get(name)?.fail(error ?? 'stopped before its end; the next run goes on from there');
        open.delete(name);
      }
    },
    end: (error) => endAll(open, error),
  };
}

// --- internal ---

/** Ends what is still under way, the whole last; a second call finds nothing. */
function endAll(open: Map<string, JobRun>, error: unknown): void {
  for (const [name, job] of [...open].toReversed()) {
    open.delete(name);
    if (error === undefined) job.complete();
    else job.fail(error);
  }
}

function datasetOf({ byName }: CompiledProject, name: string): Dataset {
  const relation = byName.get(name);
  if (relation === undefined) return { name };
  const { schema, columns, description } = relation;
  return { name: `${schema}.${name}`, columns, description };
}

function inputsOf(compiled: CompiledProject, name: string): Dataset[] {
  const relation = compiled.byName.get(name);
  const source = relation?.kind === 'model' ? relation.model.source : undefined;
  return [
    ...(source === undefined ? [] : [{ name: `raw_${source.connector}.${source.table}` }]),
    ...(relation?.parents ?? []).map((parent) => datasetOf(compiled, parent)),
  ];
}
