/**
 * Files with data of people: readable by their owner only, and there whole or not at all.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

import { messageOf, RevopsError } from '../errors.ts';

/** Writes a file, on disk when it resolves; makes its folder. EXPORT_FAILED where that cannot be done. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await failing(file, async () => {
    const folder = path.dirname(file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const partial = `${file}.part`;
    await writeDurably(partial, text);
    await rename(partial, file);
    await syncFolder(folder);
  });
}

/** Makes a folder of files under its final name in one step: until then it is `.<name>.part` beside it. */
export async function writePrivateFolder(
  folder: string,
  files: readonly { name: string; text: string }[],
): Promise<void> {
  await failing(folder, async () => {
    const partial = path.join(path.dirname(folder), `.${path.basename(folder)}.part`);
    await mkdir(partial, { recursive: true, mode: 0o700 });
    for (const { name, text } of files) {
      // oxlint-disable-next-line no-await-in-loop -- one disk
      await writeDurably(path.join(partial, name), text);
    }
    await syncFolder(partial);
    await rename(partial, folder);
    await syncFolder(path.dirname(folder));
  });
}

// --- internal ---

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    // what an earlier run left may have other rights
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is on disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function failing(place: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new RevopsError('EXPORT_FAILED', `${place} could not be written: ${messageOf(error)}`, {
      hint: 'Nothing was handed out. Make room, or name another folder with --folder.',
      cause: error,
    });
  }
}
