/**
 * A process that syncs and builds the project in a folder and ends itself with SIGKILL at a boundary.
 * Arguments: folder, boundary, how often it is passed before. Without a boundary all of them are printed, one a line.
 * `REVOPS_DRILL_SELECT`: the models to build, all by default.
 */
import { join } from 'node:path';

import { build } from '../../src/model/index.ts';
import { engineInputs } from '../../src/project/inputs.ts';
import { loadProject } from '../../src/project/load.ts';
import { compileModels } from '../../src/project/overlay.ts';
import { beginRun, endRun, noteRun, syncSummary } from '../../src/project/runs.ts';
import { sync } from '../../src/sync/index.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';

const [folder = '', deadly = '', passes = '0'] = process.argv.slice(2);
let left = Number(passes);
const passed: string[] = [];

function step(name: string): void {
  passed.push(name);
  if (name !== deadly) return;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  left -= 1;
}

const project = await loadProject(folder);
const now = (): Date => new Date(process.env['REVOPS_NOW'] ?? '');
const warehouse = await openWarehouse(project.warehouse);
const lease = await warehouse.lease('drill', 30_000);
step('lease: taken');
await migrateState(warehouse, now);
step('state: migrated');
const runId = crypto.randomUUID();
await beginRun(warehouse, { runId, command: 'run', startedAt: now(), keepDays: project.runs.keepDays });
const signal = new AbortController().signal;
const report = await sync({
  warehouse,
  connectors: project.connectors,
  spoolFolder: join(project.stateFolder, 'spool'),
  start: project.start,
  now,
  signal,
  select: [],
  onEvent: () => undefined,
  onStep: (name, stream) => step(`sync: ${name} ${stream}`),
  runId,
});
step('sync: done');
await noteRun(warehouse, runId, syncSummary(report));
await endRun(warehouse, runId, now(), report.status);
if (report.status !== 'ok') throw new Error(JSON.stringify(report));
const compiled = await compileModels(project);
const models = compiled.project;
const inputs = await engineInputs(project, models, warehouse, now());
await build({
  warehouse,
  project: models,
  compiled,
  inputs,
  now,
  runId,
  signal,
  select: (process.env['REVOPS_DRILL_SELECT'] ?? '').split(' ').filter((term) => term !== ''),
  onStep: (name) => step(`build: ${name}`),
});
step('build: done');
await lease.release();
await warehouse.close();
if (deadly === '') console.log(passed.join('\n'));
