/**
 * Logical types in Postgres's words, and back.
 */
import { unsuitableType } from '../failures.ts';
import { decimalParts } from '../types.ts';
import type { LogicalType } from '../types.ts';

/** Postgres's spelling of a logical type. */
export function typeName(type: LogicalType): string {
  const decimal = decimalParts(type);
  if (decimal !== null) return `numeric(${decimal.precision},${decimal.scale})`;
  return NAMES[type as keyof typeof NAMES];
}

/**
 * The logical type of a Postgres type. A numeric without declared precision (sums, quotients) is `decimal(38,9)`. Throws
 * where there is none; `name` is the type's name for that message.
 */
export function logicalType(column: string, oid: number, modifier: number, name: string = `#${oid}`): LogicalType {
  if (oid === OID.numeric) {
    if (modifier < 4) return 'decimal(38,9)';
    return `decimal(${((modifier - 4) >> 16) & 0xffff},${(modifier - 4) & 0x7ff})`;
  }
  const logical = LOGICAL[oid];
  if (logical === undefined) throw unsuitableType(column, name);
  return logical;
}

/** Numbers of the types that values are decoded by; fixed in Postgres's catalog. */
export const OID = {
  bool: 16,
  bytea: 17,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  unknown: 705,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const;

// --- internal ---

const NAMES = {
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamptz',
  json: 'jsonb',
} as const;

const LOGICAL: { [oid: number]: LogicalType } = {
  [OID.bool]: 'boolean',
  [OID.int2]: 'integer',
  [OID.int4]: 'integer',
  [OID.int8]: 'bigint',
  [OID.oid]: 'bigint',
  [OID.float4]: 'double',
  [OID.float8]: 'double',
  [OID.text]: 'text',
  [OID.name]: 'text',
  [OID.unknown]: 'text',
  [OID.bpchar]: 'text',
  [OID.varchar]: 'text',
  [OID.uuid]: 'text',
  [OID.date]: 'date',
  [OID.timestamptz]: 'timestamptz',
  [OID.json]: 'json',
  [OID.jsonb]: 'json',
};
