/**
 * The life of a DuckDB file in this process: opened when a statement needs it, given free when none has run for a while.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

import { RevopsError } from '../../errors.ts';
import type { Connections } from '../connections.ts';
import type { SessionVariables } from '../identity-secret.ts';
import { makePrivately } from '../private-files.ts';
import { lockedBy, openError } from './errors.ts';

export interface DuckdbFile extends Connections<DuckDBConnection> {
  /** Like `release`, but the connection is not used again (it may carry temporary tables and settings). */
  discard(connection: DuckDBConnection): void;
  /** Does something while the file is closed in this process; statements that come meanwhile wait. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Limits DuckDB's memory from now on, whether the file is open or not; null gives back what it has by itself. */
  limitMemory(limit: string | null): Promise<void>;
  close(): Promise<void>;
}

export interface FileOptions {
  path: string;
  location: string;
  /** DuckDB's settings, such as `threads`. */
  settings: Record<string, string>;
  /** Set in every connection. */
  variables?: SessionVariables;
  /** How long to wait for another process that has the file open. */
  lockTimeoutMs: number;
}

/** Manages one database file, or one database in memory (`:memory:`), which stays open until `close`. */
export function manageFile(options: FileOptions): DuckdbFile {
  let opened: Promise<DuckDBInstance> | null = null;
  let closing: Promise<void> = Promise.resolve();
  let closed = false;
  let inUse = 0;
  let timer: NodeJS.Timeout | null = null;
  let idle: DuckDBConnection[] = [];
  let checkpointFailure: unknown = null;
  let memoryLimit: string | null = null;
  /** Ends the time in which DuckDB makes its files privately: while statements run. */
  let endPrivacy: () => void = () => undefined;

  /** `reset` alone says that the limit is the usual one again, and leaves it to the buffers as it was (DuckDB 1.5). */
  async function limit(instance: DuckDBInstance): Promise<void> {
    const connection = await instance.connect();
    try {
      await connection.run('reset global memory_limit');
      const usual = await connection.runAndReadAll("select current_setting('memory_limit')");
      await connection.run(`set global memory_limit = '${memoryLimit ?? String(usual.getRows()[0]?.[0])}'`);
    } finally {
      connection.closeSync();
    }
  }

  async function shut(): Promise<void> {
    const end = makePrivately(options.path);
    try {
      await shutInstance();
    } finally {
      end();
    }
  }

  async function shutInstance(): Promise<void> {
    const instance = await opened;
    const connections = idle;
    opened = null;
    idle = [];
    if (instance === null) return;
    const last = connections.pop() ?? (await instance.connect());
    try {
      await checkpoint(last, options.path);
    } catch (error) {
      // Committed rows are safe in the write-ahead log; the next opening replays it. Told when the warehouse is closed.
      checkpointFailure = error;
    }
    for (const connection of [last, ...connections]) connection.closeSync();
    instance.closeSync();
  }

  function finish(): void {
    inUse -= 1;
    if (inUse > 0) return;
    endPrivacy();
    if (options.path === ':memory:') return;
    timer = setTimeout(() => {
      timer = null;
      closing = shut();
    }, IDLE_MS);
    timer.unref();
  }

  return {
    async acquire() {
      if (closed) throw new RevopsError('INTERNAL', `${options.location} was used after it was closed`);
      if (inUse === 0) endPrivacy = makePrivately(options.path);
      inUse += 1;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      try {
        await closing;
        opened ??= openInstance(options).then(async (instance) => {
          if (memoryLimit !== null) await limit(instance);
          return instance;
        });
        const instance = await opened;
        return idle.pop() ?? (await connected(instance, options.variables));
      } catch (error) {
        opened = null;
        finish();
        throw error;
      }
    },
    release(connection) {
      idle.push(connection);
      finish();
    },
    discard(connection) {
      connection.closeSync();
      finish();
    },
    async alone(work) {
      if (inUse > 0) throw new RevopsError('INTERNAL', `statements run on ${options.location}, which has to be closed`);
      if (timer !== null) clearTimeout(timer);
      timer = null;
      const end = makePrivately(options.path);
      const done = closing.then(shut).then(work).finally(end);
      closing = done.then(
        () => undefined,
        () => undefined,
      );
      return done;
    },
    async limitMemory(most) {
      memoryLimit = most;
      if (opened !== null) await limit(await opened);
    },
    async close() {
      if (closed) return;
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await closing;
      await shut();
      if (checkpointFailure !== null) throw openError(checkpointFailure, options.location);
    },
  };
}

/** Opens a database file, waiting for another process that has it open. */
export async function openInstance(options: FileOptions): Promise<DuckDBInstance> {
  const start = performance.now();
  for (;;) {
    try {
      // `fromCache` only: two instances made by `create` on one path in one process lose each other's writes.
      const instance = await DuckDBInstance.fromCache(options.path, options.settings);
      const connection = await instance.connect();
      await connection.run("set global timezone = 'UTC'");
      // What only reads reads this database, and no other file of the machine: a query may come from somebody else.
      if (options.settings['access_mode'] === 'READ_ONLY') await connection.run('set enable_external_access = false');
      connection.closeSync();
      return instance;
    } catch (error) {
      const holder = lockedBy(error);
      if (holder === null) {
        if (await removeUnfinished(options.path, error)) continue;
        throw openError(error, options.location);
      }
      const waited = performance.now() - start;
      if (waited >= options.lockTimeoutMs) {
        throw new RevopsError(
          'WAREHOUSE_UNREACHABLE',
          `${options.location} is open in ${holder}; waited ${(waited / 1000).toFixed(1)} s`,
          {
            hint: 'Close it there, or wait: one process at a time can have a DuckDB file open for writing.',
            retryable: true,
            cause: error,
          },
        );
      }
      await sleep(Math.min(50 + Math.random() * 50, options.lockTimeoutMs - waited));
    }
  }
}

// --- internal ---

async function connected(instance: DuckDBInstance, variables: SessionVariables = {}): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  // the value is a parameter: no text of a statement holds it
  for (const [name, value] of Object.entries(variables)) {
    await connection.run(`set variable ${name} = $1`, [value.reveal()]);
  }
  return connection;
}

const IDLE_MS = 250;

/** Size of a file's three headers: a shorter one was left by a process killed while making it, and never held a row. */
const HEADERS = 3 * 4096;

async function removeUnfinished(path: string, error: unknown): Promise<boolean> {
  if (!/not a valid duckdb database file|could not read enough bytes/i.test(String(error))) return false;
  const { size } = await stat(path);
  if (size >= HEADERS || (await sizeOfLog(path)) > 0) return false;
  if (size > 0 && (await readFile(path)).subarray(8, 12).toString('latin1') !== 'DUCK') return false;
  await rm(path);
  return true;
}

/** Writes the log into the file now, off the event loop, instead of blocking it in `closeSync`. */
async function checkpoint(connection: DuckDBConnection, path: string): Promise<void> {
  if (path === ':memory:') return;
  if ((await sizeOfLog(path)) === 0) return;
  try {
    await connection.run('checkpoint');
  } catch (error) {
    // Another warehouse object of this process is in a transaction on the same file: the last one to close does it.
    if (!/cannot checkpoint/i.test(String(error))) throw error;
  }
}

async function sizeOfLog(path: string): Promise<number> {
  try {
    return (await stat(`${path}.wal`)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
