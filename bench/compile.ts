/**
 * How long does it take to compile a project of 500 models, next to a DuckDB that only parses the same SQL?
 * `--models 500`, `--times 5` (the median), `--shipped` for the library of this repository instead.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { compileProject, readModelProject } from '../src/model/index.ts';
import { openScratch } from '../src/model/compile/scratch.ts';
import { generatedModels } from './generated-models.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '500' },
    times: { type: 'string', default: '5' },
    shipped: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'revops-bench-'));
try {
  const root = values.shipped ? join(import.meta.dirname, '..') : write(generatedModels(Number(values.models)));
  const folders = [{ origin: 'bench', models: join(root, 'models'), sql: join(root, 'sql') }];
  const runs: { read: Cost; compile: Cost; parse: Cost }[] = [];
  let models = 0;
  for (let time = 0; time < Number(values.times); time += 1) {
    const [project, read] = await measured(() => readModelProject(folders));
    const [compiled, compile] = await measured(() => compileProject(project));
    const texts = project.models.map((model) => model.sql);
    const [, parse] = await measured(() => parseOnly(texts));
    models = compiled.relations.filter((relation) => relation.kind === 'model').length;
    runs.push({ read, compile, parse });
  }
  const cost = (pick: (run: (typeof runs)[number]) => Cost): Cost => ({
    seconds: median(runs.map((run) => pick(run).seconds)),
    cpuSeconds: median(runs.map((run) => pick(run).cpuSeconds)),
  });
  const all = cost(({ read, compile }) => ({
    seconds: read.seconds + compile.seconds,
    cpuSeconds: read.cpuSeconds + compile.cpuSeconds,
  }));
  const floor = cost((run) => run.parse);
  console.log(
    `${models} models: ${shown(all)} (files ${shown(cost((run) => run.read))}, SQL ${shown(cost((run) => run.compile))})`,
  );
  console.log(`the same SQL only parsed: ${shown(floor)}; ratio ${(all.seconds / floor.seconds).toFixed(1)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// --- internal ---

function write(files: ReadonlyMap<string, string>): string {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface Cost {
  seconds: number;
  /** Of all threads: what it takes on a machine that has nothing else to do. */
  cpuSeconds: number;
}

async function measured<T>(work: () => Promise<T>): Promise<[T, Cost]> {
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const result = await work();
  const cpu = process.cpuUsage(cpuBegan);
  return [result, { seconds: (performance.now() - began) / 1000, cpuSeconds: (cpu.user + cpu.system) / 1e6 }];
}

function shown({ seconds, cpuSeconds }: Cost): string {
  return `${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processor`;
}

/** A DuckDB opened, every SELECT parsed to its AST, the DuckDB closed. */
async function parseOnly(texts: readonly string[]): Promise<void> {
  const scratch = await openScratch();
  await scratch.parse(texts);
  scratch.close();
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
