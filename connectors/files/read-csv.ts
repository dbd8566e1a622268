/**
 * CSV, RFC 4180: a header, then rows, each with the line on which it begins. Quoted fields may hold line breaks. A quote
 * in the wrong place refuses the file: what comes after it could mean anything.
 */
import type { FoundFile } from './paths.ts';
import { BATCH, type RawRow, type RowReader } from './raw-row.ts';
import { refused } from './refuse.ts';
import { openText, readable } from './text.ts';

/** The rows; `onHeader` gets the column names first and refuses the file where they do not fit. */
export async function* readCsv(file: FoundFile, onHeader: (columns: string[]) => void): RowReader {
  const { CsvError, parse } = await import('csv-parse');
  const delimiter = file.source.delimiter ?? (/\.tsv(\.gz|\.zst)?$/i.test(file.name) ? '\t' : ',');
  const text = await openText(file);
  const parser = parse({
    delimiter,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: LONGEST_ROW,
  });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let header: string[] | null = null;
  let line = 1;
  let batch: RawRow[] = [];
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      const begins = line;
      line += linesIn(record);
      if (record.length === 1 && record[0] === '' && (header === null || header.length > 1)) continue;
      if (header === null) {
        header = headerOf(file.name, record, delimiter);
        onHeader(header);
        continue;
      }
      batch.push(rowOf(header, record, begins));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw readable(file.name, error);
    throw refused(file.name, `${structural(error.code)} ${lineOf(error, line)}`, QUOTES);
  } finally {
    text.destroy();
  }
  if (header === null) throw refused(file.name, 'is empty: it has no header', 'The first line names the columns.');
  if (batch.length > 0) yield batch;
}

// --- internal ---

const LONGEST_ROW = 4 * 1024 * 1024;
const QUOTES = `A field that holds the delimiter, a quote or a line break is written in quotes, and quotes in it twice: "5"" screen".`;

function headerOf(name: string, record: readonly string[], delimiter: string): string[] {
  const columns = record.map((column) => column.trim());
  const other = [';', '\t', '|', ','].find((one) => one !== delimiter && (columns[0] ?? '').includes(one));
  if (columns.length === 1 && other !== undefined) {
    throw refused(
      name,
      `the header has one column only, and ${JSON.stringify(other)} in it`,
      `If that separates the columns, set delimiter: ${JSON.stringify(other)}.`,
    );
  }
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) < index);
  if (twice !== undefined)
    throw refused(name, `the column ${JSON.stringify(twice)} is there twice`, 'Rename one of them.');
  return columns;
}

function rowOf(header: readonly string[], record: readonly string[], line: number): RawRow {
  const values: Record<string, string> = {};
  for (const [index, column] of header.entries()) {
    const value = record[index];
    if (column !== '' && value !== undefined && value !== '') values[column] = value;
  }
  if (record.length === header.length) return { line, values };
  return { line, values: null, problem: `${record.length} fields for ${header.length} columns` };
}

/** Lines that a record takes: the parser's own count takes CRLF inside quotes for two. */
function linesIn(record: readonly string[]): number {
  let lines = 1;
  for (const field of record) for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** The parser is ahead of what it has handed on. Where a quote is never closed it knows the end only. */
function lineOf(error: Error & { code?: string }, line: number): string {
  const { lines } = error as { lines?: number };
  return error.code === 'CSV_QUOTE_NOT_CLOSED' ? `before line ${lines ?? line}` : `at line ${lines ?? line}`;
}

function structural(code: string): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is never closed';
    case 'CSV_MAX_RECORD_SIZE':
      return `more than ${LONGEST_ROW / 1024 / 1024} MB, probably a quote that is never closed,`;
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quote in the wrong place';
    default:
      return `no CSV (${code})`;
  }
}
