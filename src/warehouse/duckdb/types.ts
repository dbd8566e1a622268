/**
 * Logical types in DuckDB's words, and back.
 */
import { DuckDBTypeId } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';

import { unsuitableType } from '../failures.ts';
import { decimalParts } from '../types.ts';
import type { LogicalType } from '../types.ts';

/** DuckDB's spelling of a logical type. */
export function typeName(type: LogicalType): string {
  const decimal = decimalParts(type);
  if (decimal !== null) return `DECIMAL(${decimal.precision},${decimal.scale})`;
  return NAMES[type as keyof typeof NAMES];
}

/** The logical type of a DuckDB type; whole numbers beyond 64 bits (sums) are decimals. Throws where there is none. */
export function logicalType(column: string, type: DuckDBType): LogicalType {
  if (type.typeId === DuckDBTypeId.DECIMAL) return `decimal(${type.width},${type.scale})`;
  if (type.typeId === DuckDBTypeId.VARCHAR) return type.alias === 'JSON' ? 'json' : 'text';
  const logical = LOGICAL[type.typeId];
  if (logical === undefined) throw unsuitableType(column, String(type));
  return logical;
}

// --- internal ---

const NAMES = {
  text: 'VARCHAR',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamptz: 'TIMESTAMPTZ',
  json: 'JSON',
} as const;

const LOGICAL: { [id: number]: LogicalType } = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'integer',
  [DuckDBTypeId.SMALLINT]: 'integer',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.UTINYINT]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.UINTEGER]: 'bigint',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.UBIGINT]: 'decimal(20,0)',
  [DuckDBTypeId.HUGEINT]: 'decimal(38,0)',
  [DuckDBTypeId.FLOAT]: 'double',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamptz',
  [DuckDBTypeId.UUID]: 'text',
  [DuckDBTypeId.ENUM]: 'text',
};
