/**
 * `npm run drill:soak -- [--engine duckdb|postgres] [--days 548] [--seed 1] [--scale 0.3] [--select "+cac"]`: two projects of the same company
 * run `revops run` every simulated morning. One is left alone; the other is killed at random moments, meets outages,
 * broken answers and used-up quotas, and runs again later that day. On some days neither runs. In the end both warehouses
 * must be equal, nothing left behind, and no secret or personal data in anything that was logged. Prints a table; ends
 * with 1 on any difference.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { openCompany } from '../support/company.ts';
import { createDatabase } from '../support/databases.ts';
import { soak } from './soak-days.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: ['duckdb', 'postgres'] },
    days: { type: 'string', default: '548' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '0.3' },
    select: { type: 'string' },
  },
});
const days = Number(values.days);
const postgres = await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-soak-postgres-')));
let wrong = 0;
try {
  for (const engine of values.engine as EngineName[]) {
    const company = await openCompany({ months: 18, scale: Number(values.scale), now: '2025-05-01T06:00:00.000Z' });
    const database = (): Promise<string | undefined> =>
      engine === 'postgres' ? createDatabase(postgres.url) : Promise.resolve(undefined);
    const began = performance.now();
    try {
      const ended = await soak({
        company,
        days,
        seed: Number(values.seed),
        select: values.select,
        databases: [await database(), await database()],
        onDay: (day, done) => {
          if (done % 10 !== 0) return;
          const each = (performance.now() - began) / done / 1000;
          const left = `${each.toFixed(1)} s a day, ${((each * (days - done)) / 3600).toFixed(1)} hours left`;
          console.error(`${engine}: ${day}, ${done} of ${days} days, ${left}`);
        },
      });
      const table = new Table({
        head: [`${engine}: what the day brought`, 'days', 'runs until it was done'],
        style: { head: [], border: [] },
      });
      for (const [kind, { times, runs }] of ended.kinds) table.push([kind, times, runs]);
      console.log(table.toString());
      for (const line of ended.wrong) console.log(`  ${line.slice(0, 1000)}`);
      const verdict =
        ended.wrong.length === 0 ? 'equal to the undisturbed project' : `${ended.wrong.length} differences`;
      console.log(
        `${engine}: ${days} days, ${verdict}, ${ended.logged} bytes of logs, ${Math.round((performance.now() - began) / 1000)} s.`,
      );
      wrong += ended.wrong.length;
    } finally {
      await company.close();
    }
  }
} finally {
  await postgres.stop();
}
process.exitCode = wrong === 0 ? 0 : 1;
