/**
 * Tables that others fill and a connector reads: those of the project's warehouse, or files of the same shape.
 */

/** A row by the names asked for. */
export type TableRow = Record<string, unknown>;

export interface Tables {
  /** Names of a table's columns as they are written there; null where there is no such table. */
  columns(table: string): Promise<string[] | null>;
  /** The last of a column's values as texts; null where there is no such table or column, or no value. */
  last(table: string, column: string): Promise<string | null>;
  /** Rows as JSON has them, some hundreds or thousands at a time. */
  rows(table: string, request: TableRequest): AsyncIterable<TableRow[]>;
}

export interface TableRequest {
  columns: readonly string[];
  /** The rows come in the order of this column, those without a value first. */
  by: string;
  /** What `by` holds: a time, or a text such as a day. */
  kind: 'instant' | 'text';
  /** Only rows from this value on; those without a value are given all the same. */
  from: string | null;
  /** Only rows up to this value, it included. */
  to?: string;
}
