/**
 * The table of `revops cac`: CAC and marginal CAC side by side.
 */
import { loadedLine } from './cac-loaded.ts';
import type { CacRow } from './cac-rows.ts';
import { decimal, money } from './format.ts';
import { type Grain, periodName } from './period.ts';
import { renderTable } from './table.ts';

/** One block per channel, or whatever was asked by. */
export function renderCac(rows: readonly CacRow[], grain: Grain, currency: string, width: number): string {
  const right = { align: 'right' as const };
  const columns = [
    { title: 'Period' },
    { title: 'Spend', ...right },
    { title: 'New', ...right },
    { title: 'CAC', ...right },
    { title: 'Marginal', ...right },
    { title: '95 %', ...right },
    { title: 'Status' },
  ];
  const cells = rows.flatMap((row, at) => {
    const line = [
      `· ${periodName(row.period_start, grain)}`,
      row.spend === null ? 'missing_rate' : money(Number(row.spend), currency),
      decimal(row.customers, 2),
      row.cac === null ? reasonBeside(row.cac_status, row.status) : money(row.cac, currency),
      row.marginal_cac === null ? '–' : money(row.marginal_cac, currency),
      interval(row),
      row.is_decaying ? `${row.status}, decaying` : row.status,
    ];
    const lines = [line, ...loadedLine(row, currency, ['spend', '', 'cac'])];
    return row.channel === rows[at - 1]?.channel ? lines : [[row.channel], ...lines];
  });
  return renderTable(columns, cells, width);
}

/** Why there is no CAC, unless the same reason stands in the column of the status. */
export function reasonBeside(reason: string, status: string): string {
  return reason === status ? '–' : reason;
}

/** Bounds of a marginal CAC; an open one has no upper end. */
export function interval({ marginal_cac: value, ci_low: low, ci_high: high }: Interval): string {
  if (value === null || low === null) return '';
  return high === null ? `≥ ${decimal(low, 0)}` : `${decimal(low, 0)}–${decimal(high, 0)}`;
}

// --- internal ---

type Interval = Pick<CacRow, 'marginal_cac' | 'ci_low' | 'ci_high'>;
