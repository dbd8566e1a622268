/**
 * Who may read a DuckDB warehouse: people's data is in it, and in the log and temporary files beside it.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import type { WarehouseConfig } from '../warehouse/config.ts';

/**
 * Does something while files that this process makes are its user's only: those of a new warehouse, and those beside one
 * that nobody else can read. Where somebody has opened the file to others, they stay as the umask says.
 */
export async function withPrivateFiles<T>(config: WarehouseConfig, work: () => Promise<T>): Promise<T> {
  if (config.type !== 'duckdb' || config.path === ':memory:' || isOpenToOthers(config.path)) return work();
  const before = process.umask();
  process.umask(before | OTHERS);
  try {
    return await work();
  } finally {
    process.umask(before);
  }
}

// --- internal ---

/** Group and others: DuckDB makes its files by the umask. */
const OTHERS = 0o077;

function isOpenToOthers(path: string): boolean {
  const file = statSync(resolve(path), { throwIfNoEntry: false });
  return file !== undefined && (file.mode & OTHERS) !== 0;
}
