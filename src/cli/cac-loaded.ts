/**
 * Fully loaded CAC beside media CAC: with the costs besides ad spend.
 */
import type { CacQuestion } from './cac-question.ts';
import type { AnswerRow } from './cac-view.ts';
import { money } from './format.ts';
import type { TableColumn } from './table.ts';

/** Fixed costs are known by channel: no row about anything else has them. */
export function withKnownCosts<Row extends AnswerRow>(rows: readonly Row[], { by, filters }: CacQuestion): Row[] {
  if (by === 'channel' && filters.campaign === undefined && filters.segment === undefined) return [...rows];
  return rows.map(
    (row) => Object.fromEntries(Object.entries(row).filter(([column]) => !LOADED.includes(column))) as Row,
  );
}

/** What the answer says of them where the table has no column for them. */
export function aboutFixedCosts(rows: readonly AnswerRow[], { isDecomposed }: CacQuestion): string[] {
  if (isDecomposed || rows.length === 0 || hasFixedCosts(rows)) return [];
  return rows.some((row) => row['fixed_costs'] !== undefined)
    ? ['Fully loaded: the same; no costs besides ad spend are known for these periods.']
    : ['Fully loaded: not given; costs besides ad spend are known by channel.'];
}

export function hasFixedCosts(rows: readonly AnswerRow[]): boolean {
  return rows.some(({ fixed_costs: costs }) => costs === null || (costs !== undefined && Number(costs) !== 0));
}

export function loadedColumn(isLoaded: boolean): TableColumn[] {
  return isLoaded ? [{ title: 'Loaded', align: 'right' }] : [];
}

export function loadedCell(isLoaded: boolean, row: AnswerRow, currency: string): string[] {
  if (!isLoaded) return [];
  const { fully_loaded_cac: cac, fully_loaded_status: status } = row;
  return [typeof cac === 'number' ? money(cac, currency) : status === 'missing_rate' ? status : '–'];
}

// --- internal ---

const LOADED = ['fixed_costs', 'fully_loaded_cac', 'fully_loaded_status'];
