/**
 * attribution.lock.json: the lock beside the config, for version control.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { z } from 'zod';

import { messageOf, RevopsError } from '../errors.ts';
import { digestOfParts } from './definition.ts';
import { baselineIdOf, type Lock } from './lock.ts';

/** Its name, in the folder of the config. */
export const LOCK_FILE = 'attribution.lock.json';

/** The lock in a file; null where there is no file. LOCK_CHANGED where it is no lock, or was edited by hand. */
export async function readLockFile(path: string): Promise<Lock | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return parseLock(text, basename(path));
}

/** Replaces the file in one step: a reader sees the old lock or the new one. */
export async function writeLockFile(path: string, lock: Lock): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, `${JSON.stringify(lock, null, 2)}\n`, { flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

// --- internal ---

const schema = z.strictObject({
  version: z.literal(1),
  baseline_id: z.string(),
  created_at: z.iso.datetime(),
  effective_from: z.iso.date().nullable(),
  reason: z.string(),
  digest: z.string(),
  parts: z.record(z.string(), z.string()),
});

function parseLock(text: string, file: string): Lock {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw damaged(`${file} is no JSON: ${messageOf(error)}`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`);
    throw damaged(`${file} is no attribution lock: ${wrong.join('; ')}`);
  }
  const lock = parsed.data;
  if (digestOfParts(lock.parts) !== lock.digest) {
    throw damaged(`${file} was edited by hand: its digest is not that of its parts`);
  }
  if (baselineIdOf(lock.digest, lock.created_at) !== lock.baseline_id) {
    throw damaged(`${file} was edited by hand: its baseline_id is not that of its digest and created_at`);
  }
  return lock;
}

function damaged(message: string): RevopsError {
  return new RevopsError('LOCK_CHANGED', message, {
    hint: 'Restore the file from version control, or delete it and run `revops lock create`, which takes it back from the warehouse.',
  });
}
