/**
 * Tables that fit the terminal: natural widths where they fit, else text wraps between words, and numbers and words break
 * only where nothing else is left.
 */
import { redact } from '../secret.ts';
import { harmless } from '../harmless.ts';

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
  const widest = (at: number, lengthOf: (text: string) => number): number =>
    measured.reduce((most, row) => Math.max(most, lengthOf(row[at] ?? '')), lengthOf(columns[at]?.title ?? ''));
  const natural = columns.map((_, at) => widest(at, length));
  const unbroken = columns.map(({ align }, at) => widest(at, align === 'right' ? length : longestPiece));
  const widths = fitted(natural, unbroken, width - (columns.length - 1) * GAP.length);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, at) => padded(row[at] ?? '', widths[at] ?? 1, align))
      .join(GAP)
      .trimEnd();
  const lay = (row: readonly string[]): string[] =>
    linesOf(row.map((cell, at) => wrapped(cell, widths[at] ?? 1))).map(line);
  return [
    ...lay(columns.map(({ title }) => title)),
    line(widths.map((wide) => '─'.repeat(wide))),
    ...cells.flatMap((row) => (isHeading(row) ? wrapped(row[0] ?? '', Math.max(width, NARROWEST)) : lay(row))),
  ].join('\n');
}

// --- internal ---

const GAP = '  ';
const NARROWEST = 6;

function padded(text: string, width: number, align: TableColumn['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/** Takes from the widest column until the row fits: from those in which nothing breaks by it, then from any. */
function fitted(natural: readonly number[], unbroken: readonly number[], room: number): number[] {
  const widths = natural.map((wide) => Math.max(1, wide));
  for (let excess = widths.reduce((sum, wide) => sum + wide, 0) - room; excess > 0; excess -= 1) {
    const spare = widths.map((wide, at) => (wide > Math.max(NARROWEST, unbroken[at] ?? 0) ? wide : 0));
    const taken = spare.some((wide) => wide > 0) ? spare : widths;
    const widest = taken.indexOf(Math.max(...taken));
    if ((widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** After a blank, and after what joins the words of a name. */
const BREAK = /(?<= )|(?<=[_./-])(?=\p{Letter})/u;

function longestPiece(text: string): number {
  return text.split(BREAK).reduce((most, piece) => Math.max(most, length(piece.trimEnd())), 0);
}

/** A row as lines of the table. */
function linesOf(cells: readonly (readonly string[])[]): string[][] {
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
}

/** Broken into lines of at most `width`, after a blank where there is one, else within a name, else anywhere. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (length(rest) > width) {
    const letters = Array.from(rest);
    const part = letters.slice(0, width + 1).join('');
    const blank = part.lastIndexOf(' ');
    const cut = blank > 0 ? Array.from(part.slice(0, blank)).length : lastBreak(part, width) || width;
    lines.push(letters.slice(0, cut).join('').trimEnd());
    rest = letters.slice(cut).join('').trimStart();
  }
  return [...lines, rest];
}

/** How many letters of the first `width` end with a break within a name; 0: none. */
function lastBreak(text: string, width: number): number {
  let end = 0;
  let at = 0;
  for (const piece of text.split(BREAK)) {
    at += length(piece);
    if (at > width) break;
    end = at;
  }
  return end;
}

/** Secrets go before it is wrapped: a part of one is not found. */
function oneLine(cell: string): string {
  return harmless(redact(cell).replaceAll(/\s+/g, ' ').trim());
}

function length(text: string): number {
  return Array.from(text).length;
}
