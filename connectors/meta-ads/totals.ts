/**
 * What the account itself says the sum of some days is: at its own level, where nothing is ever filtered out.
 */
import type { ReadContext, WindowSlice } from 'revops/connector';

import type { MetaClient } from './client.ts';
import { pages } from './nodes.ts';
import { daysOfSlice } from './partitions.ts';

/** None while a day of the slice is still running: it moves between two requests. */
export async function accountTotals(
  context: ReadContext<MetaClient>,
  slice: WindowSlice,
): Promise<Record<string, string>> {
  const days = await daysOfSlice(context, slice);
  if (days === null || days.isRunning) return {};
  const params = { level: 'account', time_range: { since: days.from, until: days.to } };
  const account = context.client.graph.account(days.account.id);
  for await (const [row] of pages(
    (paging) => account.getInsights(['spend', 'impressions'], { ...params, ...paging }),
    10,
  )) {
    return { spend: totalOf(row?.['spend']), impressions: totalOf(row?.['impressions']) };
  }
  return { spend: '0', impressions: '0' };
}

// --- internal ---

/** Totals come as text; an account without delivery has none. */
function totalOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '0';
}
