/**
 * What a build did, for people.
 */
import type { BuildReport } from '../model/index.ts';
import { count, duration, plural } from './format.ts';
import { renderTable } from './table.ts';

/** A line of summary; with warnings, a table of them before it. */
export function renderBuildReport({ status, relations, warnings, removed }: BuildReport, width: number): string {
  const considered = relations.filter(({ isLeftOut }) => isLeftOut !== true);
  const asked = relations.filter(({ action }) => action === 'run');
  const ran = asked.filter((relation) => relation.ran !== 'unchanged');
  if (status === 'unchanged') return `Nothing changed: ${plural(considered.length, 'relation')} up to date.`;
  const tested = relations.filter(({ action }) => action === 'test').length;
  const parts = [
    `${plural(ran.length, 'relation')} built`,
    ...(tested > 0 ? [`${count(tested)} only tested`] : []),
    ...(asked.length > ran.length ? [`${count(asked.length - ran.length)} came out as before`] : []),
    `${count(considered.length - asked.length - tested)} up to date`,
    ...(removed.length > 0 ? [`${count(removed.length)} removed`] : []),
  ];
  const milliseconds = ran.reduce((sum, relation) => sum + relation.milliseconds, 0);
  const summary = `Published: ${parts.join(', ')}, in ${duration(milliseconds)}.`;
  if (warnings.length === 0) return summary;
  const table = renderTable(
    [{ title: 'Warning' }, { title: 'Test' }, { title: 'Rows', align: 'right' }, { title: 'Show them with' }],
    warnings.map(({ relation, test, count: rows, query }) => [relation, test, count(rows), query]),
    width,
  );
  return `${table}\n\n${summary}`;
}
