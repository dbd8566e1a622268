/**
 * Tables that fit the terminal: natural widths where they fit, else the widest text columns wrap.
 */
import { createRequire } from 'node:module';

import type CliTable from 'cli-table3';

import { harmless } from './harmless.ts';

export interface TableColumn {
  title: string;
  align?: 'left' | 'right';
}

/**
 * The table as text without a final line break. Rows are cells in the order of the columns; a row of one cell, in a
 * table of more columns, is a heading over the rows that follow.
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const cells = rows.map((row) => row.map(oneLine));
  const isHeading = (row: readonly string[]): boolean => row.length === 1 && columns.length > 1;
  const measured = cells.filter((row) => !isHeading(row));
  const widths = fitted(
    columns.map((column, at) => Math.max(length(column.title), ...measured.map((row) => length(row[at] ?? '')))),
    width - (columns.length - 1) * GAP.length,
  );
  const table = new (tableClass())({
    chars: { ...NO_LINES, middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: widths,
    colAligns: columns.map((column) => column.align ?? 'left'),
  });
  const lay = (row: readonly string[]): string[][] => linesOf(row.map((cell, at) => wrapped(cell, widths[at] ?? 1)));
  table.push(...lay(columns.map(({ title }) => title)));
  table.push(widths.map((wide) => '─'.repeat(wide)));
  for (const row of cells) {
    if (isHeading(row)) table.push([{ content: row[0] ?? '', colSpan: columns.length }]);
    else table.push(...lay(row));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

// --- internal ---

const GAP = '  ';
const NARROWEST = 6;
const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
};

/** cli-table3 is CommonJS; loaded when the first table is drawn. */
function tableClass(): typeof CliTable {
  return createRequire(import.meta.url)('cli-table3') as typeof CliTable;
}

/** Takes from the widest column until the row fits. */
function fitted(natural: readonly number[], room: number): number[] {
  const widths = natural.map((wide) => Math.max(1, wide));
  for (let excess = widths.reduce((sum, wide) => sum + wide, 0) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A row as lines of the table: cells of several lines cost cli-table3 the square of their length. */
function linesOf(cells: readonly (readonly string[])[]): string[][] {
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
}

/** Broken into lines of at most `width`, after a blank or an underscore where there is one. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (length(rest) > width) {
    const letters = Array.from(rest);
    const part = letters.slice(0, width + 1).join('');
    const blank = part.lastIndexOf(' ');
    const cut = blank > 0 ? blank : Math.max(part.slice(0, -1).lastIndexOf('_') + 1, 0) || width;
    lines.push(letters.slice(0, cut).join('').trimEnd());
    rest = letters.slice(cut).join('').trimStart();
  }
  return [...lines, rest];
}

function oneLine(cell: string): string {
  return harmless(cell.replaceAll(/\s+/g, ' ').trim());
}

function length(text: string): number {
  return Array.from(text).length;
}
