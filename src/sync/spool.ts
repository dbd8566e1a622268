/**
 * Rows on their way to the warehouse: compressed files on the local disk, whole or not there at all. Memory stays flat:
 * a writer takes text until its buffer is full and then waits for the disk.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib';

import type { Manifest, SpoolPart } from './manifest.ts';
import { partFile, spoolError, SPOOL_PARTS, syncFolder, writeManifest } from './spool-folder.ts';

export interface Spool {
  readonly loadId: string;
  /** Rows written so far, per part. */
  readonly rows: Record<SpoolPart, number>;
  /** Characters of text taken so far, before compression. */
  readonly size: number;
  /** Takes one row (CSV, without line end). Call `flush` from time to time. */
  add(part: SpoolPart, line: string): void;
  /** Waits until the disk keeps up. SPOOL_FAILED where it does not take the rows. */
  flush(): Promise<void>;
  /** Makes the files durable, then the manifest. Nothing can be added after it. */
  finish(manifest: Omit<Manifest, 'loadId' | 'parts' | 'longestLine'>): Promise<Manifest>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Begins a spool. Files appear with the first row of each part. */
export function openSpool(folder: string, loadId: string): Spool {
  const writers = new Map<SpoolPart, PartWriter>();
  const rows: Record<SpoolPart, number> = { rows: 0, rejected: 0, owners: 0 };
  let size = 0;
  let longest = 0;

  async function discard(): Promise<void> {
    for (const writer of writers.values()) await writer.abandon();
    for (const part of SPOOL_PARTS) await rm(`${partFile(folder, loadId, part)}.partial`, { force: true });
  }

  async function orDiscard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await discard();
      throw spoolError(folder, error);
    }
  }

  return {
    loadId,
    rows,
    get size() {
      return size;
    },
    add(part, line) {
      let writer = writers.get(part);
      if (writer === undefined) writers.set(part, (writer = partWriter(`${partFile(folder, loadId, part)}.partial`)));
      writer.add(line);
      rows[part] += 1;
      size += line.length + 1;
      if (line.length > longest) longest = line.length;
    },
    flush: () =>
      orDiscard(async () => {
        for (const writer of writers.values()) await writer.flush();
      }),
    async finish(manifest) {
      const whole: Manifest = { ...manifest, loadId, parts: { ...rows }, longestLine: MOST_BYTES * (longest + 1) };
      await orDiscard(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        for (const writer of writers.values()) await writer.end();
        for (const part of writers.keys()) {
          const file = partFile(folder, loadId, part);
          await rename(`${file}.partial`, file);
        }
        await syncFolder(folder);
      });
      await writeManifest(folder, whole);
      return whole;
    },
    discard,
  };
}

// --- internal ---

const BUFFER = 128 * 1024;
/** Of one UTF-16 unit in UTF-8. */
const MOST_BYTES = 3;

interface PartWriter {
  add(line: string): void;
  flush(): Promise<void>;
  end(): Promise<void>;
  abandon(): Promise<void>;
}

function partWriter(file: string): PartWriter {
  const compress: ZstdCompress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  const written = pipeline(compress, output);
  // Whoever writes next sees the error; unseen it must not end the process.
  written.catch(() => undefined);
  let buffer = '';

  async function push(): Promise<void> {
    const text = buffer;
    buffer = '';
    if (compress.destroyed) return written;
    if (compress.write(text)) return;
    // Where the disk fails there is no drain, but an error, of which `written` knows the cause.
    await once(compress, 'drain').catch(() => written);
  }

  return {
    add(line) {
      buffer += line;
      buffer += '\n';
    },
    async flush() {
      if (buffer.length >= BUFFER) await push();
    },
    async end() {
      if (buffer !== '') await push();
      compress.end();
      await written;
    },
    async abandon() {
      compress.destroy();
      await written.catch(() => undefined);
      // Until then the file may still come into being.
      if (!output.closed) await once(output, 'close').catch(() => undefined);
    },
  };
}
