/**
 * `revops cac --average`: what a customer cost, without what the next one costs.
 */
import type { CacRow } from './cac-rows.ts';
import type { AnswerRow } from './cac-view.ts';
import { loadedLine } from './cac-loaded.ts';
import { decimal, money } from './format.ts';
import { type Grain, periodName } from './period.ts';
import { renderTable } from './table.ts';

export interface AverageRow extends AnswerRow {
  period_grain: string;
  period_start: string;
  period_end: string;
  cac: number | null;
  status: string;
  fixed_costs?: string | null;
  fully_loaded_cac?: number | null;
  fully_loaded_status?: string;
  is_complete: boolean;
  /** Where only some customers were asked about: everybody, and what one of them cost. */
  all_customers?: number;
  all_cac?: number | null;
}

/** The part of a row that needs no lock; `status` is that of the average. */
export function averageOf(row: CacRow): AverageRow {
  const { cac_status: status, ...rest } = row;
  return Object.fromEntries(
    AVERAGE.flatMap((column) => {
      const value = column === 'status' ? status : rest[column];
      return value === undefined ? [] : [[column, value]];
    }),
  ) as AverageRow;
}

/**
 * The rows of all customers with the customers asked about among them. Spend is everybody's: it cannot be split, so `cac`
 * is all of it over those asked about, the most that they can have cost.
 */
export function amongAll(all: readonly CacRow[], some: readonly CacRow[]): AverageRow[] {
  const keyOf = (row: CacRow): string => `${row.period_start} ${row.channel}`;
  const found = new Map(some.map((row) => [keyOf(row), row]));
  return all.map((row) => {
    const { all_customers, ...asked } = { ...averageOf(row), all_customers: row.customers };
    const part = found.get(keyOf(row));
    if (part !== undefined) return { ...asked, ...averageOf(part), all_customers, all_cac: row.cac };
    const status = row.cac_status === 'ok' ? 'no_customers' : row.cac_status;
    return { ...asked, customers: 0, conversions: 0, cac: null, status, all_customers, all_cac: row.cac };
  });
}

/** One block per channel. */
export function renderAverage(rows: readonly AverageRow[], grain: Grain, currency: string, width: number): string {
  const right = { align: 'right' as const };
  const areSome = rows.some(({ all_customers }) => all_customers !== undefined);
  const columns = [
    { title: 'Period' },
    { title: 'Spend', ...right },
    { title: areSome ? 'These' : 'New', ...right },
    { title: areSome ? 'CAC of these' : 'CAC', ...right },
    ...(areSome
      ? [
          { title: 'All', ...right },
          { title: 'CAC of all', ...right },
        ]
      : []),
    { title: 'Status' },
  ];
  const amount = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : money(value, currency);
  const cells = rows.flatMap((row, at) => {
    const line = [
      `· ${periodName(row.period_start, grain)}`,
      row.spend === null ? '–' : money(Number(row.spend), currency),
      decimal(row.customers, 2),
      amount(row.cac),
      ...(areSome ? [decimal(row.all_customers ?? 0, 2), amount(row.all_cac)] : []),
      row.is_complete ? row.status : `${row.status}, incomplete_period`,
    ];
    const lines = [line, ...loadedLine(row, currency, ['spend', '', 'cac'])];
    return row.channel === rows[at - 1]?.channel ? lines : [[row.channel], ...lines];
  });
  return renderTable(columns, cells, width);
}

// --- internal ---

const AVERAGE = [
  ...['channel', 'period_grain', 'period_start', 'period_end', 'spend', 'customers', 'conversions', 'cac', 'status'],
  ...['fixed_costs', 'fully_loaded_cac', 'fully_loaded_status'],
  ...['is_complete', 'attribution_model', 'baseline_id'],
];
