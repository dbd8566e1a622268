/**
 * Bulk load: DuckDB reads the spool file itself.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { RevopsError, messageOf } from '../../errors.ts';
import { identifier, identifiers, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import { decimalParts, type Column, type LogicalType } from '../types.ts';
import { withoutValues } from '../values-in-messages.ts';
import { typeName } from './types.ts';

/** Appends a spool file's rows to a table; gives their number. */
export async function load(
  connection: DuckDBConnection,
  table: RelationName,
  columns: readonly Column[],
  file: string,
  longestLine = LONGEST_LINE,
): Promise<number> {
  const read = columns.map(
    ({ name, type }) => `${literal(name)}: ${literal(isWide(type) ? 'VARCHAR' : typeName(type))}`,
  );
  const names = identifiers(columns.map((column) => column.name));
  const sql = `insert into ${qualified(table)} (${names}) select ${columns.map(valueOf).join(', ')} from read_csv(${literal(file)}, columns = {${read.join(', ')}}, ${OPTIONS}, ${sizes(longestLine)})`;
  try {
    return (await connection.run(sql)).rowsChanged;
  } catch (error) {
    // Without cause: DuckDB's message quotes the whole line, which is personal data.
    throw new RevopsError('WAREHOUSE_FAILED', `loading ${qualified(table)} failed: ${withoutValues(messageOf(error))}`);
  }
}

// --- internal ---

/** A decimal of more than 18 digits: DuckDB parses one a hundred times slower than a shorter one. */
function isWide(type: LogicalType): boolean {
  const parts = decimalParts(type);
  return parts !== null && parts.precision > 18 && parts.scale <= 18;
}

/** A column's value as it goes into the table. Wide decimals take the short way where their number is short. */
function valueOf({ name, type }: Column): string {
  const column = identifier(name);
  if (!isWide(type)) return column;
  const short = `decimal(18,${decimalParts(type)?.scale ?? 0})`;
  return `coalesce(cast(try_cast(${column} as ${short}) as ${typeName(type)}), cast(${column} as ${typeName(type)}))`;
}

const LONGEST_LINE = 64 * 1024 * 1024;
/** DuckDB's own for a line. */
const USUAL_LINE = 2 * 1024 * 1024;

/** Every thread takes buffers of its own, and a buffer has to hold two lines: large ones only where lines are long. */
function sizes(longestLine: number): string {
  const line = Math.min(Math.max(longestLine, USUAL_LINE), LONGEST_LINE);
  return `max_line_size = ${line}, buffer_size = ${Math.max(2 * line, 4 * USUAL_LINE)}`;
}

const OPTIONS = [
  'header = false',
  'auto_detect = false',
  "delim = ','",
  `quote = '"'`,
  `escape = '"'`,
  // Unquoted empty is NULL, quoted empty is an empty text.
  "nullstr = ''",
  'allow_quoted_nulls = false',
  "new_line = '\\n'",
  "compression = 'zstd'",
].join(', ');
