/**
 * Results out of Postgres in the form both engines share. Given to each connection: the driver's own tables stay as they are.
 */
import { types } from 'pg';

import type { ResultValue } from '../types.ts';
import { OID } from './types.ts';

/** Type parsers as the driver's `types` option takes them. */
export const parsers = {
  getTypeParser(oid: number): (text: string) => unknown {
    const element = ARRAYS[oid];
    if (element !== undefined) return arrayParser(PARSERS[element] ?? asIs);
    return PARSERS[oid] ?? asIs;
  },
};

// --- internal ---

type Parser = (text: string) => ResultValue;

const PARSERS: { [oid: number]: Parser } = {
  [OID.bool]: (text) => text === 't',
  [OID.bytea]: (text) => Buffer.from(text.slice(2), 'hex'),
  [OID.int2]: Number,
  [OID.int4]: Number,
  [OID.oid]: Number,
  [OID.int8]: wholeNumber,
  [OID.float4]: Number,
  [OID.float8]: Number,
  [OID.json]: (text) => JSON.parse(text) as ResultValue,
  [OID.jsonb]: (text) => JSON.parse(text) as ResultValue,
  [OID.timestamp]: timestamp,
  [OID.timestamptz]: timestamp,
};

/** Array types and the type of their elements. */
const ARRAYS: { [oid: number]: number } = {
  199: OID.json,
  1000: OID.bool,
  1003: OID.name,
  1005: OID.int2,
  1007: OID.int4,
  1009: OID.text,
  1014: OID.bpchar,
  1015: OID.varchar,
  1016: OID.int8,
  1021: OID.float4,
  1022: OID.float8,
  1115: OID.timestamp,
  1182: OID.date,
  1185: OID.timestamptz,
  1231: OID.numeric,
  2951: OID.uuid,
  3807: OID.jsonb,
};

const TEXT_ARRAY = 1009;

function arrayParser(element: Parser): (text: string) => unknown {
  const split = types.getTypeParser(TEXT_ARRAY as never, 'text') as (text: string) => unknown;
  const decode = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(decode);
    return typeof item === 'string' ? element(item) : item;
  };
  return (text) => decode(split(text));
}

function asIs(text: string): string {
  return text;
}

function wholeNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** `2026-01-31 10:00:00.5+00` (sessions are in UTC) as `2026-01-31T10:00:00.500000Z`. */
function timestamp(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(\+00)?$/.exec(text);
  if (match === null) return text;
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}${match[4] === undefined ? '' : 'Z'}`;
}
