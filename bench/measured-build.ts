/**
 * One phase of the build benchmark, in a process of its own so that its memory is its own:
 * `measured-build.ts fill|full|plain|increment|check <project folder> <events>`. Prints JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { coveredDays } from './covered-days.ts';
import { companyRows, MORNINGS } from './company-rows.ts';
import { digestsOf } from './digests.ts';
import { plainScript, runPlain } from './plain-script.ts';
import { fillTables, loadNextDay } from './raw-loads.ts';
import { timedSteps, type StepTimes } from './step-times.ts';
import { build, type CompiledProject } from '../src/model/index.ts';
import { engineInputs } from '../src/project/inputs.ts';
import { loadProject } from '../src/project/load.ts';
import { compileModels } from '../src/project/overlay.ts';
import type { Warehouse } from '../src/warehouse/contract.ts';
import { openWarehouse } from '../src/warehouse/index.ts';
import { migrateState } from '../src/warehouse/state/index.ts';

export type Phase = 'fill' | 'full' | 'plain' | 'increment' | 'check';

export interface MeasuredPhase {
  seconds: number;
  /** Processor time of this process, all threads; what a Postgres server took is added where it is watched. */
  cpuSeconds: number;
  peakMegabytes: number;
  /** Raw rows: put in, or new and changed. */
  rows?: number;
  changed?: number;
  steps?: StepTimes;
  /** Relations in which an increment and a full build differ. */
  different?: string[];
}

const [phase = 'fill', folder = '', events = '0'] = process.argv.slice(2);
const project = await loadProject(folder);
const tables = companyRows(Number(events));
const script = join(folder, 'plain.json');
const measured = await measurePhase(phase as Phase);
console.log(JSON.stringify(measured));

// --- internal ---

async function measurePhase(name: Phase): Promise<MeasuredPhase> {
  if (name === 'plain') return timed(async () => runPlain(project.warehouse, JSON.parse(readFileSync(script, 'utf8'))));
  const warehouse = await openWarehouse(project.warehouse);
  if (name === 'fill') {
    await migrateState(warehouse, () => new Date(MORNINGS[0]));
    let rows = 0;
    const cost = await timed(async () => {
      rows = await fillTables(warehouse, project.connectors, tables, MORNINGS[0]);
      await warehouse.close();
    });
    return { ...cost, rows };
  }
  const compiled = await compileModels(project);
  if (name === 'full') {
    const recorded = plainScript(warehouse);
    const measuredBuild = await timedBuild(recorded.warehouse, compiled, MORNINGS[0]);
    writeFileSync(script, JSON.stringify(recorded.statements));
    return measuredBuild;
  }
  if (name === 'increment') {
    const { added, changed } = await loadNextDay(warehouse, project.connectors, tables, MORNINGS[1]);
    return { ...(await timedBuild(warehouse, compiled, MORNINGS[1])), rows: added, changed };
  }
  const inPart = await digestsOf(warehouse, compiled);
  const cost = await timed(async () => void (await buildAt(warehouse, compiled, MORNINGS[1], { fullRefresh: true })));
  const whole = await digestsOf(warehouse, compiled);
  await warehouse.close();
  return { ...cost, different: Object.keys(whole).filter((relation) => whole[relation] !== inPart[relation]) };
}

async function timedBuild(warehouse: Warehouse, compiled: CompiledProject, at: string): Promise<MeasuredPhase> {
  const steps = timedSteps();
  const cost = await timed(async () => {
    const report = await buildAt(warehouse, compiled, at, { onStep: steps.onStep });
    steps.end(report);
    await warehouse.close();
  });
  return { ...cost, steps: steps.times };
}

async function buildAt(
  warehouse: Warehouse,
  compiled: CompiledProject,
  at: string,
  options: { fullRefresh?: boolean; onStep?: (step: string) => void },
): ReturnType<typeof build> {
  const now = new Date(at);
  const given = await engineInputs(project, compiled.project, warehouse, now);
  const inputs = {
    ...given,
    // as in a project whose attribution is locked: credits of settled conversions are frozen
    settings: (given['settings'] ?? []).map((row) => ({ ...row, baseline_id: 'bench', has_baseline: true })),
    source_coverage: coveredDays(project, compiled.project, now),
  };
  return build({ warehouse, project: compiled.project, compiled, inputs, now: () => now, runId: 'bench', ...options });
}

async function timed(work: () => Promise<unknown>): Promise<MeasuredPhase> {
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  await work();
  const cpu = process.cpuUsage(cpuBegan);
  return {
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}
