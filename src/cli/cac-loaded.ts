/**
 * Fully loaded CAC beside media CAC: with the costs besides ad spend.
 */
import { type CacQuestion, type Dimension, isByChannel, isByCustomers } from './cac-question.ts';
import type { AnswerRow } from './cac-view.ts';
import { money } from './format.ts';

/** What the answer says of them where the table has no column for them. */
export function aboutFixedCosts(rows: readonly AnswerRow[], { by, filters, isDecomposed }: CacQuestion): string[] {
  if (isDecomposed || rows.length === 0) return [];
  if (!hasFixedCosts(rows)) return ['Fully loaded: the same; no costs besides ad spend are known for these periods.'];
  const isOfChannels = isByChannel({ by }) && filters.campaign === undefined && filters.segment === undefined;
  return isOfChannels
    ? []
    : [
        `Loaded: costs besides ad spend are known by channel; each ${partOf(by)} has its part by its share of the channel's spend.`,
      ];
}

export function hasFixedCosts(rows: readonly AnswerRow[]): boolean {
  return rows.some(({ fixed_costs: costs }) => costs === null || (costs !== undefined && Number(costs) !== 0));
}

/**
 * The line under a row: what was spent with these costs, and what a customer cost with them. None where there are none.
 * `cells`: what stands in each after the first.
 */
export function loadedLine(row: AnswerRow, currency: string, cells: readonly ('spend' | 'cac' | '')[]): string[][] {
  if (!hasFixedCosts([row])) return [];
  const { fully_loaded_cac: cac, fully_loaded_status: status, fixed_costs: costs, spend } = row;
  // The same reason stands above it.
  if (typeof cac !== 'number' && status === (row['cac_status'] ?? row['status'])) return [];
  const shown = {
    spend: typeof costs === 'string' && spend !== null ? money(Number(spend) + Number(costs), currency) : '–',
    cac: typeof cac === 'number' ? money(cac, currency) : String(status),
    '': '',
  };
  return [['└ loaded', ...cells.map((cell) => shown[cell])]];
}

// --- internal ---

function partOf(by: Dimension): string {
  if (isByCustomers({ by })) return 'group';
  return isByChannel({ by }) ? 'campaign' : by;
}
