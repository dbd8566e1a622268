/**
 * One measurement of connected components, in a process of its own so that its peak memory is its own:
 * `measured-components.ts <warehouse config as JSON> <folder> <nodes> people|random`. Prints JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { build, readModelProject, type BuildReport } from '../src/model/index.ts';
import { Secret } from '../src/secret.ts';
import { openWarehouse } from '../src/warehouse/index.ts';
import { migrateState, state, statement } from '../src/warehouse/state/index.ts';

export interface MeasuredComponents {
  nodes: number;
  edges: number;
  components: number;
  /** The whole first build, the table of edges included. */
  buildSeconds: number;
  /** The part of it that is the components. */
  componentsSeconds: number;
  /** Processor time of the first build, all threads. */
  cpuSeconds: number;
  /** The build after 0.1 % more edges, the part of it that is the components, and its processor time. */
  incrementSeconds: number;
  incrementComponentsSeconds: number;
  incrementCpuSeconds: number;
  peakMegabytes: number;
}

const [config = '', folder = '', size = '0', shape = 'people'] = process.argv.slice(2);
const plain = JSON.parse(config) as { type: 'duckdb'; path: string } | { type: 'postgres'; url: string };
const warehouse = await openWarehouse(
  plain.type === 'duckdb' ? plain : { ...plain, url: new Secret(plain.url, 'bench') },
);
const nodes = Number(size);
const people = Math.floor(nodes / 5);
const edges = Math.floor(nodes * 1.2);
const more = Math.floor(edges / 1000);
const now = new Date('2026-03-01T12:00:00Z');

await migrateState(warehouse, () => now);
await warehouse.execute('create schema raw_bench');
for (const table of ['links', 'links__history']) {
  const replaced = table === 'links' ? '' : ', _replaced_by text';
  await warehouse.execute(
    `create table raw_bench.${table} (id text, one text, other text, seen_at ${warehouse.typeName('timestamptz')}, _load_id text, _deleted boolean${replaced})`,
  );
}
writeProject();
const project = await readModelProject([{ origin: 'bench', models: join(folder, 'models'), sql: join(folder, 'sql') }]);

await load(0, edges, 1);
const cpuBegan = process.cpuUsage();
const first = await timed();
const cpu = process.cpuUsage(cpuBegan);
await load(edges, edges + more, 2);
const cpuBeforeSecond = process.cpuUsage();
const second = await timed();
const secondCpu = process.cpuUsage(cpuBeforeSecond);
const step = second.report.relations.find(({ name }) => name === 'people');
if (step?.ran !== 'incremental') throw new Error(`not in part: ${step?.because ?? step?.ran ?? ''}`);
const inPart = await digest();
await timed(true);
const whole = await digest();
if (inPart !== whole) throw new Error(`in part and whole differ: ${inPart} and ${whole}`);
const [counted] = await warehouse.query<{ nodes: number; components: number }>(
  'select count(*) as nodes, count(distinct component) as components from core.people',
);
await warehouse.close();
const measured: MeasuredComponents = {
  nodes: Number(counted?.nodes),
  edges,
  components: Number(counted?.components),
  buildSeconds: first.seconds,
  componentsSeconds: (first.report.relations.find(({ name }) => name === 'people')?.milliseconds ?? 0) / 1000,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  incrementSeconds: second.seconds,
  incrementComponentsSeconds: step.milliseconds / 1000,
  incrementCpuSeconds: (secondCpu.user + secondCpu.system) / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(measured));

// --- internal ---

async function timed(isWhole = false): Promise<{ seconds: number; report: BuildReport }> {
  const began = performance.now();
  const report = await build({ warehouse, project, inputs: {}, now: () => now, runId: 'bench', fullRefresh: isWhole });
  return { seconds: (performance.now() - began) / 1000, report };
}

/** Edges `from` to `to`, as a load of a sync. */
async function load(from: number, to: number, number: number): Promise<void> {
  const node = (index: string): string => `'device:' || md5(cast(${index} as text))`;
  const seen = `timestamptz '2025-01-01 00:00:00+00' + ((i * 7919) % 31536000) * interval '1 second'`;
  const one =
    shape === 'random'
      ? `(i * 48271 + i / 7) % ${nodes}`
      : `case when i < ${nodes - people} then ${people} + i else ${people} + (i * 7919) % ${nodes - people} end`;
  const other =
    shape === 'random'
      ? `(i * 16807 + i / 3 + 11) % ${nodes}`
      : `case when i < ${nodes - people} then (${people} + i) % ${people} when i % 100 = 0 then (i * 31 + 7) % ${nodes} else (1 + i % 4) * ${people} + (${people} + (i * 7919) % ${nodes - people}) % ${people} end`;
  const integral = (text: string): string => (warehouse.engine === 'duckdb' ? text.replaceAll(' / ', ' // ') : text);
  await warehouse.execute(
    `insert into raw_bench.links select cast(i as text), ${node(integral(one))}, ${node(integral(other))}, ${seen}, 'l${number}', false from generate_series(cast(${from} as bigint), cast(${to - 1} as bigint)) as numbers(i)`,
  );
  if (warehouse.engine === 'postgres') await warehouse.execute('analyze raw_bench.links');
  const counts = { rows_read: to - from, rows_loaded: to - from, rows_unchanged: 0, rows_rejected: 0 };
  await warehouse.execute(
    ...statement(
      state('loads').insert({
        load_id: `l${number}`,
        load_number: number,
        run_id: 'bench',
        connector: 'bench',
        stream: 'links',
        partition_key: '{}',
        slice: '',
        mode: 'append',
        started_at: now,
        committed_at: now,
        rows_deleted: 0,
        rows_vanished: 0,
        ...counts,
      }),
    ),
  );
}

/** A number that any other row, or any row in another component, would change. */
async function digest(): Promise<string> {
  const bits = (text: string): string =>
    warehouse.engine === 'duckdb'
      ? `cast(hash(${text}) >> 8 as decimal(38,0))`
      : `cast(hashtextextended(${text}, 0) as numeric)`;
  const [row] = await warehouse.query<{ digest: string }>(
    `select cast(sum(${bits(`node || ' ' || component || ' ' || coalesce(cast(first_at as text), '')`)}) as text) as digest from core.people`,
  );
  return row?.digest ?? '';
}

function writeProject(): void {
  const columns = (names: Record<string, string>): string =>
    Object.entries(names)
      // as the ids of the library's staging models
      .map(([name, type]) => {
        const tests = name === 'link_id' ? ', tests: [not_null]' : '';
        return `  ${name}: { type: ${type}, description: Of the bench.${tests} }`;
      })
      .join('\n');
  const own = { link_id: 'text', one: 'text', other: 'text', seen_at: 'timestamptz' };
  const files = {
    'models/staging/bench/links.sql': `/*\ndescription: One row per edge.\ngrain: [link_id]\nsource: bench.links\nreads: { id: text, one: text, other: text, seen_at: timestamptz, _deleted: boolean }\ncolumns:\n${columns(own)}\n*/\nselect id as link_id, one, other, seen_at from source where not _deleted\n`,
    'models/core/people.sql': `/*\ndescription: One row per edge.\ngrain: [link_id]\nkey: link_id\nmaterialized: components\ncomponents: { nodes: [one, other], at: seen_at }\ncolumns:\n${columns(own)}\n*/\nselect link_id, one, other, seen_at from bench_links\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
