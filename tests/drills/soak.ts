/**
 * `npm run drill:soak -- [--engine duckdb,postgres] [--days 548] [--seed 1] [--scale 0.3] [--select "+cac"] [--folder PATH]`:
 * projects of the same company run `revops run` every simulated morning. One is left alone; one on each engine is killed
 * at random moments, meets outages, broken answers and used-up quotas, and runs again later that day. On some days none
 * runs. In the end all warehouses must be equal, nothing left behind, and no secret or personal data in anything that was
 * logged. Prints a table per engine; ends with 1 on any difference.
 *
 * The projects go through their days at the same time. With `--folder` all stays in that folder: a file `stop` in it ends
 * the drill after the days that are under way, and the same command goes on from there.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import { createWorld } from '../../fixtures/world/index.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { openCompany } from '../support/company.ts';
import { databaseNamed } from '../support/databases.ts';
import { soak, type Soaked } from './soak-days.ts';
import { wrongOf } from './soak-ends.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'duckdb,postgres' },
    days: { type: 'string', default: '548' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '0.3' },
    select: { type: 'string' },
    folder: { type: 'string' },
  },
});
const days = Number(values.days);
const engines = values.engine.split(',') as EngineName[];
const world = createWorld({ months: 18, scale: Number(values.scale) });
const root = values.folder === undefined ? mkdtempSync(join(tmpdir(), 'revops-soak-')) : resolve(values.folder);
mkdirSync(root, { recursive: true });
chmodSync(root, 0o755); // the server's user has to enter it
const server = engines.includes('postgres')
  ? await startEmbeddedPostgres(join(root, 'postgres'), { keep: values.folder !== undefined })
  : undefined;
const stop = join(root, 'stop');
rmSync(stop, { force: true });
let hasFailed = false;
try {
  const [first = 'duckdb'] = engines;
  const [calm, ...troubled] = await Promise.all([
    course('undisturbed', first, false),
    ...engines.map((engine) => course(`disturbed-${engine}`, engine, true)),
  ]);
  const isWhole = [calm, ...troubled].every(({ diary }) => diary.days === days);
  if (!isWhole) console.error('Stopped; the same command goes on.');
  const wrong = isWhole ? (await Promise.all(troubled.map((one) => report(calm, one)))).flat() : ['stopped'];
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await server?.stop();
  if (values.folder === undefined) rmSync(root, { recursive: true, force: true });
}

// --- internal ---

/** One project through its days; each has platforms of its own. */
async function course(name: string, engine: EngineName, isDisturbed: boolean): Promise<Soaked> {
  const company = await openCompany({ world, now: '2025-05-01T06:00:00.000Z' });
  const began = performance.now();
  let passed = 0;
  try {
    return await soak({
      company,
      folder: join(root, name),
      database: engine === 'duckdb' ? undefined : (known) => databaseNamed(serverUrl(), known),
      isDisturbed,
      days,
      seed: Number(values.seed),
      select: values.select,
      isStopped: () => hasFailed || existsSync(stop),
      onDay: (day, done) => {
        passed += 1;
        if (done % 10 !== 0) return;
        const each = (performance.now() - began) / passed / 1000;
        const left = `${each.toFixed(1)} s a day, ${((each * (days - done)) / 3600).toFixed(1)} hours left`;
        console.error(`${name}: ${day}, ${done} of ${days} days, ${left}`);
      },
    });
  } catch (error) {
    hasFailed = true; // what the others do has nothing to be compared with
    throw error;
  } finally {
    await company.close();
  }
}

function serverUrl(): string {
  if (server === undefined) throw new Error('there is no server');
  return server.url;
}

async function report(calm: Soaked, troubled: Soaked): Promise<string[]> {
  const { engine } = troubled.project;
  const secrets = Object.entries(troubled.project.environment()).flatMap(([name, value]) =>
    name === 'REVOPS_NOW' ? [] : [value],
  );
  const wrong = await wrongOf(calm, troubled, secrets);
  const head = [`${engine}: what the day brought`, 'days', 'runs until it was done'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [kind, { times, runs }] of Object.entries(troubled.diary.kinds)) table.push([kind, times, runs]);
  const verdict = wrong.length === 0 ? 'equal to the undisturbed project' : `${wrong.length} differences`;
  console.log(
    [
      table.toString(),
      ...wrong.map((line) => `  ${line.slice(0, 1000)}`),
      `${engine}: ${days} days, ${verdict}, ${statSync(troubled.logs).size} bytes of logs.`,
    ].join('\n'),
  );
  return wrong;
}
