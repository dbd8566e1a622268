/**
 * Where a warehouse is and how it is opened, as the project's config says it.
 */
import type { Secret } from '../secret.ts';
import type { TlsConfig } from './tls.ts';

export interface DuckdbConfig {
  type: 'duckdb';
  /** The database file, or `:memory:`. Relative to the working directory. */
  path: string;
  /** Such as `4GB`. Default: DuckDB's own, 80 % of the machine's memory. */
  memoryLimit?: string;
  /** Default: one per core. */
  threads?: number;
  /** Where data larger than memory goes. Default: `<path>.tmp`. */
  temporaryFolder?: string;
}

export interface PostgresConfig {
  type: 'postgres';
  /** `postgres://user:password@host:5432/database`; `?sslmode=` and the other usual parameters work. */
  url: Secret;
  /** Before what the URL says. Default: what the URL says. */
  tls?: TlsConfig;
  /** Connections at most. Default 8. */
  poolSize?: number;
  /** A statement that runs longer is cancelled. Default 0: no limit. */
  statementTimeoutMs?: number;
}

export type WarehouseConfig = DuckdbConfig | PostgresConfig;
