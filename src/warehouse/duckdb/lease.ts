/**
 * The lease on a DuckDB warehouse: a lock file beside it whose lock the operating system frees with the process.
 */
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';

import { messageOf } from '../../errors.ts';
import type { Lease, LeaseHolder } from '../contract.ts';
import { leaseBusy, leaseLost } from '../failures.ts';
import { makePrivately } from '../private-files.ts';
import { lockedBy, openError } from './errors.ts';

/**
 * Takes the lease, trying until `timeoutMs` have passed. The lock is a tiny database `<path>.lease` held open (Node has
 * no file locks of its own), and `<path>.lease.json` says who holds it. Both files stay; only the lock counts.
 */
export async function takeLease(path: string, location: string, command: string, timeoutMs: number): Promise<Lease> {
  const start = performance.now();
  for (;;) {
    const attempt = held.has(path) ? { pid: process.pid } : await tryLock(path, location);
    if (attempt instanceof DuckDBInstance) {
      const holder: LeaseHolder = { pid: process.pid, host: hostname(), command, since: new Date().toISOString() };
      held.set(path, holder);
      return signed(attempt, path, location, holder);
    }
    const waited = performance.now() - start;
    if (waited >= timeoutMs) throw leaseBusy(location, holderOf(path, attempt.pid), waited);
    await sleep(Math.min(50 + Math.random() * 50, timeoutMs - waited));
  }
}

/** Who holds the lease: whoever signed the file, as long as that process lives. */
export function leaseHolder(path: string): LeaseHolder | null {
  const holder = holderOf(path, null);
  if (holder === null || held.has(path)) return holder;
  return holder.host === hostname() && !isAlive(holder.pid) ? null : holder;
}

// --- internal ---

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // it is there, and belongs to someone else
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Leases of this process: the operating system's locks do not keep a process out of its own files. */
const held = new Map<string, LeaseHolder>();

async function tryLock(path: string, location: string): Promise<DuckDBInstance | { pid: number | null }> {
  if (isMemory(path)) return DuckDBInstance.fromCache(':memory:');
  // Claimed while opening, so that two callers in this process do not both get in.
  held.set(path, { pid: process.pid, host: hostname(), command: 'start', since: new Date().toISOString() });
  try {
    const end = makePrivately(path);
    await makeLockFile(`${path}.lease`).finally(end);
    return await DuckDBInstance.fromCache(`${path}.lease`, { threads: '1' });
  } catch (error) {
    held.delete(path);
    if (lockedBy(error) === null) throw openError(error, location);
    const pid = /\(PID (\d+)\)/.exec(messageOf(error))?.[1];
    return { pid: pid === undefined ? null : Number(pid) };
  }
}

/** Makes the lock file complete in one step: a process killed while making it leaves none. */
async function makeLockFile(file: string): Promise<void> {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return;
  const draft = `${file}.${randomUUID()}`;
  (await DuckDBInstance.fromCache(draft, { threads: '1' })).closeSync();
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function signed(lock: DuckDBInstance, path: string, location: string, holder: LeaseHolder): Lease {
  try {
    if (!isMemory(path)) writeHolder(path, holder);
    return lease(lock, path, location);
  } catch (error) {
    lock.closeSync();
    held.delete(path);
    throw openError(error, location);
  }
}

function lease(lock: DuckDBInstance, path: string, location: string): Lease {
  const file = `${path}.lease`;
  const inode = isMemory(path) ? null : statSync(file).ino;
  let released = false;
  return {
    // The operating system never takes a file lock away.
    lost: new Promise<never>(() => undefined),
    assertHeld() {
      if (released) throw leaseLost(location, 'it was released');
      if (inode !== null && statSync(file, { throwIfNoEntry: false })?.ino !== inode)
        throw leaseLost(location, `${file} was removed`);
    },
    async release() {
      if (released) return;
      released = true;
      if (!isMemory(path)) rmSync(`${path}.lease.json`, { force: true });
      lock.closeSync();
      held.delete(path);
    },
  };
}

function writeHolder(path: string, holder: LeaseHolder): void {
  const end = makePrivately(path);
  try {
    writeFileSync(`${path}.lease.json`, JSON.stringify(holder));
  } finally {
    end();
  }
}

/** A database in memory has a name of its own here, and no file. */
function isMemory(path: string): boolean {
  return path.startsWith(':memory:');
}

/** Who holds it: the file's word where it is of the process that has the lock. */
function holderOf(path: string, pid: number | null): LeaseHolder | null {
  const here = held.get(path);
  if (here !== undefined) return here;
  const unknown = pid === null ? null : { pid, host: hostname(), command: '?', since: '?' };
  try {
    const holder = JSON.parse(readFileSync(`${path}.lease.json`, 'utf8')) as LeaseHolder;
    return pid === null || holder.pid === pid ? holder : unknown;
  } catch {
    // Not written yet, or being written: the lock itself still tells the process.
    return unknown;
  }
}
