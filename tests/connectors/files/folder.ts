/**
 * A project folder with files, and syncs of it into a fresh warehouse.
 */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { files } from '../../../connectors/files/index.ts';
import type { Connector, FeedContract } from '../../../src/connector/index.ts';
import type { StreamReport, SyncOptions } from '../../../src/sync/contract.ts';
import type { EngineName, Row } from '../../../src/warehouse/types.ts';
import { openBench, type Bench } from '../../sync/support.ts';
import { FEEDS } from '../feeds.ts';

export { FEEDS };

export type Options = Parameters<typeof files>[0];

export interface FilesBench extends Bench {
  folder: string;
  write(name: string, content: string | Uint8Array, modifiedAt?: string): void;
  remove(name: string): void;
  connector(options: Options, feeds?: readonly FeedContract[]): Connector;
  /** Syncs, and gives the report of the first stream. */
  load(options: Options, more?: Partial<SyncOptions>): Promise<StreamReport>;
  /** Live rows of a feed's raw table by key; the columns named. */
  live(feed: string, ...columns: string[]): Promise<Row[]>;
  /** Reasons of the rows rejected so far. */
  rejected(): Promise<string[]>;
}

export async function openFiles(engine: EngineName): Promise<FilesBench> {
  const bench = await openBench(engine);
  const folder = mkdtempSync(join(tmpdir(), 'revops-files-'));
  const connector = (options: Options, feeds = FEEDS): Connector => {
    const made = files(options).inProject?.({ folder, feeds });
    if (made === undefined) throw new Error('the connector takes no project');
    return made;
  };
  return {
    ...bench,
    folder,
    connector,
    write(name, content, modifiedAt) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
      if (modifiedAt !== undefined) utimesSync(join(folder, name), new Date(modifiedAt), new Date(modifiedAt));
    },
    remove: (name) => rmSync(join(folder, name)),
    async load(options, more = {}) {
      const report = await bench.sync([connector(options)], more);
      return report.streams[0] as StreamReport;
    },
    live: (feed, ...columns) =>
      bench.query(`select ${columns.join(', ')} from raw_files.${feed} where not _deleted order by row_key`),
    async rejected() {
      const rows = await bench.query('select reason from revops.rejected_rows order by load_id, row_number');
      return rows.map(({ reason }) => String(reason));
    },
    async dispose() {
      await bench.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The hint of what a call throws. */
export async function thrownBy(work: () => unknown): Promise<{ code: string; message: string; hint: string }> {
  try {
    await work();
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('nothing was thrown');
}
