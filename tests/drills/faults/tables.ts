/** The drills' results as tables. */
import Table from 'cli-table3';

import type { Alarms } from './clean.ts';
import type { Planted } from './drill.ts';

/** One row per planted fault. */
export function faultTable(planted: readonly Planted[]): string {
  const table = new Table({
    head: ['fault', 'found by', 'severity', 'after', 'cac stamped'],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: [38, 28, 13, 9, 14],
  });
  for (const one of planted) {
    const { fault, days, found, mustStamp, stamped } = one;
    const isStamped = isStampedEverywhere(stamped);
    table.push([
      fault.name,
      days === null ? 'not found' : [...new Set(found.map(({ check }) => check))].join(', '),
      found[0]?.severity ?? '',
      days === null ? '' : `${days} ${days === 1 ? 'day' : 'days'}`,
      mustStamp ? (isStamped ? 'yes' : 'NO') : 'need not be',
    ]);
  }
  return table.toString();
}

/** Whether it was found where it is to be, numbers were stamped where they must be, and nothing was given away. */
export function isAsExpected({ days, mustStamp, stamped, leaks }: Planted): boolean {
  return days !== null && (!mustStamp || isStampedEverywhere(stamped)) && leaks.length === 0;
}

/** One row per month. */
export function alarmTable(alarms: readonly Alarms[]): string {
  const table = new Table({
    head: ['month', 'mornings', 'errors', 'warnings', 'to be investigated', 'checks'],
    style: { head: [], border: [], compact: true },
  });
  for (const { month, mornings, error, warning, investigate, checks } of alarms)
    table.push([month, mornings, error, warning, investigate, checks.join(', ')]);
  const total = alarms.reduce((sum, { error, warning }) => sum + error + warning, 0);
  return `${table.toString()}\n${(total / Math.max(alarms.length, 1)).toFixed(2)} false alarms per month.`;
}

// --- internal ---

function isStampedEverywhere({ table, json, csv }: Planted['stamped']): boolean {
  return table && json && csv;
}
