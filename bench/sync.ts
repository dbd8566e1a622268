/**
 * How fast do rows come from a platform into the warehouse, next to the least it could take? And does memory stay flat?
 * `npm run bench:sync -- [--rows 200000,2000000] [--engine duckdb,postgres] [--times 1]`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../fixtures/postgres.ts';
import { createDatabase, dropDatabase } from '../tests/support/databases.ts';
import type { Measured } from './measured.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000,2000000' },
    engine: { type: 'string', default: 'duckdb,postgres' },
    times: { type: 'string', default: '1' },
  },
});
/** Four slices of seven days, whatever the number of rows: so a slice of the large run is ten times as big. */
const FROM = '2025-05-01';
const TO = '2025-05-28';
const DAYS = 28;

const root = await mkdtemp(join(tmpdir(), 'revops-bench-'));
const postgres = values.engine.includes('postgres')
  ? await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-bench-postgres-')))
  : undefined;
console.log(
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
try {
  const table = new Table({
    head: [
      'engine',
      'rows',
      'sync rows/s',
      'floor rows/s',
      'ratio',
      'sync cpu s',
      'floor cpu s',
      'sync peak MB',
      'floor peak MB',
    ],
    style: { head: [], border: [] },
  });
  const peaks = new Map<string, number[]>();
  for (const engine of values.engine.split(',')) {
    for (const wanted of values.rows.split(',').map(Number)) {
      const synced = await median('sync', engine, wanted);
      const floor = await median('floor', engine, wanted);
      if (synced.rows !== floor.rows || synced.clicks !== floor.clicks) {
        throw new Error(`not the same work: ${JSON.stringify(synced)} and ${JSON.stringify(floor)}`);
      }
      const [ours, least] = [perSecond(synced), perSecond(floor)];
      table.push([
        engine,
        synced.rows,
        Math.round(ours),
        Math.round(least),
        (ours / least).toFixed(2),
        (synced.cpuMilliseconds / 1000).toFixed(1),
        (floor.cpuMilliseconds / 1000).toFixed(1),
        Math.round(synced.peakMegabytes),
        Math.round(floor.peakMegabytes),
      ]);
      peaks.set(engine, [...(peaks.get(engine) ?? []), synced.peakMegabytes]);
    }
  }
  console.log(table.toString());
  for (const [engine, [first = 0, ...more]] of peaks) {
    for (const peak of more)
      console.log(`${engine}: peak memory ${(peak / first).toFixed(2)} times that of the smallest run`);
  }
} finally {
  await postgres?.stop();
  await rm(root, { recursive: true, force: true });
}

// --- internal ---

async function median(kind: 'sync' | 'floor', engine: string, rows: number): Promise<Measured> {
  const runs: Measured[] = [];
  for (let time = 0; time < Number(values.times); time += 1)
    runs.push(await measure(kind, engine, Math.ceil(rows / DAYS)));
  return runs.toSorted((one, other) => one.milliseconds - other.milliseconds)[Math.floor(runs.length / 2)] as Measured;
}

async function measure(kind: 'sync' | 'floor', engine: string, rowsPerDay: number): Promise<Measured> {
  const folder = await mkdtemp(join(root, 'run-'));
  const url = engine === 'postgres' && postgres !== undefined ? await createDatabase(postgres.url) : undefined;
  const config =
    url === undefined ? { type: 'duckdb', path: join(folder, 'warehouse.duckdb') } : { type: 'postgres', url };
  const source = kind === 'sync' ? await startSource(rowsPerDay) : undefined;
  try {
    const words = [kind, JSON.stringify(config), folder, FROM, TO, String(rowsPerDay)];
    const endpoints =
      source === undefined
        ? {}
        : { REVOPS_GOOGLE_ADS_ENDPOINT: source.url, REVOPS_GOOGLE_ADS_TOKEN_ENDPOINT: source.url };
    const child = spawn(process.execPath, ['--conditions=source', join(import.meta.dirname, 'measured.ts'), ...words], {
      env: { ...process.env, ...endpoints },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`measuring ${kind} on ${engine} failed`);
    return JSON.parse(output) as Measured;
  } finally {
    source?.stop();
    if (url !== undefined && postgres !== undefined) await dropDatabase(postgres.url, url);
    await rm(folder, { recursive: true, force: true });
  }
}

async function startSource(rowsPerDay: number): Promise<{ url: string; stop(): void }> {
  const now = `${TO}T12:00:00Z`;
  const child = spawn(
    process.execPath,
    ['--conditions=source', join(import.meta.dirname, 'source.ts'), String(rowsPerDay), now],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: child.stdout }))
    return { url: line, stop: () => void child.kill() };
  throw new Error('the source of the bench did not start');
}

function perSecond({ rows, milliseconds }: Measured): number {
  return rows / (milliseconds / 1000);
}
