/**
 * What does building the shipped library cost next to a script that only executes its SQL, and what does one day more
 * cost next to that? `npm run bench:build -- [--events 100000,1000000] [--engine duckdb,postgres] [--unchecked]`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../fixtures/postgres.ts';
import { projectFolder } from '../tests/support/cli.ts';
import { createDatabase, dropDatabase } from '../tests/support/databases.ts';
import type { MeasuredPhase, Phase } from './measured-build.ts';
import { watchServer } from './server-use.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000,1000000' },
    engine: { type: 'string', default: 'duckdb,postgres' },
    unchecked: { type: 'boolean', default: false },
    steps: { type: 'boolean', default: false },
  },
});
const sizes = values.events.split(',').map(Number).filter(Boolean);
const engines = (['duckdb', 'postgres'] as const).filter((engine) => values.engine.split(',').includes(engine));

const FILE = 'warehouse.duckdb';
const root = await mkdtemp(join(tmpdir(), 'revops-bench-'));
// of its own: the server's user cannot enter ours
const serverFolder = engines.includes('postgres') ? await mkdtemp(join(tmpdir(), 'revops-bench-postgres-')) : '';
const server = serverFolder === '' ? undefined : await startEmbeddedPostgres(serverFolder);
console.log(
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
);
try {
  for (const engine of engines) {
    const table = new Table({ head: headOf(), style: { head: [], border: [] } });
    let before: Measured | undefined;
    for (const events of sizes) {
      const found = await measure(engine, events);
      table.push(rowOf(events, found, before));
      console.log(slowest(`${engine}, ${events} events: the full build`, found.full));
      console.log(slowest(`${engine}, ${events} events: one day more`, found.increment));
      if (values.steps)
        console.log(JSON.stringify({ full: found.full.steps, increment: found.increment.steps }, null, 1));
      before = found;
    }
    console.log(`${engine}:\n${table.toString()}`);
  }
} finally {
  await server?.stop();
  await rm(root, { recursive: true, force: true });
}

// --- internal ---

type Measured = Record<Exclude<Phase, 'check'>, MeasuredPhase>;

function headOf(): string[] {
  return [
    'events',
    'raw rows',
    'script s',
    'build s',
    'ratio',
    'ratio by processor',
    'without tests',
    'day: new + changed rows',
    'day s',
    'of the build',
    'by processor',
    'peak MB script / build / day',
    'growth script / build / day',
  ];
}

function rowOf(events: number, { fill, plain, full, increment }: Measured, before: Measured | undefined): string[] {
  const tests = Object.values(full.steps?.relations ?? {}).reduce((sum, { tested }) => sum + tested, 0);
  const phases = [
    ['plain', plain],
    ['full', full],
    ['increment', increment],
  ] as const;
  return [
    String(events),
    String(fill.rows),
    plain.seconds.toFixed(1),
    full.seconds.toFixed(1),
    (full.seconds / plain.seconds).toFixed(2),
    (full.cpuSeconds / plain.cpuSeconds).toFixed(2),
    ((full.seconds - tests) / plain.seconds).toFixed(2),
    `${increment.rows} + ${increment.changed}`,
    increment.seconds.toFixed(2),
    `${((increment.seconds / full.seconds) * 100).toFixed(1)} %`,
    `${((increment.cpuSeconds / full.cpuSeconds) * 100).toFixed(1)} %`,
    phases.map(([, phase]) => Math.round(phase.peakMegabytes)).join(' / '),
    before === undefined
      ? '–'
      : phases.map(([name, phase]) => `${(phase.seconds / before[name].seconds).toFixed(1)}×`).join(' / '),
  ];
}

function slowest(title: string, { seconds, steps }: MeasuredPhase): string {
  const relations = Object.entries(steps?.relations ?? {});
  const tests = relations.reduce((sum, [, { tested }]) => sum + tested, 0);
  const share = (part: number): string => `${((part / seconds) * 100).toFixed(0)} %`;
  const first = relations
    .toSorted(([, one], [, other]) => other.made + other.tested - one.made - one.tested)
    .slice(0, 3)
    .map(([name, { made, tested, ran }]) => `${name} ${share(made)} + tests ${share(tested)} (${ran})`);
  const whole = relations.filter(([, { ran }]) => ran === 'full').map(([name]) => name);
  return `${title}: ${seconds.toFixed(1)} s, of it tests ${share(tests)}, plan and publication ${share(steps?.rest ?? 0)}; slowest: ${first.join(', ')}; built whole: ${whole.length > 12 ? whole.length : whole.join(', ')}`;
}

async function measure(engine: 'duckdb' | 'postgres', events: number): Promise<Measured> {
  const folders: string[] = [];
  const databases: string[] = [];
  const make = async (copyOf?: Base): Promise<Base> => {
    const project = projectFolder({ 'revops.config.ts': configText(engine) });
    folders.push(project.folder);
    if (engine === 'duckdb') {
      if (copyOf !== undefined) await copyFile(join(copyOf.folder, FILE), join(project.folder, FILE));
      return { folder: project.folder, url: '' };
    }
    const url = await createDatabase(server?.url ?? '', copyOf?.url);
    databases.push(url);
    return { folder: project.folder, url };
  };
  try {
    const base = await make();
    const fill = await run('fill', base, events);
    const built = await make(base);
    const full = await run('full', built, events);
    await copyFile(join(built.folder, 'plain.json'), join(base.folder, 'plain.json'));
    const plain = await run('plain', base, events);
    const increment = await run('increment', built, events);
    if (!values.unchecked) {
      const { different = [] } = await run('check', built, events);
      if (different.length > 0) throw new Error(`in part and whole differ: ${different.join(', ')}`);
    }
    return { fill, plain, full, increment };
  } finally {
    for (const url of databases) await dropDatabase(server?.url ?? '', url);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

interface Base {
  folder: string;
  url: string;
}

async function run(phase: Phase, { folder, url }: Base, events: number): Promise<MeasuredPhase> {
  const script = join(import.meta.dirname, 'measured-build.ts');
  const child = spawn(process.execPath, ['--conditions=source', script, phase, folder, String(events)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: url, REVOPS_COMPILE_CACHE: join(root, 'compiled') },
  });
  const watched =
    server === undefined || url === ''
      ? undefined
      : watchServer(Number((await readFile(join(serverFolder, 'postmaster.pid'), 'utf8')).split('\n')[0]));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const { megabytes, cpuSeconds } = watched?.stop() ?? { megabytes: 0, cpuSeconds: 0 };
  if (code !== 0) throw new Error(`${phase} of ${events} events failed`);
  const measured = JSON.parse(output.trim().split('\n').at(-1) ?? '') as MeasuredPhase;
  return {
    ...measured,
    peakMegabytes: measured.peakMegabytes + megabytes,
    cpuSeconds: measured.cpuSeconds + cpuSeconds,
  };
}

function configText(engine: 'duckdb' | 'postgres'): string {
  const warehouse =
    engine === 'duckdb' ? `{ type: 'duckdb', path: '${FILE}' }` : `{ type: 'postgres', url: env('DATABASE_URL') }`;
  return `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';
import { googleAds } from 'revops/connectors/google-ads';
import { hubspot } from 'revops/connectors/hubspot';

const nothing = env('NOTHING');
export default defineConfig({
  warehouse: ${warehouse},
  connectors: {
    files: files({ feeds: { events: 'events.jsonl', fx_rates: 'rates.csv' } }),
    'google-ads': googleAds({ developerToken: nothing, clientId: nothing, clientSecret: nothing, refreshToken: nothing }),
    hubspot: hubspot({ accessToken: nothing }),
  },
  start: '2023-03-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`;
}
