/**
 * A DuckDB file made small again. DuckDB reuses the space of dropped tables and never gives it back, so the file is copied
 * and the copy takes its place.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { chmod, chown, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

import { RevopsError } from '../../errors.ts';
import type { Session } from '../contract.ts';
import { literal } from '../sql.ts';
import type { FileOptions } from './connection.ts';
import { lockedBy, openError, statementError } from './errors.ts';

/**
 * Copies the file, compares the copy with it, and renames it over the file. The file must be closed in this process, and
 * the lease held. Killed at any point, the file is the old one or the new one, both complete; a copy that is left is removed
 * the next time.
 */
export async function vacuumFile(
  options: FileOptions,
  onStep: (step: string) => void | Promise<void> = () => undefined,
): Promise<{ before: number; after: number }> {
  const { path, location } = options;
  const before = await sizeOf(path);
  if (before === 0) return { before, after: before };
  // a link stays one: the file that it leads to is made small
  const file = await realpath(path);
  const { nlink } = await stat(file);
  if (nlink > 1) throw severalNames(location, nlink);
  const copy = `${file}.vacuum`;
  await removeCopy(copy);
  const { access_mode: _, ...settings } = options.settings;
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  try {
    // read-only: no other process can write meanwhile, and nothing here touches the log of the file that takes its place
    await attach(connection, options);
    // only now nobody adds to it; the next opening would apply it to the copy once more
    if ((await sizeOf(`${path}.wal`)) > 0) throw logNotEmpty(location);
    await connection.run(`attach ${literal(copy)} as fresh`);
    await makeAlike(file, copy);
    await copyAll(connection, location);
    await onStep('copied');
    await compare(connection, location);
    await connection.run('checkpoint fresh');
    await connection.run('detach fresh');
    sync(copy);
    await onStep('compared');
    const after = await sizeOf(copy);
    if (after >= before) {
      await removeCopy(copy);
      return { before, after: before };
    }
    await rename(copy, file);
    sync(dirname(file));
    await onStep('renamed');
    return { before, after };
  } catch (error) {
    await removeCopy(copy);
    throw statementError(error, location);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Whether the file is larger than so many times what it holds. */
export async function isLoose(
  session: Session,
  { above, atLeastBytes }: { above: number; atLeastBytes: number },
): Promise<boolean> {
  await session.execute('checkpoint');
  const [size] = await session.query<{ block_size: number; total_blocks: number; used_blocks: number }>(
    'select block_size, total_blocks, used_blocks from pragma_database_size() where database_name = current_database()',
  );
  if (size === undefined || size.total_blocks * size.block_size < atLeastBytes) return false;
  return size.total_blocks > above * size.used_blocks;
}

// --- internal ---

function logNotEmpty(location: string): RevopsError {
  return new RevopsError('WAREHOUSE_FAILED', `${location} has changes in its log that are not in the file yet`, {
    hint: 'A process that had it open ended without closing it, or still has it open: close it there. Nothing was changed; the next command that writes brings them into the file.',
    retryable: true,
  });
}

function severalNames(location: string, names: number): RevopsError {
  return new RevopsError(
    'WAREHOUSE_FAILED',
    `${location} has ${names} names (hard links); a smaller copy would take the place of one of them only`,
    { hint: 'Nothing was changed. Remove the other names, or make them symbolic links.' },
  );
}

async function copyAll(connection: DuckDBConnection, location: string): Promise<void> {
  try {
    await connection.run('copy from database old to fresh');
  } catch (error) {
    // DuckDB copies tables in the order of their names, or in none: a referring row can come before the one it refers to
    const found = await connection.runAndReadAll(
      `select schema_name || '.' || table_name as own, referenced_table as other from duckdb_constraints() where database_name = 'old' and constraint_type = 'FOREIGN KEY' order by 1, 2`,
    );
    const rows: Record<string, unknown>[] = found.getRowObjectsJson();
    const keys = rows.map(({ own, other }) => `${String(own)} to ${String(other)}`);
    if (keys.length === 0) throw error;
    throw new RevopsError(
      'WAREHOUSE_FAILED',
      `${location} has tables with foreign keys, which cannot be copied: ${keys.slice(0, 5).join(', ')}`,
      {
        hint: 'Nothing was changed. Keep these tables in a file of their own, or drop their foreign keys.',
        cause: statementError(error, location),
      },
    );
  }
}

/** Nobody reads or writes the copy who could not do so with the file. */
async function makeAlike(file: string, copy: string): Promise<void> {
  const [old, fresh] = [await stat(file), await stat(copy)];
  if (old.uid !== fresh.uid || old.gid !== fresh.gid) await chown(copy, old.uid, old.gid);
  await chmod(copy, old.mode & 0o7777);
}

async function attach(connection: DuckDBConnection, { path, location, lockTimeoutMs }: FileOptions): Promise<void> {
  for (const start = performance.now(); ; await sleep(50 + Math.random() * 50)) {
    try {
      await connection.run(`attach ${literal(path)} as old (read_only)`);
      return;
    } catch (error) {
      const holder = lockedBy(error);
      if (holder === null || performance.now() - start < lockTimeoutMs) {
        if (holder === null) throw openError(error, location);
        continue;
      }
      throw new RevopsError('WAREHOUSE_UNREACHABLE', `${location} is open in ${holder}`, {
        hint: 'Close it there, or wait. Nothing was changed.',
        retryable: true,
        cause: error,
      });
    }
  }
}

/** What a database consists of, but for the rows. */
const CATALOG = (name: string): string => `
  select 'table' as kind, schema_name, table_name as name, sql, comment from duckdb_tables() where database_name = '${name}'
  union all select 'view', schema_name, view_name, sql, comment from duckdb_views() where database_name = '${name}' and not internal
  union all select 'column', schema_name, table_name || '.' || column_name, data_type, comment from duckdb_columns() where database_name = '${name}' and not internal
  union all select 'function', schema_name, function_name, macro_definition, comment from duckdb_functions() where database_name = '${name}' and not internal
  union all select 'index', schema_name, index_name, sql, comment from duckdb_indexes() where database_name = '${name}'
  union all select 'sequence', schema_name, sequence_name, sql, comment from duckdb_sequences() where database_name = '${name}'
  union all select 'schema', schema_name, schema_name, '', comment from duckdb_schemas() where database_name = '${name}' and not internal`;

/** The copy has all that the file has: everything in the catalog, and as many rows in every table. */
async function compare(connection: DuckDBConnection, location: string): Promise<void> {
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const differing = await rowsOf(
    `select kind, schema_name, name from ((${CATALOG('old')}) except all (${CATALOG('fresh')})) as missing order by all`,
  );
  const wrong = differing.map(
    ({ kind, schema_name: schema, name }) => `${String(kind)} ${String(schema)}.${String(name)}`,
  );
  const tables = await rowsOf(
    `select format('"{}"."{}"', replace(schema_name, '"', '""'), replace(table_name, '"', '""')) as name from duckdb_tables() where database_name = 'old' order by 1`,
  );
  for (const { name } of tables) {
    const [counted] = await rowsOf(
      `select (select count(*) from old.${String(name)}) = (select count(*) from fresh.${String(name)}) as same`,
    );
    if (counted?.['same'] !== true) wrong.push(`rows of ${String(name)}`);
  }
  if (wrong.length === 0) return;
  throw new RevopsError('WAREHOUSE_FAILED', `the copy of ${location} differs: ${wrong.slice(0, 5).join(', ')}`, {
    hint: 'Nothing was changed. Please report it.',
  });
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function removeCopy(copy: string): Promise<void> {
  for (const file of [copy, `${copy}.wal`]) await rm(file, { force: true });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}
