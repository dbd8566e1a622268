/**
 * The text of a file: decompressed, and certain to be UTF-8.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Transform, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { RevopsError } from 'revops/connector';

import type { FoundFile } from './paths.ts';
import { refused } from './refuse.ts';

/** Bytes of a text file, without compression and byte order mark. Its errors are refusals of the file. */
export async function openText(file: FoundFile): Promise<Readable> {
  const first = await firstBytes(file.path);
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  const isZstd = first.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
  const raw = createReadStream(file.path);
  const checked = utf8Only(file.name);
  const failed = (error: Error | null | undefined): void => {
    if (error !== null && error !== undefined && !checked.destroyed) checked.destroy(readable(file.name, error));
  };
  if (isGzip) pipeline(raw, createGunzip(), checked, failed);
  else if (isZstd) pipeline(raw, createZstdDecompress(), checked, failed);
  else pipeline(raw, checked, failed);
  return checked;
}

/** The error of a stream over a file, as a refusal. */
export function readable(name: string, error: unknown): RevopsError {
  if (error instanceof RevopsError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (/^Z_|^ZSTD_|^ERR__ZSTD/.test(code))
    return refused(name, 'is cut off or damaged: it does not decompress', WRITE_AGAIN);
  return refused(
    name,
    `cannot be read (${code === '' ? 'unknown error' : code})`,
    'Check that the file is there and readable.',
  );
}

// --- internal ---

const WRITE_AGAIN = 'Write the file again; nothing of this feed was loaded.';
const AS_UTF8 = 'Save it as CSV in UTF-8 (in Excel: "CSV UTF-8").';

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function utf8Only(name: string): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  let lines = 1;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let bytes = chunk;
      if (isFirst) {
        isFirst = false;
        const wrong = wrongStart(chunk);
        if (wrong !== null) return done(refused(name, wrong, AS_UTF8));
        if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) bytes = chunk.subarray(3);
      }
      try {
        decoder.decode(bytes, { stream: true });
      } catch {
        return done(refused(name, `is not UTF-8 (after line ${lines})`, AS_UTF8));
      }
      if (bytes.includes(0))
        return done(refused(name, `holds NUL characters (after line ${lines}): it is no text in UTF-8`, AS_UTF8));
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
      return done(null, bytes);
    },
    flush(done) {
      try {
        decoder.decode();
        done();
      } catch {
        done(refused(name, `is not UTF-8 (after line ${lines})`, AS_UTF8));
      }
    },
  });
}

function wrongStart(chunk: Buffer): string | null {
  if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff))
    return 'is UTF-16, not UTF-8';
  if (chunk.subarray(0, 2).toString('latin1') === 'PK') return 'is a ZIP archive or a workbook, not a text file';
  return null;
}
