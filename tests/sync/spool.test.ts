import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Manifest } from '../../src/sync/manifest.ts';
import { openSpool } from '../../src/sync/spool.ts';
import { finishedSpools, removeSpool } from '../../src/sync/spool-folder.ts';

const END: Omit<Manifest, 'loadId' | 'parts' | 'longestLine'> = {
  version: 2,
  runId: 'r',
  warehouse: 'w',
  connector: 'c',
  stream: 's',
  digest: 'd',
  partition: { key: {}, label: '' },
  revision: 3,
  slice: { kind: 'changes', since: null },
  readAt: '',
  finishedAt: '',
  next: null,
  isSnapshot: false,
  read: 2,
  rejected: 0,
  controlTotals: null,
  unknownFields: [],
};

describe('a spool', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revops-spool-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds exactly the lines it was given, compressed, for its owner only, and has a manifest in the end', async () => {
    const spool = openSpool(folder, 'load1');
    const line = '"é\n😀",'.repeat(20_000);
    for (let index = 0; index < 20; index += 1) {
      spool.add('rows', `${index},${line}`);
      await spool.flush();
    }
    spool.add('rejected', 'x');
    expect((await readdir(folder)).filter((name) => !name.endsWith('.partial'))).toEqual([]);
    expect(await finishedSpools(join(folder, 'nowhere'))).toEqual([]);
    const manifest = await spool.finish(END);
    expect(manifest.parts).toEqual({ rows: 20, rejected: 1, owners: 0 });
    expect(manifest.longestLine).toBeGreaterThanOrEqual(Buffer.byteLength(`19,${line}\n`));
    expect((await readdir(folder)).toSorted()).toEqual(['load1.csv.zst', 'load1.json', 'load1.rejected.csv.zst']);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    const text = zstdDecompressSync(await readFile(join(folder, 'load1.csv.zst'))).toString();
    expect(text).toBe(Array.from({ length: 20 }, (_, index) => `${index},${line}\n`).join(''));
    expect(await finishedSpools(folder)).toEqual([manifest]);
    await removeSpool(folder, 'load1');
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing when it is discarded, and is in the way of nobody when it was abandoned', async () => {
    const spool = openSpool(folder, 'load2');
    spool.add('rows', 'x'.repeat(300_000));
    await spool.flush();
    await spool.discard();
    expect(await readdir(folder)).toEqual([]);
    const abandoned = openSpool(folder, 'load3');
    abandoned.add('rows', 'x'.repeat(300_000));
    await abandoned.flush();
    expect(await finishedSpools(folder)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    await abandoned.discard();
  });

  it('comes back in the order in which it has to be loaded', async () => {
    for (const [loadId, revision] of [
      ['b', 1],
      ['c', 2],
      ['a', 3],
    ] as const)
      await openSpool(folder, loadId).finish({ ...END, revision });
    expect((await finishedSpools(folder)).map(({ loadId }) => loadId)).toEqual(['b', 'c', 'a']);
  });

  it('fails with what to do where the folder cannot be written, without waiting for the end', async () => {
    const spool = openSpool(join(folder, 'missing'), 'load4');
    const write = async (): Promise<void> => {
      for (let index = 0; index < 100; index += 1) {
        spool.add('rows', 'x'.repeat(300_000));
        await spool.flush();
      }
    };
    await expect(write()).rejects.toMatchObject({ code: 'SPOOL_FAILED', message: expect.stringContaining('ENOENT') });
  });
});
