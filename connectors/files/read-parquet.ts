/**
 * Parquet, read by an embedded DuckDB in memory, a piece at a time. Values come as text where text keeps every digit;
 * times without a zone stay without one. A row's line is its number in the file.
 */
import { literal, quoted } from 'revops/connector';

import { BATCH, type RawRow, type RowReader } from './raw-row.ts';
import type { FoundFile } from './paths.ts';
import { refused } from './refuse.ts';

/** The rows; `onHeader` gets the column names first and refuses the file where they do not fit. */
export async function* readParquet(file: FoundFile, onHeader: (columns: string[]) => void): RowReader {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  if (/[*?[\]]/.test(file.path)) throw refused(file.name, 'has a character of globs in its path', 'Rename the file.');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '512MB',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    const from = `read_parquet(${literal(file.path)})`;
    const described = await connection.runAndReadAll(
      `select column_name, column_type from (describe select * from ${from})`,
    );
    const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    onHeader(columns.map(({ name }) => name));
    const result = await connection.stream(`select ${columns.map(selected).join(', ')} from ${from}`);
    let line = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const rows = chunk.getRows();
      for (let start = 0; start < rows.length; start += BATCH) {
        yield rows.slice(start, start + BATCH).map((row): RawRow => {
          line += 1;
          return { line, values: Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])) };
        });
      }
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'RevopsError') throw error;
    // Without its text: it can quote values.
    throw refused(
      file.name,
      'is no Parquet file that can be read',
      'Write the file again; nothing of this feed was loaded.',
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

// --- internal ---

function selected({ name, type }: { name: string; type: string }): string {
  const column = quoted(name);
  if (/^(DOUBLE|FLOAT|BOOLEAN)$/.test(type)) return column;
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (/^(STRUCT|MAP|UNION)|\[\d*\]$/.test(type)) return `cast(to_json(${column}) as varchar)`;
  return `cast(${column} as varchar)`;
}
