/**
 * What the account itself says the sum of some days is.
 */
import type { ReadContext, WindowSlice } from 'revops/connector';

import { sumOf } from './analytics.ts';
import type { LinkedinClient } from './client.ts';
import { textOf } from './json.ts';
import { ninePlaces } from './money.ts';
import { daysOfSlice } from './partitions.ts';

/** A cent: the platform rounds each line for itself, and its sum apart. */
export const TOLERANCE = { spend: '0.01' };

/** None while a day of the slice is still running: it moves between two requests. */
export async function accountTotals(
  context: ReadContext<LinkedinClient>,
  slice: WindowSlice,
): Promise<Record<string, string>> {
  const days = await daysOfSlice(context, slice);
  if (days === null || days.isRunning) return {};
  const { account, from, to } = days;
  const metrics = ['costInLocalCurrency', 'impressions', 'clicks'];
  const sum = await sumOf(context.client, { account, pivots: ['ACCOUNT'], metrics, from, to });
  const total = (metric: string): string => textOf(ninePlaces(sum?.[metric])) ?? '0';
  return { spend: total('costInLocalCurrency'), impressions: total('impressions'), clicks: total('clicks') };
}
