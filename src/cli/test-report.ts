/**
 * What came of unit cases, for people.
 */
import { relative } from 'node:path';

import { caseLabel, type CaseFailure, type CaseResult, type Difference } from '../model/unit/index.ts';
import type { ResultValue, Row } from '../warehouse/types.ts';
import { count, duration, plural } from './format.ts';

/** Differences shown of one failure. */
const SHOWN = 10;

/** A line for the cases of one model: `✓ deals  3 cases`. */
export function renderModel(model: string, results: readonly CaseResult[], width: number): string {
  const [failed, invalid] = [numberOf(results, 'failed'), numberOf(results, 'invalid')];
  const skipped = numberOf(results, 'skipped');
  const mark = failed + invalid > 0 ? '✗' : skipped < results.length ? '✓' : '–';
  const parts = [
    plural(results.length, 'case'),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(invalid > 0 ? [`${count(invalid)} invalid`] : []),
    ...(skipped > 0 ? [`${count(skipped)} skipped: the model is the other engine's`] : []),
  ];
  const split = results.filter(({ isSplit }) => isSplit).length;
  if (split > 0) parts.push(`${split === results.length ? 'all' : count(split)} also in two loads`);
  return `${mark} ${model.padEnd(width)}  ${parts.join(', ')}`;
}

/** A case that did not pass, with the cells that differ. Paths are relative to `folder`. */
export function renderResult(result: CaseResult, folder: string): string {
  const title = `${caseLabel(result)}${result.description === '' ? '' : `: ${result.description}`}`;
  return [title, ...result.failures.map((failure) => indented(renderFailed(failure, folder)))].join('\n');
}

/** `fixtures/cases/deals/when_won/case.yml:34: expected 9 rows, …` and the differences under it. */
export function renderFailed({ file, line, message, differences }: CaseFailure, folder: string): string {
  const lines = differences.slice(0, SHOWN).flatMap((difference) => renderDifference(difference, folder));
  const left = differences.length - SHOWN;
  const rest = left > 0 ? [`… and ${plural(left, 'more difference')}`] : [];
  return [`${shownPath(file, folder)}:${line}: ${message}`, ...lines, ...rest].join('\n  ');
}

/** `52 cases of 16 models: 51 passed, 1 failed; 34 also in two loads. 2.1 s on duckdb.` */
export function renderSummary(
  results: readonly CaseResult[],
  { milliseconds, engine, unchanged = 0 }: { milliseconds: number; engine: string; unchanged?: number },
): string {
  const models = new Set(results.map(({ model }) => model)).size;
  const parts = STATUSES.flatMap((status) => {
    const number = numberOf(results, status);
    return number === 0 ? [] : [`${count(number)} ${status}`];
  });
  const split = results.filter(({ isSplit }) => isSplit).length;
  const more = [
    ...(split > 0 ? [`${count(split)} also in two loads`] : []),
    ...(unchanged > 0 ? [`${count(unchanged)} not affected`] : []),
  ];
  const told = [parts.join(', '), ...more].join('; ');
  return `${plural(results.length, 'case')} of ${plural(models, 'model')}: ${told}. ${duration(milliseconds)} on ${engine}.`;
}

/** The path as people can open it from `folder`. */
export function shownPath(file: string, folder: string): string {
  const fromHere = relative(folder, file);
  return fromHere.startsWith('..') ? file : fromHere;
}

// --- internal ---

const STATUSES = ['passed', 'failed', 'invalid', 'skipped'] as const;

function numberOf(results: readonly CaseResult[], status: CaseResult['status']): number {
  return results.filter((result) => result.status === status).length;
}

function renderDifference(difference: Difference, folder: string): string[] {
  if (difference.kind === 'unexpected') return [`not expected: ${rowText(difference.row)}`];
  const { place } = difference;
  const where = place === undefined ? '' : `${shownPath(place.file, folder)}:${place.line}: `;
  if (difference.kind === 'missing') return [`${where}missing: ${rowText(difference.row)}`];
  const wide = Math.max(...difference.cells.map(({ column }) => column.length));
  return [
    `${where}${rowText(difference.identity) || 'a row'}`,
    ...difference.cells.map(
      ({ column, expected, found }) =>
        `    ${column.padEnd(wide)}  expected ${valueText(expected)}, found ${valueText(found)}`,
    ),
  ];
}

function rowText(row: Row): string {
  return Object.entries(row)
    .map(([column, value]) => `${column} = ${valueText(value)}`)
    .join(', ');
}

/** Text in quotes: a blank at its end would not be seen. */
function valueText(value: ResultValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'string' && NUMBER_OR_TIME.test(value) ? value : JSON.stringify(value);
}

const NUMBER_OR_TIME = /^(-?\d+(\.\d+)?|\d{4}-\d\d-\d\d(T[\d:.]+Z)?)$/;

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
