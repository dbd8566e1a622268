/**
 * Logical column types: one vocabulary for raw tables, feeds and models, rendered by each engine.
 */
export type LogicalType =
  | 'text'
  | 'integer'
  | 'bigint'
  | 'double'
  | 'boolean'
  | 'date'
  | 'timestamptz'
  | 'json'
  | `decimal(${number},${number})`;

export interface Column {
  name: string;
  type: LogicalType;
}

/** A value as it enters a statement's parameters. Timestamps go in as ISO 8601 text, decimals as text. */
export type Value = string | number | bigint | boolean | null;

/**
 * A value as it comes out of a query, the same on every engine: integers as number (bigint beyond 2^53), decimals as
 * text with their full scale, dates as `YYYY-MM-DD`, timestamps as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, json as parsed value.
 */
export type ResultValue = string | number | bigint | boolean | null | object;
export type Row = Record<string, ResultValue>;

export type EngineName = 'duckdb' | 'postgres';

const DECIMAL = /^decimal\((\d{1,2}),(\d{1,2})\)$/;

/** Precision and scale of a decimal type, or null for any other type. */
export function decimalParts(type: LogicalType): { precision: number; scale: number } | null {
  const match = DECIMAL.exec(type);
  return match === null ? null : { precision: Number(match[1]), scale: Number(match[2]) };
}

/** Whether a text names a logical type. */
export function isLogicalType(text: string): text is LogicalType {
  return (
    ['text', 'integer', 'bigint', 'double', 'boolean', 'date', 'timestamptz', 'json'].includes(text) ||
    DECIMAL.test(text)
  );
}
