/** A row as a file holds it: values by the file's own column names, and the line on which it begins (1-based). */
export interface RawRow {
  line: number;
  /** Null where the row cannot be taken apart; `problem` then says why. */
  values: Record<string, unknown> | null;
  problem?: string;
}

/** The rows of one file, in order, in lists of some hundreds. `columns` is called once, before the first rows. */
export type RowReader = AsyncGenerator<RawRow[]>;

/** Rows that are handed on together. */
export const BATCH = 500;
