/**
 * What the engine needs from a warehouse. Everything outside `duckdb/` and `postgres/` is engine-agnostic.
 */
import type { SessionVariables } from './identity-secret.ts';
import type { RelationName } from './sql.ts';
import type { Column, EngineName, LogicalType, Row, Value } from './types.ts';

/** Something statements run on: the warehouse (each on its own connection) or one transaction (all on the same). */
export interface Session {
  readonly engine: EngineName;
  /** All rows of a statement. Parameters are `$1`, `$2`, …. Not for whole tables: use `stream`. */
  query<R extends object = Row>(sql: string, parameters?: readonly Value[]): Promise<R[]>;
  /**
   * The rows in chunks of some thousands; never the whole result in memory. In a transaction no other statement can run
   * until the stream is read or left (`break`).
   */
  stream<R extends object = Row>(sql: string, parameters?: readonly Value[]): AsyncIterable<R[]>;
  /** Runs one statement; gives the number of rows it changed, or put into the table it made from a SELECT; else 0. */
  execute(sql: string, parameters?: readonly Value[]): Promise<number>;
  /** Runs a script of several statements without parameters (function libraries). */
  script(sql: string): Promise<void>;
  /**
   * Bulk loads a spool file into an existing table with the engine's own reader; gives the number of rows.
   * The file is zstd-compressed CSV without header, `\n` line ends: text values always quoted with `"` doubled, other
   * values bare, NULL an empty unquoted field. `columns` are the file's columns, in file order; no line is longer than
   * `longestLine` bytes (default and most: 64 MB).
   */
  load(table: RelationName, columns: readonly Column[], file: string, longestLine?: number): Promise<number>;
  /** The columns of a table or view in order with their logical types, or null where it does not exist. */
  describe(relation: RelationName): Promise<Column[] | null>;
  /** Column names and logical types a SELECT gives, without running it. */
  describeQuery(sql: string): Promise<Column[]>;
  /**
   * All tables and views of schemas, sorted; none where a schema does not exist. Ask once for all: DuckDB goes through
   * every relation of the database for it.
   */
  relations(...schemas: string[]): Promise<(RelationName & { kind: 'table' | 'view' })[]>;
}

/** A relation people read, and what it shows from now on. */
export interface Publication {
  view: RelationName;
  /** A SELECT; its columns become the view's. */
  sql: string;
  columns: readonly Column[];
  description: string;
}

export interface LeaseHolder {
  pid: number;
  host: string;
  command: string;
  since: string;
}

/** The right to change the warehouse, held by one process at a time. It ends with its process, however that ends. */
export interface Lease {
  /** Rejects with LEASE_LOST when the lease is lost while it is held (its connection broke). Never resolves. */
  readonly lost: Promise<never>;
  /** Throws LEASE_LOST when the lease is lost. Ask before every commit. */
  assertHeld(): void;
  release(): Promise<void>;
}

export interface Warehouse extends Session {
  /** Where it is, for people, without credentials: `duckdb:warehouse.duckdb`, `postgres://host:5432/db`. */
  readonly location: string;
  /** So many statements of a build run at the same time; one where the engine shares each among all cores. */
  readonly statementsAtOnce: number;
  /** Runs `work` on one connection inside one transaction; commits when it resolves, rolls back when it throws. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** One process at a time per warehouse; `command` is for people: `revops sync`. LEASE_BUSY names the holder once `timeoutMs` have passed. */
  lease(command: string, timeoutMs: number): Promise<Lease>;
  /** Who holds the lease now; null where nobody does. */
  holder(): Promise<LeaseHolder | null>;
  /** The engine's spelling of a logical type. */
  typeName(type: LogicalType): string;
  /**
   * Points views at what they show from now on, inside the given transaction, and drops the `removed` ones. A view whose columns were dropped or
   * retyped is recreated; its name is given back so that it can be announced. Grants survive.
   */
  publish(
    session: Session,
    publications: readonly Publication[],
    removed?: readonly RelationName[],
  ): Promise<{ recreated: RelationName[] }>;
  /** Gives a column of a table a type that holds all values of its own, inside the given transaction. Views on it stay. */
  widen(session: Session, table: RelationName, column: Column): Promise<void>;
  /**
   * Gives back the space that dropped tables and changed rows left; bytes before and after. Call it under the lease, while
   * no statement runs. `above`: only a file that is larger than so many times what it holds; a server sees to that by
   * itself. Null where nothing was done.
   */
  vacuum(only?: { above: number; atLeastBytes: number }): Promise<{ before: number; after: number } | null>;
  /**
   * Runs work that takes its rows in bounded parts, with no more memory than that needs, and finds rows by their keys: an
   * embedded engine would keep pages of its file up to the limit it has for builds (a limit in the config is kept); a
   * server would plan to join whole tables, as builds do.
   */
  sparing<T>(work: () => Promise<T>): Promise<T>;
  /** Gives everything back. Statements under way must have ended. */
  close(): Promise<void>;
}

/** Reads of the same warehouse without taking it for writing. */
export interface OpenOptions {
  readOnly?: boolean;
  /** How long to wait for another process that has the DuckDB file open. Default 30 seconds. */
  lockTimeoutMs?: number;
  /** What functions of the library read from their session: `revops.<name>` on Postgres, the variable `<name>` on DuckDB. */
  variables?: SessionVariables;
}
