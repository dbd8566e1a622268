/**
 * DuckDB as a warehouse.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import type { DuckdbConfig } from '../config.ts';
import type { OpenOptions, Session, Warehouse } from '../contract.ts';
import { manageFile } from './connection.ts';
import { leaseHolder, takeLease } from './lease.ts';
import { publish } from './publish.ts';
import { createSession } from './session.ts';
import { inTransaction } from './transaction.ts';
import { typeName } from './types.ts';
import { isLoose, vacuumFile } from './vacuum.ts';
import { widen } from './widen.ts';

/** A warehouse in a DuckDB file, or in memory. */
export function openDuckdb(config: DuckdbConfig, options: OpenOptions): Warehouse {
  const path = config.path === ':memory:' ? config.path : resolve(config.path);
  const location = `duckdb:${path === ':memory:' ? path : shorter(path)}`;
  const leased = path === ':memory:' ? `:memory:${randomUUID()}` : path;
  const fileOptions = {
    path,
    location,
    settings: settings(config, path, options),
    ...(options.variables === undefined ? {} : { variables: options.variables }),
    lockTimeoutMs: options.lockTimeoutMs ?? 30_000,
  };
  const file = manageFile(fileOptions);
  const session = createSession(file, location);
  return {
    ...session,
    location,
    statementsAtOnce: 1,
    typeName,
    publish,
    widen,
    async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
      const connection = await file.acquire('statement');
      try {
        return await inTransaction(connection, location, work);
      } finally {
        file.discard(connection);
      }
    },
    lease: (command, timeoutMs) => takeLease(leased, location, command, timeoutMs),
    holder: async () => leaseHolder(leased),
    async vacuum(only) {
      if (path === ':memory:') return null;
      if (only !== undefined && !(await isLoose(session, only))) return null;
      return file.alone(() => vacuumFile(fileOptions));
    },
    async sparing(work) {
      if (config.memoryLimit !== undefined) return work();
      await file.limitMemory(SPARING);
      try {
        return await work();
      } finally {
        await file.limitMemory(null);
      }
    },
    close: () => file.close(),
  };
}

// --- internal ---

/** Enough for the largest part of a load (64 MB of text), whatever the size of the table. */
const SPARING = '384MB';

function settings(config: DuckdbConfig, path: string, options: OpenOptions): Record<string, string> {
  const temporary = path === ':memory:' ? join(tmpdir(), `revops-duckdb-${process.pid}`) : `${path}.tmp`;
  return {
    threads: String(config.threads ?? availableParallelism()),
    temp_directory: config.temporaryFolder === undefined ? temporary : resolve(config.temporaryFolder),
    // Nothing is fetched from a network behind the user's back.
    autoinstall_known_extensions: 'false',
    // The log may grow to this before it is written into the file: each time costs a build more than the log does.
    checkpoint_threshold: '256MB',
    ...(config.memoryLimit === undefined ? {} : { memory_limit: config.memoryLimit }),
    ...(options.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
  };
}

function shorter(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
