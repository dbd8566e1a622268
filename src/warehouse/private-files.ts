/**
 * Who may read a DuckDB file: people's data is in it, and in the log and temporary files beside it. DuckDB makes them all
 * by the process's umask and takes no mode, so it is narrowed for as long as DuckDB may make one, and no longer: what
 * else the process writes follows the user's umask.
 */
import { statSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/**
 * Until what it gives is called, files beside `path` are made for their user only; where somebody has opened the file to
 * others, they stay as the umask says. A worker thread cannot change the umask: there it says, too.
 */
export function makePrivately(path: string): () => void {
  if (path === ':memory:' || !isMainThread || isOpenToOthers(path)) return () => undefined;
  if (holders === 0) usual = process.umask(process.umask() | OTHERS);
  holders += 1;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holders -= 1;
    if (holders === 0) process.umask(usual);
  };
}

// --- internal ---

/** Group and others. */
const OTHERS = 0o077;

/** Of the whole process, as the umask is: several files may be at work at once. */
let holders = 0;
let usual = 0;

function isOpenToOthers(path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  return file !== undefined && (file.mode & OTHERS) !== 0;
}
