/**
 * One part of a spool into a table: whole, or told apart from a warehouse that fails.
 */
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';

import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { RelationName } from '../warehouse/sql.ts';
import type { Column } from '../warehouse/types.ts';
import type { Manifest, SpoolPart } from './manifest.ts';
import { partFile } from './spool-folder.ts';

/**
 * Loads the rows of a part. Throws SPOOL_FAILED where its file is not what was written: it has to be read again; what
 * the warehouse says otherwise.
 */
export async function loadPart(
  session: Session,
  table: RelationName,
  columns: readonly Column[],
  manifest: Manifest,
  part: SpoolPart,
  folder: string,
): Promise<void> {
  const { loadId, parts, longestLine } = manifest;
  const file = partFile(folder, loadId, part);
  let count: number;
  try {
    count = await session.load(table, columns, file, longestLine);
  } catch (error) {
    if (await isReadable(file)) throw error;
    throw damaged(`spool ${loadId}: its file of ${part} is missing or damaged`);
  }
  if (count !== parts[part]) throw damaged(`spool ${loadId}: ${count} ${part} loaded, ${parts[part]} written`);
}

// --- internal ---

/** Whether a file decompresses to its end; its checksum is compared. */
async function isReadable(file: string): Promise<boolean> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file), createZstdDecompress(), nowhere);
    return true;
  } catch {
    return false;
  }
}

function damaged(message: string): RevopsError {
  return new RevopsError('SPOOL_FAILED', message, {
    hint: 'Nothing was loaded of it. Run again: it is read again. Check the disk if this happens more than once.',
  });
}
