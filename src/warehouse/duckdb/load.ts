/**
 * Bulk load: DuckDB reads the spool file itself.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { RevopsError, messageOf } from '../../errors.ts';
import { identifiers, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { withoutValues } from '../values-in-messages.ts';
import { typeName } from './types.ts';

/** Appends a spool file's rows to a table; gives their number. */
export async function load(
  connection: DuckDBConnection,
  table: RelationName,
  columns: readonly Column[],
  file: string,
): Promise<number> {
  const types = columns.map((column) => `${literal(column.name)}: ${literal(typeName(column.type))}`);
  const names = identifiers(columns.map((column) => column.name));
  const sql = `insert into ${qualified(table)} (${names}) select ${names} from read_csv(${literal(file)}, columns = {${types.join(', ')}}, ${OPTIONS})`;
  try {
    return (await connection.run(sql)).rowsChanged;
  } catch (error) {
    // Without cause: DuckDB's message quotes the whole line, which is personal data.
    throw new RevopsError('WAREHOUSE_FAILED', `loading ${qualified(table)} failed: ${withoutValues(messageOf(error))}`);
  }
}

// --- internal ---

const LONGEST_LINE = 64 * 1024 * 1024;

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
  `max_line_size = ${LONGEST_LINE}`,
  `buffer_size = ${2 * LONGEST_LINE}`,
].join(', ');
