/**
 * One-line syncs into fresh warehouses for the tests of the engine.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connector, Stream } from '../../src/connector/index.ts';
import type { SyncEvent, SyncOptions, SyncReport } from '../../src/sync/contract.ts';
import { sync } from '../../src/sync/sync.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import type { EngineName, Row } from '../../src/warehouse/types.ts';
import { openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';
import { NOW, syncOptions } from './support-options.ts';

export { connectorOf, SourceError, syncOptions } from './support-options.ts';

export interface Bench extends TestWarehouse {
  spoolFolder: string;
  events: SyncEvent[];
  /** Runs a sync of streams (or connectors). */
  sync(streams: Stream[] | Connector[], more?: Partial<SyncOptions>): Promise<SyncReport>;
  /** Rows of a raw table of `made-up`, without the load they came with, ordered by all columns. */
  rows(table: string): Promise<Row[]>;
  query(sql: string): Promise<Row[]>;
  /** Opens the warehouse again after it was closed. */
  reopen(): Promise<void>;
  /** Files left in the spool. */
  spooled(): Promise<string[]>;
}

/** A fresh warehouse with its state prepared and an empty spool. */
export async function openBench(engine: EngineName): Promise<Bench> {
  const opened = await openTestWarehouse(engine);
  await migrateState(opened.warehouse, () => NOW);
  const spoolFolder = await mkdtemp(join(tmpdir(), 'revops-spool-'));
  const events: SyncEvent[] = [];
  let { warehouse } = opened;
  return {
    config: opened.config,
    spoolFolder,
    events,
    get warehouse() {
      return warehouse;
    },
    sync: (sources, more = {}) => sync({ ...syncOptions(warehouse, spoolFolder, sources, events), ...more }),
    rows: (table) => contents(warehouse, table),
    query: (sql) => warehouse.query(sql),
    async reopen() {
      warehouse = await openWarehouse(opened.config);
    },
    spooled: async () =>
      (await readdir(spoolFolder, { recursive: true })).filter((name) => /\.(json|zst|partial)$/.test(name)),
    async dispose() {
      if (warehouse !== opened.warehouse) await warehouse.close();
      await opened.dispose();
      await rm(spoolFolder, { recursive: true, force: true });
    },
  };
}

/** A raw table's rows without `_load_id`, in byte order of their JSON. */
export async function contents(warehouse: Warehouse, table: string): Promise<Row[]> {
  const rows = await warehouse.query(`select * from raw_made_up."${table}"`);
  return rows
    .map(({ _load_id: _, _replaced_by: __, _replaced_at: ___, _as_of: ____, ...row }) => row)
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
