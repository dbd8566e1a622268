/**
 * Syncs of one connector into one warehouse, and what they leave there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connector } from '../connector/contract.ts';
import type { SyncEvent, SyncOptions, SyncReport } from '../sync/contract.ts';
import { sync } from '../sync/sync.ts';
import { migrateState } from '../warehouse/state/index.ts';
import type { Row } from '../warehouse/types.ts';
import type { OpenWarehouse, TestPlatform } from './test-platform.ts';

export interface Course {
  sync(more?: Partial<SyncOptions> & { connector?: Connector }): Promise<SyncReport>;
  /** Every row of the streams' tables, as text, without the load it came with. */
  rows(): Promise<string[]>;
  /** Those that are not tombstones. */
  liveRows(): Promise<string[]>;
  query(sql: string): Promise<Row[]>;
  /** All that was said and stored, as one text. */
  everything(): Promise<string>;
  /** What is wrong with the counts of loads: rows that are neither loaded nor unchanged. */
  miscounted: SyncEvent[];
  close(): Promise<void>;
}

export async function openCourse(platform: TestPlatform, open: OpenWarehouse): Promise<Course> {
  const { warehouse, dispose } = await open();
  await migrateState(warehouse, () => platform.now());
  const spoolFolder = await mkdtemp(join(tmpdir(), 'revops-contract-'));
  const events: SyncEvent[] = [];
  const reports: SyncReport[] = [];
  const miscounted: SyncEvent[] = [];

  function note(event: SyncEvent): void {
    events.push(event);
    if (event.type !== 'loaded') return;
    const { read, loaded, unchanged, rejected } = event.rows;
    if (rejected > 0 || read !== loaded + unchanged) miscounted.push(event);
  }

  async function tables(): Promise<Row[]> {
    const found: Row[] = [];
    for (const name of platform.select) {
      const [connector = '', stream = ''] = name.split('.');
      const rows = await warehouse.query(`select * from "raw_${connector.replaceAll('-', '_')}"."${stream}"`);
      found.push(...rows.map(({ _load_id: _, _as_of: __, ...row }) => ({ _stream: stream, ...row })));
    }
    return found;
  }

  return {
    miscounted,
    async sync({ connector = platform.connector, ...more } = {}) {
      const report = await sync({
        warehouse,
        connectors: [connector],
        spoolFolder,
        start: platform.start,
        now: () => platform.now(),
        signal: new AbortController().signal,
        select: platform.select,
        retry: { attempts: 3, firstWaitMs: 5 },
        onEvent: note,
        runId: `run-${reports.length + 1}`,
        ...more,
      });
      reports.push(report);
      return report;
    },
    rows: async () => asText(await tables()),
    liveRows: async () => asText((await tables()).filter((row) => row['_deleted'] !== true)),
    query: (sql) => warehouse.query(sql),
    async everything() {
      const stored: unknown[] = [await tables()];
      for (const table of STATE_TABLES) stored.push(await warehouse.query(`select * from revops.${table}`));
      return [JSON.stringify(stored), textOf(events), textOf(reports)].join('\n');
    },
    async close() {
      await dispose();
      await rm(spoolFolder, { recursive: true, force: true });
    },
  };
}

// --- internal ---

const STATE_TABLES = ['loads', 'stream_state', 'partitions', 'kept_values', 'intervals', 'rejected_rows'];

function asText(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

/** Errors with all they carry: JSON leaves out message, stack and cause. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (!(part instanceof Error)) return part;
    const { message, stack, cause } = part;
    return Object.fromEntries([...Object.entries(part), ...Object.entries({ message, stack, cause })]);
  });
}
