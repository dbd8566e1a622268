/**
 * Segments: the files of a spool. One that is being written ends in `.open`, one that is not any more in `.log`. A name
 * is never used twice; its order is that of time.
 */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Segment {
  /** Without its ending: the same from its first line to its removal. */
  name: string;
  isOpen: boolean;
}

/** The segments of a folder in the order of their names; none where there is no folder. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = new Map<string, Segment>();
  for (const file of files) {
    const name = /^(\d{17}-[0-9a-f]{8})\.(log|open)$/.exec(file)?.[1];
    // renamed while the folder was read, it is listed twice
    if (name !== undefined && found.get(name)?.isOpen !== false)
      found.set(name, { name, isOpen: file.endsWith('.open') });
  }
  return [...found.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

export function segmentFile(folder: string, { name, isOpen }: Segment): string {
  return path.join(folder, `${name}.${isOpen ? 'open' : 'log'}`);
}

/** A new name, behind `last` even where the clock went back. */
export function segmentName(now: Date, last: string): string {
  const time = now.toISOString().replaceAll(/\D/g, '');
  const behind = last.slice(0, 17);
  return `${time > behind ? time : String(BigInt(behind) + 1n).padStart(17, '0')}-${randomBytes(4).toString('hex')}`;
}

/** Says that nothing will be written to it any more; one in which there is nothing goes. */
export async function closeSegment(folder: string, segment: Segment): Promise<void> {
  const file = segmentFile(folder, segment);
  if ((await stat(file)).size === 0) await rm(file);
  else await rename(file, segmentFile(folder, { ...segment, isOpen: false }));
  await syncFolder(folder);
}

/** Makes new names in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes of a folder's segments. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const segment of await listSegments(folder)) bytes += await sizeOf(folder, segment);
  return bytes;
}

/** Bytes of a segment; 0 for one that is gone. */
export async function sizeOf(folder: string, segment: Segment): Promise<number> {
  for (const isOpen of [segment.isOpen, !segment.isOpen]) {
    const found = await stat(segmentFile(folder, { ...segment, isOpen })).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (found !== null) return found.size;
  }
  return 0;
}
