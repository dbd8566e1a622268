/**
 * Names and removal of spool files. A load's files share its id; the manifest is written last and removed first.
 */
import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { RevopsError } from '../errors.ts';
import type { Manifest, SpoolPart } from './manifest.ts';

export const SPOOL_PARTS: readonly SpoolPart[] = ['rows', 'rejected', 'owners'];

/** The file of one part of a load. */
export function partFile(folder: string, loadId: string, part: SpoolPart): string {
  return path.join(folder, part === 'rows' ? `${loadId}.csv.zst` : `${loadId}.${part}.csv.zst`);
}

/** Writes a manifest so that it is whole or absent. SPOOL_FAILED where the disk does not take it. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const file = manifestFile(folder, manifest.loadId);
  try {
    await writeFile(`${file}.partial`, JSON.stringify(manifest), { mode: 0o600, flush: true });
    await rename(`${file}.partial`, file);
    await syncFolder(folder);
  } catch (error) {
    await rm(`${file}.partial`, { force: true });
    throw spoolError(folder, error);
  }
}

/** Makes renames in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a load's files. */
export async function removeSpool(folder: string, loadId: string): Promise<void> {
  await rm(manifestFile(folder, loadId), { force: true });
  for (const part of SPOOL_PARTS) await rm(partFile(folder, loadId, part), { force: true });
}

/** The finished spools of a folder in the order in which they have to be loaded; files that belong to none are removed. */
export async function finishedSpools(folder: string): Promise<Manifest[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw spoolError(folder, error);
  });
  const manifests: Manifest[] = [];
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const manifest = readable(await readFile(path.join(folder, file), 'utf8'));
    if (manifest === null) await rm(path.join(folder, file), { force: true });
    else manifests.push(manifest);
  }
  const whole = new Set(manifests.map(({ loadId }) => loadId));
  for (const file of files.filter((name) => name.endsWith('.partial') || name.endsWith('.csv.zst'))) {
    const loadId = file.slice(0, file.indexOf('.'));
    if (!whole.has(loadId) || file.endsWith('.partial')) await rm(path.join(folder, file), { force: true });
  }
  return manifests.toSorted((a, b) => a.revision - b.revision || (a.loadId < b.loadId ? -1 : 1));
}

/** The error of a disk that does not take the spool. */
export function spoolError(folder: string, cause: unknown): RevopsError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? 'unknown error';
  const full = code === 'ENOSPC' || code === 'EFBIG' || code === 'EDQUOT';
  return new RevopsError('SPOOL_FAILED', `could not write the spool in ${folder}: ${code}`, {
    hint: full
      ? 'Free space on that disk and run again: what was loaded is kept, the rest is read again.'
      : 'Check that the folder exists on a local disk and can be written.',
    cause,
  });
}

// --- internal ---

/** A manifest this version knows; null for one that is cut off or of another version: its spool is read again. */
function readable(text: string): Manifest | null {
  try {
    const manifest = JSON.parse(text) as Manifest;
    return manifest.version === 2 ? manifest : null;
  } catch {
    return null;
  }
}

function manifestFile(folder: string, loadId: string): string {
  return path.join(folder, `${loadId}.json`);
}
