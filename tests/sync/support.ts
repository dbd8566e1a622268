/**
 * In-memory sources and one-line syncs for the tests of the engine.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

import { defineConnector, type Connector, type Fault, type Stream } from '../../src/connector/index.ts';
import type { SyncEvent, SyncOptions, SyncReport } from '../../src/sync/contract.ts';
import { sync } from '../../src/sync/sync.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import type { EngineName, Row } from '../../src/warehouse/types.ts';
import { openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

export const NOW = new Date('2026-03-20T12:00:00Z');

/** An error a source throws, with the fault it stands for. */
export class SourceError extends Error {
  readonly kind: Fault['kind'];
  constructor(kind: Fault['kind']) {
    super(`source says ${kind}`);
    this.kind = kind;
  }
}

/** A connector over streams that need no client. */
export function connectorOf(streams: Stream[], name = 'made-up'): Connector {
  return defineConnector({
    name,
    title: 'Made up',
    options: z.object({}),
    limits: () => ({ requests: 1000, perMilliseconds: 1, concurrency: 10 }),
    connect: async () => ({}),
    classify: (error) => ({
      kind: error instanceof SourceError ? error.kind : 'rejected',
      message: error instanceof Error ? error.message : String(error),
    }),
    streams,
    check: async () => [],
  })({});
}

export interface Bench extends TestWarehouse {
  spoolFolder: string;
  events: SyncEvent[];
  /** Runs a sync of streams (or connectors). */
  sync(streams: Stream[] | Connector[], more?: Partial<SyncOptions>): Promise<SyncReport>;
  /** Rows of a raw table of `made-up`, without the load they came with, ordered by all columns. */
  rows(table: string): Promise<Row[]>;
  query(sql: string): Promise<Row[]>;
  /** Files left in the spool. */
  spooled(): Promise<string[]>;
}

/** A fresh warehouse with its state prepared and an empty spool. */
export async function openBench(engine: EngineName): Promise<Bench> {
  const opened = await openTestWarehouse(engine);
  await migrateState(opened.warehouse, () => NOW);
  const spoolFolder = await mkdtemp(join(tmpdir(), 'revops-spool-'));
  const events: SyncEvent[] = [];
  return {
    ...opened,
    spoolFolder,
    events,
    sync: (sources, more = {}) => sync({ ...syncOptions(opened.warehouse, spoolFolder, sources, events), ...more }),
    rows: (table) => contents(opened.warehouse, table),
    query: (sql) => opened.warehouse.query(sql),
    spooled: async () =>
      (await readdir(spoolFolder, { recursive: true })).filter((name) => /\.(json|zst|partial)$/.test(name)),
    async dispose() {
      await opened.dispose();
      await rm(spoolFolder, { recursive: true, force: true });
    },
  };
}

export function syncOptions(
  warehouse: Warehouse,
  spoolFolder: string,
  sources: Stream[] | Connector[],
  events: SyncEvent[] = [],
): SyncOptions {
  const connectors = sources.every((source) => 'open' in source) ? sources : [connectorOf(sources as Stream[])];
  return {
    warehouse,
    connectors: connectors as Connector[],
    spoolFolder,
    start: '2026-03-01',
    now: () => NOW,
    signal: new AbortController().signal,
    select: [],
    retry: { attempts: 4, firstWaitMs: 1 },
    onEvent: (event) => events.push(event),
    runId: 'run',
  };
}

/** A raw table's rows without `_load_id`, in byte order of their JSON. */
export async function contents(warehouse: Warehouse, table: string): Promise<Row[]> {
  const rows = await warehouse.query(`select * from raw_made_up."${table}"`);
  return rows
    .map(({ _load_id: _, _replaced_by: __, _replaced_at: ___, ...row }) => row)
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
