/**
 * JSON lines: one object per line. Blank lines are skipped. Numbers with more digits than a number can hold stay text.
 */
import type { FoundFile } from './paths.ts';
import { BATCH, type RawRow, type RowReader } from './raw-row.ts';
import { refused } from './refuse.ts';
import { openText, readable } from './text.ts';

export async function* readJsonl(file: FoundFile): RowReader {
  let line = 0;
  let batch: RawRow[] = [];
  for await (const written of linesOf(file)) {
    line += 1;
    if (written.trim() === '') continue;
    batch.push(rowOf(written, line));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

// --- internal ---

const LONGEST_LINE = 16 * 1024 * 1024;
const LONG_NUMBER = /\d[\d.]{14,}/;

/** Lines by line feed only: readers of lines know more separators, which JSON may hold inside a text. */
async function* linesOf(file: FoundFile): AsyncGenerator<string> {
  const text = await openText(file);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) {
        throw refused(file.name, 'has a line of more than 16 MB', 'JSON lines have one object per line.');
      }
      yield* lines;
    }
  } catch (error) {
    throw readable(file.name, error);
  } finally {
    text.destroy();
  }
  if (rest !== '') yield rest;
}

function rowOf(written: string, line: number): RawRow {
  let value: unknown;
  try {
    value = LONG_NUMBER.test(written) ? JSON.parse(written, keepDigits) : JSON.parse(written);
  } catch {
    return { line, values: null, problem: 'no JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, values: null, problem: 'no JSON object' };
  }
  return { line, values: value as Record<string, unknown> };
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return source.replaceAll(/\D/g, '').length > 15 ? source : value;
}
