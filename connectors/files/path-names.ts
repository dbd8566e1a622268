/**
 * What a path tells by itself.
 */
import type { FileSource } from './options.ts';

/** The format by a file's or glob's name; null where it does not tell. */
export function formatOf(name: string): NonNullable<FileSource['format']> | null {
  const [, ending] = /\.([a-z0-9]+)(?:\.gz|\.zst)?$/i.exec(name) ?? [];
  switch (ending?.toLowerCase()) {
    case 'csv':
    case 'tsv':
      return 'csv';
    case 'jsonl':
    case 'ndjson':
      return 'jsonl';
    case 'parquet':
      return 'parquet';
    default:
      return null;
  }
}
