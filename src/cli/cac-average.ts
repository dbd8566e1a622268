/**
 * `revops cac --average`: what a customer cost, without what the next one costs.
 */
import type { CacRow } from './cac-rows.ts';
import { decimal, money } from './format.ts';
import { type Grain, periodName } from './period.ts';
import { renderTable } from './table.ts';

export type AverageRow = Pick<
  CacRow,
  | 'channel'
  | 'period_grain'
  | 'period_start'
  | 'period_end'
  | 'spend'
  | 'customers'
  | 'cac'
  | 'trust'
  | 'is_complete'
  | 'attribution_model'
  | 'baseline_id'
> & { status: string };

/** The part of a row that needs no lock; `status` is that of the average. */
export function averageOf(row: CacRow): AverageRow {
  const { channel, period_grain, period_start, period_end, spend, customers, cac, cac_status: status } = row;
  const { trust, is_complete, attribution_model, baseline_id } = row;
  const period = { channel, period_grain, period_start, period_end };
  return { ...period, spend, customers, cac, status, trust, is_complete, attribution_model, baseline_id };
}

/** One block per channel. */
export function renderAverage(rows: readonly AverageRow[], grain: Grain, currency: string, width: number): string {
  const right = { align: 'right' as const };
  const columns = [
    { title: 'Period' },
    { title: 'Spend', ...right },
    { title: 'New', ...right },
    { title: 'CAC', ...right },
    { title: 'Status' },
  ];
  const cells = rows.flatMap((row, at) => {
    const line = [
      `· ${periodName(row.period_start, grain)}`,
      row.spend === null ? '–' : money(Number(row.spend), currency),
      decimal(row.customers, 2),
      row.cac === null ? '–' : money(row.cac, currency),
      row.is_complete ? row.status : `${row.status}, incomplete_period`,
    ];
    return row.channel === rows[at - 1]?.channel ? [line] : [[row.channel], line];
  });
  return renderTable(columns, cells, width);
}
