import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { writeSpool } from '../../../src/testing/index.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import type { Column } from '../../../src/warehouse/types.ts';

describe('sparing memory', () => {
  let folder: string;
  let warehouse: Warehouse;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revops-test-'));
  });
  afterEach(async () => {
    await warehouse.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function limit(): Promise<string> {
    const [row] = await warehouse.query<{ value: string }>(`select current_setting('memory_limit') as value`);
    return row?.value ?? '';
  }

  it('lasts as long as the work, also where the file is given free in between, and ends when it fails', async () => {
    warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'w.duckdb') });
    const before = await limit();
    const during = await warehouse.sparing(async () => {
      const first = await limit();
      await sleep(500);
      return [first, await limit()];
    });
    expect(during).toEqual(['366.2 MiB', '366.2 MiB']);
    // DuckDB tells it in tenths
    const about = (told: string): number => Number.parseFloat(told) * (told.endsWith('MiB') ? 1 : 1024);
    expect(about(await limit()) / about(before)).toBeCloseTo(1, 1);
    await expect(warehouse.sparing(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    expect(about(await limit()) / about(before)).toBeCloseTo(1, 1);
    expect(about(before)).toBeGreaterThan(400);
  });

  it('leaves what comes after it all of the memory, not only in the settings', async () => {
    warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'w.duckdb') });
    // one list of 600 MB, which has to be in memory
    const large = (): Promise<unknown> =>
      warehouse.query(
        `select length(list(wide)) as n from (select repeat('x', 1000) || number as wide from range(600000) as numbers(number))`,
      );
    await expect(warehouse.sparing(large)).rejects.toThrow('Out of Memory');
    expect(await large()).toEqual([{ n: 600_000 }]);
  });

  it('keeps the limit of the config', async () => {
    warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'w.duckdb'), memoryLimit: '1GB' });
    expect(await warehouse.sparing(limit)).toBe('953.6 MiB');
    expect(await limit()).toBe('953.6 MiB');
  });

  it.each([
    ['half the limit is enough for a part of wide rows', 250_000, 600, '192MB'],
    ['the limit is enough for one long row', 1, 30_000_000, '384MB'],
  ])('%s, on a machine of many processors', async (_name, count, width, memoryLimit) => {
    warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'w.duckdb'), threads: 16, memoryLimit });
    const file = join(folder, 'part.csv.zst');
    const rows = Array.from({ length: count }, (_, n) => [n, `${n}-`.padEnd(width, 'wide ')]);
    await writeSpool(file, COLUMNS, rows);
    await warehouse.script('create schema s; create table s.t (n bigint, wide text)');
    const loading = warehouse.sparing(() => warehouse.load({ schema: 's', name: 't' }, COLUMNS, file, width + 20));
    expect(await loading).toBe(count);
  });
});

const COLUMNS: Column[] = [
  { name: 'n', type: 'bigint' },
  { name: 'wide', type: 'text' },
];
