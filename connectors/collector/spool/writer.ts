/**
 * Writing to a spool: what is appended is on the disk when `append` resolves. Appends that come while the disk is busy
 * share the next write and its fsync, so that the cost is per write and not per request.
 */
import { mkdir, open, type FileHandle } from 'node:fs/promises';

import { Busy } from './busy.ts';
import { writtenLine, type Entry } from './line.ts';
import { bytesIn, closeSegment, listSegments, segmentFile, segmentName, syncFolder } from './segments.ts';

export interface SpoolLimits {
  /** A segment that has this many bytes, or is this old, is closed. */
  segmentBytes: number;
  segmentSeconds: number;
  /** Bytes that may wait on the disk to be loaded. */
  spoolBytes: number;
  /** Bytes that may wait in memory for the disk. */
  pendingBytes: number;
}

export interface SpoolWriter {
  /** Resolves once all entries are durable; Busy where they are not, and then the sender has to send them again. */
  append(entries: readonly Entry[]): Promise<void>;
  /** Why it takes nothing; null where it does. */
  trouble(): string | null;
  /** Bytes on the disk, as far as this process knows. */
  bytes(): number;
  /** Writes what is waiting and closes the segment. */
  close(): Promise<void>;
}

/**
 * Opens the spool of a folder that no other process writes to: segments that a killed one left open are closed first,
 * never continued.
 */
export async function openSpool(folder: string, limits: SpoolLimits, now: () => Date): Promise<SpoolWriter> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = await listSegments(folder);
  for (const segment of left) if (segment.isOpen) await closeSegment(folder, segment);
  let last = left.at(-1)?.name ?? '';
  let onDisk = await bytesIn(folder);
  let current: Current | null = null;
  let waiting: Waiting[] = [];
  let pending = 0;
  let working: Promise<void> | null = null;
  let trouble: Trouble | null = null;
  let isClosed = false;

  async function endSegment(): Promise<void> {
    if (current === null) return;
    const { handle, name } = current;
    current = null;
    await handle.close();
    await closeSegment(folder, { name, isOpen: true });
  }

  async function segmentFor(bytes: number): Promise<Current> {
    const isDue =
      current !== null &&
      (current.bytes + bytes > limits.segmentBytes ||
        now().getTime() - current.begunAt >= limits.segmentSeconds * 1000);
    if (isDue) await endSegment();
    if (current !== null) return current;
    last = segmentName(now(), last);
    const handle = await open(segmentFile(folder, { name: last, isOpen: true }), 'wx', 0o600);
    current = { name: last, handle, bytes: 0, begunAt: now().getTime() };
    await syncFolder(folder);
    return current;
  }

  /** What a failed write has left is cut off where that is possible; the segment is not used again either way. */
  async function giveUpSegment(): Promise<void> {
    if (current === null) return;
    await current.handle.truncate(current.bytes).catch(() => undefined);
    await endSegment().catch(() => undefined);
    current = null;
  }

  async function writeOut(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const bytes = group.reduce((sum, { lines }) => sum + lines.length, 0);
      try {
        const segment = await segmentFor(bytes);
        await writeWhole(segment.handle, Buffer.concat(group.map(({ lines }) => lines)));
        await segment.handle.datasync();
        segment.bytes += bytes;
        onDisk += bytes;
        trouble = null;
        for (const { done } of group) done();
      } catch (error) {
        await giveUpSegment();
        const busy = new Busy(`the disk does not take it (${(error as NodeJS.ErrnoException).code ?? '?'})`, 30, error);
        trouble = { busy, until: now().getTime() + 30_000 };
        for (const { failed } of group) failed(busy);
      } finally {
        pending -= bytes;
      }
    }
    working = null;
  }

  async function hasRoom(bytes: number): Promise<boolean> {
    if (onDisk + bytes <= limits.spoolBytes) return true;
    // Syncs take segments away without a word.
    onDisk = await bytesIn(folder);
    return onDisk + bytes <= limits.spoolBytes;
  }

  return {
    async append(entries) {
      if (entries.length === 0) return;
      const lines = Buffer.concat(entries.map(writtenLine));
      if (pending + lines.length > limits.pendingBytes) throw new Busy('the disk is too slow', 1);
      pending += lines.length;
      if (!(await hasRoom(lines.length))) {
        pending -= lines.length;
        const busy = new Busy('the spool is full', 60);
        trouble = { busy, until: now().getTime() + 10_000 };
        throw busy;
      }
      if (isClosed) {
        pending -= lines.length;
        throw new Busy('it is being stopped', 5);
      }
      const written = new Promise<void>((done, failed) => waiting.push({ lines, done, failed }));
      working ??= writeOut();
      return written;
    },
    trouble: () => (trouble === null || now().getTime() >= trouble.until ? null : trouble.busy.message),
    bytes: () => onDisk,
    async close() {
      isClosed = true;
      await working;
      await endSegment();
    },
  };
}

// --- internal ---

interface Current {
  name: string;
  handle: FileHandle;
  /** Durable bytes. */
  bytes: number;
  begunAt: number;
}

/** Told for a while only: whoever is told stops sending, and then nothing would show that it is over. */
interface Trouble {
  busy: Busy;
  until: number;
}

interface Waiting {
  lines: Buffer;
  done(): void;
  failed(error: Busy): void;
}

async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await handle.write(bytes, from)).bytesWritten;
}
