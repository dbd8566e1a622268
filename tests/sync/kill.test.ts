import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';

import type { SyncStep } from '../../src/sync/contract.ts';
import type { Row } from '../../src/warehouse/types.ts';
import { enginesOrOne } from '../support/warehouses.ts';
import { killStreams } from './kill-source.ts';
import { contents, openBench, type Bench } from './support.ts';

const TABLES = ['objects', 'snapshots', 'facts', 'parts', 'members', 'events'];
const CHILD = new URL('kill-child.ts', import.meta.url).pathname;
const CUT = { checkpoint: { rows: 4, bytes: 1_000_000 } };
/** Where the first and the second sync die: the step, and how often it is passed before. */
const DEATHS: [[SyncStep, number], [SyncStep, number]][] = [
  [
    ['tables_ready', 1],
    ['load_committed', 5],
  ],
  [
    ['page_spooled', 3],
    ['rows_applied', 0],
  ],
  [
    ['spool_finished', 0],
    ['load_begun', 2],
  ],
  [
    ['state_written', 1],
    ['spool_finished', 4],
  ],
  [
    ['load_committed', 0],
    ['spool_removed', 3],
  ],
  [
    ['rows_applied', 6],
    ['state_written', 0],
  ],
];

for (const engine of enginesOrOne('postgres')) {
  describe(`a sync killed on ${engine}`, () => {
    const open: Bench[] = [];
    afterEach(async () => {
      for (const opened of open.splice(0)) await opened.dispose();
    });

    async function bench(): Promise<Bench> {
      const made = await openBench(engine);
      open.push(made);
      return made;
    }

    /** Everything that is kept: rows, history, positions, days, totals of the audit. */
    async function state({ warehouse, query }: Bench): Promise<Record<string, Row[]>> {
      const found: Record<string, Row[]> = {};
      for (const table of TABLES) {
        found[table] = await contents(warehouse, table);
        found[`${table}__history`] = await contents(warehouse, `${table}__history`);
      }
      found['positions'] = await query(
        'select stream, partition_key, cursor, full_started_at is null as is_whole from revops.stream_state order by 1, 2',
      );
      found['days'] = await query('select stream, day, row_count from revops.intervals order by 1, 2');
      found['audit'] = await query(
        `select stream, sum(rows_loaded) as loaded, sum(rows_deleted) as deleted, sum(rows_vanished) as vanished
         from revops.loads group by 1 order by 1`,
      );
      return found;
    }

    it('leaves what an undisturbed one leaves, once it is run again, at whatever step it died', async () => {
      const calm = await bench();
      await calm.sync(killStreams(1), CUT);
      const undisturbed = [await state(calm)];
      await calm.sync(killStreams(2), CUT);
      undisturbed.push(await state(calm));

      for (const deaths of DEATHS) {
        const killed = await bench();
        for (const [index, [step, passes]] of deaths.entries()) {
          const version = index + 1;
          await killed.warehouse.close();
          await die(killed, version, step, passes);
          await killed.reopen();
          const report = await killed.sync(killStreams(version), CUT);
          expect(report.status).toBe('ok');
          expect(await state(killed), `${step} ${passes}, version ${version}`).toEqual(undisturbed[index]);
          expect(await killed.spooled()).toEqual([]);
        }
        await killed.dispose();
        open.splice(open.indexOf(killed), 1);
      }
    }, 300_000);
  });
}

async function die(bench: Bench, version: number, step: SyncStep, passes: number): Promise<void> {
  const { config } = bench;
  const given = config.type === 'duckdb' ? config : { type: config.type, url: config.url.reveal() };
  const ended = spawnSync(
    process.execPath,
    ['--conditions=source', CHILD, JSON.stringify(given), bench.spoolFolder, String(version), step, String(passes)],
    { encoding: 'utf8' },
  );
  expect(ended.signal, `${step} ${passes}: ${ended.stderr}`).toBe('SIGKILL');
}
