/**
 * Spool files for tests of `load`, written as the sync engine writes them.
 */
import { writeFile } from 'node:fs/promises';
import { zstdCompressSync } from 'node:zlib';

import type { Column, Value } from '../warehouse/types.ts';

/** Writes rows as zstd-compressed CSV: text and json quoted, other values bare, NULL an empty unquoted field. */
export async function writeSpool(
  file: string,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
): Promise<void> {
  const lines = rows.map((row) => `${row.map((value, index) => field(columns[index], value)).join(',')}\n`);
  await writeFile(file, zstdCompressSync(lines.join('')));
}

// --- internal ---

function field(column: Column | undefined, value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return column?.type === 'text' || column?.type === 'json' ? `"${text.replaceAll('"', '""')}"` : text;
}
