/**
 * A process that syncs and builds the project in a folder and ends itself with SIGKILL at the n-th boundary.
 * Arguments: folder, number of the boundary (0: none, and the boundaries are printed, one a line).
 */
import { join } from 'node:path';

import { build } from '../../src/model/index.ts';
import { engineInputs } from '../../src/project/inputs.ts';
import { loadProject } from '../../src/project/load.ts';
import { readModels } from '../../src/project/overlay.ts';
import { beginRun, endRun, syncSummary } from '../../src/project/runs.ts';
import { sync } from '../../src/sync/index.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';

const [folder = '', last = '0'] = process.argv.slice(2);
const deadly = Number(last);
let passed = 0;
const passedSteps: string[] = [];

function step(name: string): void {
  passed += 1;
  if (passed === deadly) process.kill(process.pid, 'SIGKILL');
  passedSteps.push(name);
}

const project = await loadProject(folder);
const now = (): Date => new Date(process.env['REVOPS_NOW'] ?? '');
const warehouse = await openWarehouse(project.warehouse);
const lease = await warehouse.lease('drill', 30_000);
step('lease: taken');
await migrateState(warehouse, now);
step('state: migrated');
const runId = crypto.randomUUID();
await beginRun(warehouse, { runId, command: 'run', startedAt: now() });
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
  onStep: (name) => step(`sync: ${name}`),
  runId,
});
step('sync: done');
await endRun(warehouse, runId, now(), report.status, syncSummary(report));
if (report.status !== 'ok') throw new Error(JSON.stringify(report));
const models = await readModels(project);
const inputs = await engineInputs(project, models, warehouse, now());
await build({ warehouse, project: models, inputs, now, runId, signal, onStep: (name) => step(`build: ${name}`) });
step('build: done');
await lease.release();
await warehouse.close();
if (deadly === 0) console.log(passedSteps.join('\n'));
