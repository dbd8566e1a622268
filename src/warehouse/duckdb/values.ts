/**
 * Values into DuckDB's parameters, and results out in the form both engines share.
 */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  HUGEINT,
  INTEGER,
  SQLNULL,
  StatementType,
  VARCHAR,
} from '@duckdb/node-api';
import type { DuckDBDataChunk, DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';

import { dateText, timestampText } from '../timestamps.ts';
import type { ResultValue, Row, Value } from '../types.ts';

/** Parameters as the driver's methods take them after the SQL: none, or values and their types. */
export function bound(parameters: readonly Value[]): [values?: DuckDBValue[], types?: DuckDBType[]] {
  return parameters.length === 0 ? [] : [parameters.map(parameterValue), parameters.map(parameterType)];
}

/** Rows that a statement changed, or put into the table it made: DuckDB tells these only as a result. */
export async function rowsWritten(result: DuckDBResult): Promise<number> {
  if (result.statementType !== StatementType.CREATE) return result.rowsChanged;
  const [counted] = await result.getRows();
  return Number(counted?.[0] ?? 0);
}

/** A function that turns this result's chunks into rows. */
export function rowReader(result: DuckDBResult): (chunk: DuckDBDataChunk) => Row[] {
  const names = result.columnNames();
  const decoders = result.columnTypes().map(decoder);
  return (chunk) => {
    const rows: Row[] = Array.from({ length: chunk.rowCount }, () => ({}));
    for (const [index, name] of names.entries()) {
      const decode = decoders[index] ?? textOf;
      chunk.visitColumnValues(index, (value, row) => {
        const target = rows[row];
        if (target !== undefined) target[name] = value === null ? null : decode(value);
      });
    }
    return rows;
  };
}

// --- internal ---

/** The type a parameter is bound with: whole numbers as integers, so that they compare exactly. */
function parameterType(value: Value): DuckDBType {
  if (value === null) return SQLNULL;
  if (typeof value === 'string') return VARCHAR;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? BIGINT : HUGEINT;
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return DOUBLE;
  return (value | 0) === value ? INTEGER : BIGINT;
}

/** The value as its parameter type wants it. */
function parameterValue(value: Value): DuckDBValue {
  return typeof value === 'number' && parameterType(value) === BIGINT ? BigInt(value) : value;
}

type Decoder = (value: NonNullable<DuckDBValue>) => ResultValue;

function decoder(type: DuckDBType): Decoder {
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
      return wholeNumber;
    case DuckDBTypeId.VARCHAR:
      return type.alias === 'JSON' ? (value) => JSON.parse(String(value)) as ResultValue : asIs;
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.ENUM:
      return asIs;
    default:
      return decodeObject(type);
  }
}

/** Types that arrive as objects: decoded by what they are, lists and structs with the decoders of their parts. */
function decodeObject(type: DuckDBType): Decoder {
  const inner =
    type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY ? decoder(type.valueType) : textOf;
  const fields = new Map<string, Decoder>();
  if (type.typeId === DuckDBTypeId.STRUCT) {
    for (const [index, name] of type.entryNames.entries()) fields.set(name, decoder(type.entryTypes[index] ?? type));
  }
  return (value) => {
    if (value instanceof DuckDBDecimalValue) return value.toString();
    if (value instanceof DuckDBTimestampTZValue)
      return value.isFinite ? `${timestampText(value.micros)}Z` : infinity(value.micros > 0n);
    if (value instanceof DuckDBTimestampValue)
      return value.isFinite ? timestampText(value.micros) : infinity(value.micros > 0n);
    if (value instanceof DuckDBDateValue) return value.isFinite ? dateText(value.days) : infinity(value.days > 0);
    if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
      return value.items.map((item) => (item === null ? null : inner(item)));
    }
    if (value instanceof DuckDBStructValue) {
      return Object.fromEntries(
        Object.entries(value.entries).map(([name, item]) => [
          name,
          item === null ? null : (fields.get(name) ?? textOf)(item),
        ]),
      );
    }
    if (value instanceof DuckDBMapValue) {
      return Object.fromEntries(
        value.entries.map((entry) => [String(entry.key), entry.value === null ? null : String(entry.value)]),
      );
    }
    if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes);
    return textOf(value);
  };
}

function asIs(value: NonNullable<DuckDBValue>): ResultValue {
  return value;
}

function textOf(value: NonNullable<DuckDBValue>): ResultValue {
  return String(value);
}

function wholeNumber(value: NonNullable<DuckDBValue>): ResultValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function infinity(positive: boolean): string {
  return positive ? 'infinity' : '-infinity';
}
