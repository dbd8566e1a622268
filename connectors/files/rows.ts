/**
 * The rows of a file, whatever its format.
 */
import type { FeedContract } from 'revops/connector';

import { formatOf } from './path-names.ts';
import type { FoundFile } from './paths.ts';
import type { RowReader } from './raw-row.ts';
import { readCsv } from './read-csv.ts';
import { readEcb } from './read-ecb.ts';
import { readJsonl } from './read-jsonl.ts';
import { readParquet } from './read-parquet.ts';
import { checkHeader } from './record.ts';

/**
 * The rows in order. A file that cannot be read as what it is said to be is refused. `onColumns` is told the names of a
 * header, where the format has one.
 */
export function rowsOf(
  file: FoundFile,
  feed: FeedContract,
  onColumns: (columns: readonly string[]) => void = () => undefined,
): RowReader {
  const { source } = file;
  const onHeader = (header: string[]): void => {
    checkHeader(file, feed, header);
    onColumns(header);
  };
  if (source.layout === 'ecb') return readEcb(file);
  switch (source.format ?? formatOf(file.name)) {
    case 'parquet':
      return readParquet(file, onHeader);
    case 'jsonl':
      return readJsonl(file);
    default:
      return readCsv(file, onHeader);
  }
}
