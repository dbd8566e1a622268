/**
 * What a writeback would change, or did, for people.
 */
import type { RecordKind } from '../connector/write.ts';
import type { Difference, RecordChange, WrittenRecord } from '../outbound/index.ts';
import { count, plural } from './format.ts';
import { renderTable } from './table.ts';

/** One kind of records of one connector. */
export interface KindReport extends Difference {
  connector: string;
  kind: RecordKind;
  /** Records that are left out, by reason. */
  suppressed: Record<string, number>;
  /** Rollback: records that somebody has changed since. */
  conflicts?: string[];
  written: number;
  failed: WrittenRecord[];
}

export function renderChanges(reports: readonly KindReport[], width: number): string {
  const columns = [{ title: 'Record' }, { title: 'Field' }, { title: 'Now' }, { title: 'New' }];
  const rows = reports.flatMap(({ connector, kind, changes }) =>
    changes.length === 0 ? [] : [[`${connector} ${kind}`], ...changes.flatMap(rowsOf)],
  );
  return [
    ...(rows.length === 0 ? [] : [renderTable(columns, rows, width), '']),
    ...reports.map((report) => `${report.connector} ${report.kind}: ${summaryOf(report)}.`),
  ].join('\n');
}

export function renderOutcome(reports: readonly KindReport[]): string {
  return reports
    .map(({ connector, kind, written, failed }) => {
      const bad = failed.length === 0 ? '' : `, ${count(failed.length)} failed`;
      return `${connector} ${kind}: ${count(written)} written${bad}.`;
    })
    .join('\n');
}

// --- internal ---

function rowsOf({ id, fields }: RecordChange): string[][] {
  return Object.entries(fields).map(([name, { before, after }], index) => [
    index === 0 ? id : '',
    name,
    before ?? '–',
    after ?? '–',
  ]);
}

function summaryOf({ changes, unchanged, gone, suppressed, conflicts = [] }: KindReport): string {
  const reasons = Object.entries(suppressed).map(([reason, records]) => `${count(records)} ${reason}`);
  return [
    `${plural(changes.length, 'record')} to change`,
    `${count(unchanged)} as they should be`,
    ...(gone.length === 0 ? [] : [`${count(gone.length)} no longer there`]),
    ...(conflicts.length === 0 ? [] : [`${count(conflicts.length)} changed by somebody since`]),
    ...(reasons.length === 0 ? [] : [`left out: ${reasons.join(', ')}`]),
  ].join(', ');
}
