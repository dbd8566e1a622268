/**
 * Whose a spool is: what one warehouse has loaded goes from the disk, so that no other would ever get it. The first that
 * reads a spool leaves its identity in it, and only that one reads on.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { RevopsError } from 'revops/connector';

import { syncFolder } from './segments.ts';

/** Claims a spool for a warehouse; CONFIG_INVALID where it is another's. */
export async function claimSpool(folder: string, warehouse: string): Promise<void> {
  const known = await ownerOf(folder);
  if (known === null) await writeOwner(folder, warehouse);
  const owner = known ?? (await ownerOf(folder));
  if (owner !== warehouse) throw foreign(folder);
}

// --- internal ---

const FILE = 'warehouse';

/** Null where nobody has read yet. */
async function ownerOf(folder: string): Promise<string | null> {
  try {
    return (await readFile(path.join(folder, FILE), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Of two at once the first one stands. */
async function writeOwner(folder: string, warehouse: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(path.join(folder, FILE), `${warehouse}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await syncFolder(folder);
}

function foreign(folder: string): RevopsError {
  return new RevopsError(
    'CONFIG_INVALID',
    `connectors.collector: the spool ${folder} belongs to another warehouse, which loads what is in it and removes it`,
    {
      hint: `Give this project a folder of its own (option folder). To hand the spool over, remove ${path.join(folder, FILE)}: from then on all that comes is this warehouse's, and what the other has loaded stays there.`,
    },
  );
}
