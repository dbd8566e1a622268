/**
 * `openWarehouse`: the one way in. Engines are imported when one is opened, so that nothing else pays for them.
 */
import type { WarehouseConfig } from './config.ts';
import type { OpenOptions, Warehouse } from './contract.ts';

/**
 * Opens a warehouse. A Postgres server is contacted at once; a DuckDB file is opened by the first statement, and given
 * free for other processes whenever no statement has run for a quarter of a second.
 * Throws WAREHOUSE_UNREACHABLE, WAREHOUSE_READ_ONLY.
 */
export async function openWarehouse(config: WarehouseConfig, options: OpenOptions = {}): Promise<Warehouse> {
  if (config.type === 'duckdb') {
    const { openDuckdb } = await import('./duckdb/open.ts');
    return openDuckdb(config, options);
  }
  const { openPostgres } = await import('./postgres/open.ts');
  return openPostgres(config, options);
}

export type { DuckdbConfig, PostgresConfig, WarehouseConfig } from './config.ts';
