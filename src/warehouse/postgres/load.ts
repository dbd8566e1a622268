/**
 * Bulk load: the spool file is decompressed here and streamed to COPY.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { RevopsError, messageOf } from '../../errors.ts';
import { identifiers, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { withoutValues } from '../values-in-messages.ts';
import { statementError } from './errors.ts';

/** Appends a spool file's rows to a table; gives their number. */
export async function load(
  connection: Client,
  table: RelationName,
  columns: readonly Column[],
  file: string,
): Promise<number> {
  const names = identifiers(columns.map((column) => column.name));
  // Unquoted empty is NULL, quoted empty is an empty text.
  const copy = connection.query(
    copyFrom(`copy ${qualified(table)} (${names}) from stdin with (format csv, null '', encoding 'UTF8')`),
  );
  try {
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 20 }),
      createZstdDecompress({ chunkSize: 1 << 20 }),
      copy,
    );
  } catch (error) {
    const told = statementError(error, qualified(table));
    if (told.code !== 'WAREHOUSE_FAILED') throw told;
    // Without cause: its details quote the row, which is personal data.
    throw new RevopsError(
      'WAREHOUSE_FAILED',
      `loading ${qualified(table)} failed${placeOf(error)}: ${withoutValues(messageOf(error))}`,
      {
        retryable: told.retryable,
      },
    );
  }
  return copy.rowCount;
}

// --- internal ---

/** Line and column, which Postgres tells together with the value. */
function placeOf(error: unknown): string {
  const context = (error as { where?: unknown }).where;
  const place = typeof context === 'string' ? /line \d+(, column [^:]+)?/.exec(context) : null;
  return place === null ? '' : ` at ${place[0]}`;
}
