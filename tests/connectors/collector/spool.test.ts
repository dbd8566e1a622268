/**
 * The spool of the collector: what was acknowledged is read once, whatever a kill leaves behind.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { Busy } from '../../../connectors/collector/spool/busy.ts';
import { holdFolder, isHeld } from '../../../connectors/collector/spool/hold.ts';
import { readLine, writtenLine, type Entry } from '../../../connectors/collector/spool/line.ts';
import {
  readSpool,
  removeRead,
  type SpoolPage,
  type SpoolPosition,
} from '../../../connectors/collector/spool/reader.ts';
import { openSpool, type SpoolLimits, type SpoolWriter } from '../../../connectors/collector/spool/writer.ts';

const LIMITS: SpoolLimits = { segmentBytes: 1 << 20, segmentSeconds: 3600, spoolBytes: 1 << 24, pendingBytes: 1 << 24 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revops-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (id: number, text = ''): Entry => ({ record: { id, text } });
const files = (): string[] => readdirSync(folder).toSorted();
const open = (limits: Partial<SpoolLimits> = {}, now = (): Date => new Date()): Promise<SpoolWriter> =>
  openSpool(folder, { ...LIMITS, ...limits }, now);

async function readAll(
  since: SpoolPosition = {},
): Promise<{ ids: unknown[]; position: SpoolPosition; pages: SpoolPage[] }> {
  const pages: SpoolPage[] = [];
  for await (const page of readSpool(folder, since, new AbortController().signal)) pages.push(page);
  const ids = pages.flatMap(({ entries }) => entries.map(({ record }) => record['id']));
  return { ids, position: pages.at(-1)?.position ?? since, pages };
}

test('What was appended is read in its order, while the spool is written to, and only once.', async () => {
  const writer = await open();
  await writer.append([entry(1), entry(2)]);
  const first = await readAll();
  expect(first.ids).toEqual([1, 2]);
  await writer.append([entry(3)]);
  const second = await readAll(first.position);
  expect(second.ids).toEqual([3]);
  await writer.close();
  expect((await readAll(second.position)).ids).toEqual([]);
  expect(files()).toEqual([expect.stringMatching(/^\d{17}-[0-9a-f]{8}\.log$/)]);
});

test('Appends that come at once share a write, and each is on the disk when it resolves.', async () => {
  const writer = await open();
  const ids = Array.from({ length: 200 }, (_, id) => id);
  const seen = await Promise.all(
    ids.map(async (id) => {
      await writer.append([entry(id)]);
      return files().some((file) => readFileSync(join(folder, file), 'utf8').includes(`{"id":${id},`));
    }),
  );
  expect(seen).toEqual(ids.map(() => true));
  expect((await readAll()).ids).toEqual(ids);
  await writer.close();
});

test('A segment is closed by size and by age, and removed once it was read to its end, not before.', async () => {
  let time = Date.parse('2026-10-01T00:00:00Z');
  const writer = await open({ segmentBytes: 200, segmentSeconds: 60 }, () => new Date(time));
  for (const id of [1, 2]) await writer.append([entry(id, 'x'.repeat(100))]);
  expect(files().map((file) => file.split('.')[1])).toEqual(['log', 'open']);
  time += 61_000;
  await writer.append([entry(3)]);
  expect(files().map((file) => file.split('.')[1])).toEqual(['log', 'log', 'open']);
  const [first = ''] = files();
  const { position } = await readAll();
  await removeRead(folder, { [first.split('.')[0] as string]: 10 });
  expect(files()).toHaveLength(3);
  await removeRead(folder, position);
  expect(files().map((file) => file.split('.')[1])).toEqual(['open']);
  await writer.append([entry(4)]);
  expect((await readAll(position)).ids).toEqual([4]);
  await writer.close();
});

test('A clock that goes back does not put a segment before one that was read.', async () => {
  let time = Date.parse('2026-10-01T00:00:00Z');
  const writer = await open({ segmentBytes: 10 }, () => new Date(time));
  await writer.append([entry(1)]);
  time -= 3_600_000;
  await writer.append([entry(2)]);
  expect((await readAll()).ids).toEqual([1, 2]);
  await writer.close();
});

test('Wherever a kill cuts a segment, whole lines are read, the torn one is told, and what comes later is there.', async () => {
  const lines = [1, 2, 3].map((id) => writtenLine(entry(id, 'ü😀\n"')));
  const whole = Buffer.concat(lines);
  const ends = lines.map((_, index) => Buffer.concat(lines.slice(0, index + 1)).length);
  const name = '20261001000000000-00000001';
  for (let cut = 0; cut <= whole.length; cut += 1) {
    rmSync(folder, { recursive: true, force: true });
    const before = await open();
    await before.close();
    writeFileSync(join(folder, `${name}.open`), whole.subarray(0, cut));
    const writer = await open();
    await writer.append([entry(9)]);
    const { ids, pages, position } = await readAll();
    const kept = ends.filter((end) => end <= cut).length;
    expect([cut, ids]).toEqual([cut, [...[1, 2, 3].slice(0, kept), 9]]);
    expect(pages.flatMap(({ torn }) => torn)).toEqual(cut === (ends[kept - 1] ?? 0) ? [] : [name]);
    await writer.close();
    await removeRead(folder, position);
    expect(files().filter((file) => file.startsWith(name))).toEqual([]);
  }
});

test('A line that was damaged is told with its place, and never hides the ones behind it.', () => {
  const lines = [1, 2, 3].map((id) => writtenLine(entry(id)));
  const second = lines[1] as Buffer;
  return fc.assert(
    fc.asyncProperty(fc.nat(second.length - 2), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const damaged = Buffer.from(second);
      damaged[at] = (damaged[at] as number) ^ bits;
      fc.pre(damaged[at] !== 10);
      writeFileSync(
        join(folder, '20261001000000000-00000001.log'),
        Buffer.concat([lines[0] as Buffer, damaged, lines[2] as Buffer]),
      );
      const { ids, pages } = await readAll();
      expect(ids).toEqual([1, 3]);
      expect(pages.flatMap((page) => page.damaged)).toEqual([
        { segment: '20261001000000000-00000001', offset: (lines[0] as Buffer).length },
      ]);
    }),
    { seed: 7, numRuns: 60 },
  );
});

test('Any entry comes back from its line.', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const line = writtenLine({ record });
      expect(line.indexOf(10)).toBe(line.length - 1);
      expect(readLine(line.subarray(0, -1))).toEqual(JSON.parse(JSON.stringify({ record })));
    }),
    { seed: 3, numRuns: 200 },
  );
});

test('A spool that is full takes nothing more, says when to come again, and goes on once a sync has made room.', async () => {
  const writer = await open({ segmentBytes: 100, spoolBytes: 400 });
  for (const id of [1, 2, 3]) await writer.append([entry(id, 'x'.repeat(80))]);
  const refused = await writer.append([entry(4, 'x'.repeat(80))]).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Busy);
  expect(refused).toMatchObject({ message: 'the spool is full', retryAfterSeconds: 60 });
  expect(writer.trouble()).toBe('the spool is full');
  const { position } = await readAll();
  await removeRead(folder, position);
  await writer.append([entry(4, 'x'.repeat(80))]);
  expect((await readAll(position)).ids).toEqual([4]);
  expect(writer.trouble()).toBeNull();
  await writer.close();
});

test('More than may wait in memory is refused; what waited already is written.', async () => {
  const writer = await open({ pendingBytes: 250 });
  const sent = [1, 2, 3, 4].map((id) =>
    writer.append([entry(id, 'x'.repeat(60))]).then(
      () => id,
      (error: Error) => error.message,
    ),
  );
  expect(await Promise.all(sent)).toEqual([1, 2, 'the disk is too slow', 'the disk is too slow']);
  await writer.append([entry(5)]);
  expect((await readAll()).ids).toEqual([1, 2, 5]);
  await writer.close();
});

test('A disk that fails is told, nothing of it counts, and the next write goes to a new segment.', async () => {
  const writer = await open({ segmentBytes: 10 });
  await writer.append([entry(1)]);
  rmSync(folder, { recursive: true });
  const refused = await writer.append([entry(2)]).catch((error: unknown) => error);
  expect(refused).toMatchObject({ message: 'the disk does not take it (ENOENT)', retryAfterSeconds: 30 });
  expect(writer.trouble()).toBe('the disk does not take it (ENOENT)');
  await (await open()).close();
  await writer.append([entry(3)]);
  expect((await readAll()).ids).toEqual([3]);
  await writer.close();
});

test('Two processes do not write to one folder; after a kill the next one may.', async () => {
  const letGo = await holdFolder(folder);
  expect(await isHeld(folder)).toBe(true);
  await expect(holdFolder(folder)).rejects.toMatchObject({ code: 'LEASE_BUSY' });
  await letGo();
  expect(await isHeld(folder)).toBe(false);
  // What a killed process leaves: a socket that nobody listens on.
  writeFileSync(join(folder, 'collector.sock'), '');
  const again = await holdFolder(folder);
  await again();
});

test('A segment cut shorter than it was read is at its end.', async () => {
  const writer = await open();
  await writer.append([entry(1)]);
  await writer.close();
  const { position } = await readAll();
  const [file = ''] = files();
  truncateSync(join(folder, file), 5);
  expect((await readAll(position)).ids).toEqual([]);
  await removeRead(folder, position);
  expect(files()).toEqual([]);
  appendFileSync(join(folder, 'notes.txt'), 'not ours');
  expect((await readAll()).ids).toEqual([]);
});
