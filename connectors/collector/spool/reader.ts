/**
 * Reading a spool beside the process that writes it: every whole line once, in the order of the segments.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';

import { readLine, type Entry } from './line.ts';
import { listSegments, segmentFile, sizeOf, type Segment } from './segments.ts';

/** How far each segment on the disk was read: bytes by name. Names that are gone are left out. */
export type SpoolPosition = Record<string, number>;

/** A line that is not what was written. */
export interface Damaged {
  segment: string;
  offset: number;
}

export interface SpoolPage {
  entries: Entry[];
  damaged: Damaged[];
  /** Segments that end in the middle of a line: nobody was told that it is safe. */
  torn: string[];
  position: SpoolPosition;
}

/** The lines behind a position, some hundreds at a time. */
export async function* readSpool(folder: string, since: SpoolPosition, signal: AbortSignal): AsyncGenerator<SpoolPage> {
  const segments = await listSegments(folder);
  const position: SpoolPosition = {};
  for (const { name } of segments) if (since[name] !== undefined) position[name] = since[name];
  for (const segment of segments) {
    const handle = await openSegment(folder, segment);
    if (handle === null) continue;
    try {
      for await (const page of pagesOf(handle, segment, position[segment.name] ?? 0)) {
        signal.throwIfAborted();
        position[segment.name] = page.offset;
        yield { ...page, position: { ...position } };
      }
    } finally {
      await handle.close();
    }
  }
}

/** Removes the segments that nothing will be written to any more and that were read to their end. */
export async function removeRead(folder: string, position: SpoolPosition): Promise<void> {
  for (const segment of await listSegments(folder)) {
    const read = position[segment.name];
    if (segment.isOpen || read === undefined || read < (await sizeOf(folder, segment))) continue;
    await rm(segmentFile(folder, segment), { force: true });
  }
}

// --- internal ---

const CHUNK = 1024 * 1024;

/** It may be closed, and so renamed, between the list and here; null where another sync has removed it. */
async function openSegment(folder: string, segment: Segment): Promise<FileHandle | null> {
  for (const isOpen of [segment.isOpen, false]) {
    try {
      return await open(segmentFile(folder, { ...segment, isOpen }), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return null;
}

async function* pagesOf(
  handle: FileHandle,
  { name, isOpen }: Segment,
  from: number,
): AsyncGenerator<Omit<SpoolPage, 'position'> & { offset: number }> {
  let offset = from;
  let at = from;
  let rest = Buffer.alloc(0);
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
    at += bytesRead;
    const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const page: Omit<SpoolPage, 'position'> = { entries: [], damaged: [], torn: [] };
    let start = 0;
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, start)) {
      const entry = readLine(text.subarray(start, end));
      if (entry === null) page.damaged.push({ segment: name, offset: offset + start });
      else page.entries.push(entry);
      start = end + 1;
    }
    rest = text.subarray(start);
    offset += start;
    const isTorn = bytesRead === 0 && !isOpen && rest.length > 0;
    if (isTorn) {
      page.torn.push(name);
      offset += rest.length;
    }
    if (start > 0 || isTorn) yield { ...page, offset };
    if (bytesRead === 0) return;
  }
}
