/**
 * One measurement, in a process of its own so that its peak memory is its own:
 * `measured.ts sync|floor <warehouse config as JSON> <folder> <from> <to> <rows per day>`. Prints JSON.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { googleAds } from '../connectors/google-ads/index.ts';
import { EMULATED_CREDENTIALS } from '../fixtures/emulators/google-ads/index.ts';
import { Secret } from '../src/secret.ts';
import { sync } from '../src/sync/index.ts';
import { shapeOf } from '../src/sync/shape.ts';
import type { Warehouse } from '../src/warehouse/contract.ts';
import { openWarehouse } from '../src/warehouse/index.ts';
import type { Column } from '../src/warehouse/types.ts';
import { migrateState } from '../src/warehouse/state/index.ts';
import { daysBetween, record } from './rows.ts';

export interface Measured {
  rows: number;
  milliseconds: number;
  /** Processor time of this process, all threads; the source and a Postgres server have their own. */
  cpuMilliseconds: number;
  /** Peak resident memory of the process, MB. */
  peakMegabytes: number;
  /** A check that both sides did the same work. */
  clicks: number;
}

const [kind, config = '', folder = '', from = '', to = '', rowsPerDay = '0'] = process.argv.slice(2);
const plain = JSON.parse(config) as { type: 'duckdb'; path: string } | { type: 'postgres'; url: string };
const secrets = Object.fromEntries(
  Object.entries(EMULATED_CREDENTIALS).map(([name, value]) => [name, new Secret(value, 'bench')]),
) as unknown as Parameters<typeof googleAds>[0];
const connector = googleAds(secrets);
const stream = connector.streams.find(({ name }) => name === 'ad_group_days');
if (stream === undefined) throw new Error('the connector has no ad_group_days');
const { columns } = shapeOf('google-ads', stream);

const warehouse = await openWarehouse(
  plain.type === 'duckdb' ? plain : { ...plain, url: new Secret(plain.url, 'bench') },
);
await migrateState(warehouse, () => new Date());
// What takes seconds to load is loaded before the clock runs.
if (kind === 'sync') await syncStream('accounts');
const began = performance.now();
const cpuBegan = process.cpuUsage();
const table = kind === 'sync' ? await throughSync() : await throughFloor();
const milliseconds = performance.now() - began;
const cpu = process.cpuUsage(cpuBegan);
const [totals] = await warehouse.query<{ rows: number; clicks: number }>(
  `select count(*) as rows, cast(sum(clicks) as bigint) as clicks from ${table}`,
);
await warehouse.close();
const measured: Measured = {
  rows: Number(totals?.rows),
  clicks: Number(totals?.clicks),
  milliseconds,
  cpuMilliseconds: (cpu.user + cpu.system) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(measured));

// --- internal ---

async function throughSync(): Promise<string> {
  await syncStream('ad_group_days');
  return 'raw_google_ads.ad_group_days';
}

async function syncStream(name: string): Promise<void> {
  const now = new Date(`${to}T12:00:00Z`);
  const report = await sync({
    warehouse,
    connectors: [connector],
    spoolFolder: join(folder, 'spool'),
    start: from,
    now: () => now,
    signal: new AbortController().signal,
    select: [`google-ads.${name}`],
    onEvent: () => undefined,
    runId: 'bench',
  });
  if (report.status !== 'ok') throw report.streams[0]?.error ?? new Error(report.status);
}

/** The same rows as NDJSON on disk, then the engine's own bulk loader. */
async function throughFloor(): Promise<string> {
  const file = join(folder, 'rows.ndjson');
  await writeNdjson(file);
  const spelled = columns.map(({ name, type }) => `${name} ${warehouse.typeName(type)}`);
  await warehouse.execute(`create table bench_floor (${spelled.join(', ')})`);
  if (plain.type === 'duckdb') await loadDuckdb(warehouse, file);
  else await loadPostgres(plain.url, file);
  return 'bench_floor';
}

async function writeNdjson(file: string): Promise<void> {
  const output = createWriteStream(file, { flush: true });
  let text = '';
  for (const day of daysBetween(from, to)) {
    for (let index = 0; index < Number(rowsPerDay); index += 1) {
      text += `${JSON.stringify(record(day, index))}\n`;
      if (text.length < 262_144) continue;
      if (!output.write(text)) await once(output, 'drain');
      text = '';
    }
  }
  output.end(text);
  await once(output, 'close');
}

async function loadDuckdb(target: Warehouse, file: string): Promise<void> {
  const types = columns.map(({ name, type }) => `${name}: '${target.typeName(type)}'`).join(', ');
  await target.execute(
    `insert into bench_floor select * from read_json('${file}', format = 'newline_delimited', columns = {${types}})`,
  );
}

async function loadPostgres(url: string, file: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query('create temporary table bench_lines (line json) on commit drop');
  // Bytes that no line has stand for the delimiter and the quote.
  const copy = client.query(
    copyFrom(`copy bench_lines from stdin with (format csv, delimiter e'\\x01', quote e'\\x02')`),
  );
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), copy);
  const named = columns.map((column: Column) => `${column.name} ${warehouse.typeName(column.type)}`).join(', ');
  await client.query(`insert into bench_floor select r.* from bench_lines, json_to_record(line) as r(${named})`);
  await client.query('commit');
  await client.end();
}
