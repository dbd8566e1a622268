/**
 * Values as text that is the same on every engine: what digests are made of.
 */
import type { LogicalType } from '../../warehouse/types.ts';
import type { EngineSpelling } from '../build/bind.ts';

/**
 * An SQL expression of one value with its length before it, so that values put in a row cannot be taken for others: `n`
 * for NULL, `5:hello`. Doubles are their bits; times are microseconds since 1970.
 */
export function canonicalText(engine: EngineSpelling, expression: string, type: LogicalType): string {
  const text = textOf(engine, expression, type);
  const bytes = engine.engine === 'duckdb' ? `strlen(${text})` : `octet_length(${text})`;
  return `coalesce(cast(${bytes} as text) || ':' || ${text}, 'n')`;
}

/** The SHA-256 of a text, in hexadecimal. */
export function sha256Of(engine: EngineSpelling, text: string): string {
  return engine.engine === 'duckdb' ? `sha256(${text})` : `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
}

// --- internal ---

function textOf(engine: EngineSpelling, expression: string, type: LogicalType): string {
  const isDuckdb = engine.engine === 'duckdb';
  if (type === 'double') {
    // adding zero makes one zero of the two
    const value = `(${expression} + cast(0 as double precision))`;
    return isDuckdb
      ? `cast(cast(${value.replace('double precision', 'double')} as bit) as text)`
      : `cast(cast('x' || encode(float8send(${value}), 'hex') as bit(64)) as text)`;
  }
  if (type === 'timestamptz') {
    return isDuckdb
      ? `cast(epoch_us(${expression}) as text)`
      : `cast(cast(extract(epoch from ${expression}) * 1000000 as bigint) as text)`;
  }
  return `cast(cast(${expression} as ${engine.typeName(type)}) as text)`;
}
