/**
 * How long do connected components take from scratch, what do 0.1 % more edges cost next to that, and does memory stay
 * bounded? `npm run bench:components -- [--duckdb 1000000,10000000] [--postgres 100000,1000000] [--shape people|random] [--memory 4GB]`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../fixtures/postgres.ts';
import { createDatabase, dropDatabase } from '../tests/support/databases.ts';
import type { MeasuredComponents } from './measured-components.ts';

const { values } = parseArgs({
  options: {
    duckdb: { type: 'string', default: '1000000,10000000' },
    postgres: { type: 'string', default: '100000,1000000' },
    shape: { type: 'string', default: 'people' },
    memory: { type: 'string', default: '4GB' },
  },
});

const root = await mkdtemp(join(tmpdir(), 'revops-bench-'));
const sizes = { duckdb: numbers(values.duckdb), postgres: numbers(values.postgres) };
const server =
  sizes.postgres.length > 0
    ? await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-bench-postgres-')))
    : undefined;
console.log(
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}; graph: ${values.shape}; DuckDB's memory limit ${values.memory}`,
);
try {
  const head = [
    'engine',
    'nodes',
    'edges',
    'components',
    'build s',
    'of it components s',
    'build cpu s',
    '+0.1 % s',
    'of it components s',
    '+0.1 % cpu s',
    'ratio',
    'of components',
    'of cpu',
    'peak MB',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const engine of ['duckdb', 'postgres'] as const) {
    for (const nodes of sizes[engine]) {
      const found = await measure(engine, nodes);
      table.push([
        engine,
        found.nodes,
        found.edges,
        found.components,
        found.buildSeconds.toFixed(1),
        found.componentsSeconds.toFixed(1),
        found.cpuSeconds.toFixed(1),
        found.incrementSeconds.toFixed(2),
        found.incrementComponentsSeconds.toFixed(2),
        found.incrementCpuSeconds.toFixed(2),
        share(found.incrementSeconds, found.buildSeconds),
        share(found.incrementComponentsSeconds, found.componentsSeconds),
        share(found.incrementCpuSeconds, found.cpuSeconds),
        Math.round(found.peakMegabytes),
      ]);
    }
  }
  console.log(table.toString());
  console.log('Each increment was compared with a full build of the same edges: the same components, names included.');
  console.log('Memory and processor time are those of the process that builds; a Postgres server has its own.');
} finally {
  await server?.stop();
  await rm(root, { recursive: true, force: true });
}

// --- internal ---

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

function numbers(text: string): number[] {
  return text.split(',').map(Number).filter(Boolean);
}

async function measure(engine: 'duckdb' | 'postgres', nodes: number): Promise<MeasuredComponents> {
  const folder = await mkdtemp(join(root, 'run-'));
  const url = engine === 'postgres' && server !== undefined ? await createDatabase(server.url) : undefined;
  const config =
    url === undefined
      ? { type: 'duckdb', path: join(folder, 'warehouse.duckdb'), memoryLimit: values.memory }
      : { type: 'postgres', url };
  try {
    const script = join(import.meta.dirname, 'measured-components.ts');
    const words = [JSON.stringify(config), folder, String(nodes), values.shape];
    const child = spawn(process.execPath, ['--conditions=source', script, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`measuring ${nodes} nodes on ${engine} failed`);
    return JSON.parse(output) as MeasuredComponents;
  } finally {
    if (url !== undefined && server !== undefined) await dropDatabase(server.url, url);
    await rm(folder, { recursive: true, force: true });
  }
}
