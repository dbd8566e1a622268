/**
 * What a data test found, for people.
 */
import type { BuildReport } from '../model/index.ts';
import { shown } from './csv.ts';
import { count, plural } from './format.ts';
import { renderTable } from './table.ts';

/**
 * One line, and where people watch the first failing rows with the query that shows the others. Rows hold data of people:
 * what goes into a log is their number and the query.
 */
export function renderTestFailure(
  failure: BuildReport['warnings'][number],
  { isWatched, width }: { isWatched: boolean; width: number },
): string {
  const { schema, relation, severity, test, file, line, examples, query } = failure;
  const told = `${schema}.${relation}: ${severity}: ${test} found ${count(failure.count)} (${file}:${line})`;
  const [first] = examples;
  if (!isWatched || first === undefined) return told;
  const columns = Object.keys(first);
  const rows = examples.map((row) => columns.map((name) => (row[name] === null ? 'NULL' : shown(row[name]))));
  const left = failure.count - examples.length;
  const rest = left > 0 ? `… and ${plural(left, 'more row')}: ` : 'Kept: ';
  const titles = columns.map((title) => ({ title }));
  return `${told}\n${renderTable(titles, rows, width)}\n${rest}revops query "${query}"`;
}
