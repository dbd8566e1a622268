/**
 * The parts of the streams: one per account that can be read.
 */
import type { Partition, ReadContext, WindowSlice } from 'revops/connector';

import type { Account } from './accounts.ts';
import { accountOf, readableAccounts, type AdsClient } from './client.ts';
import { restatementDays } from './conversion-actions.ts';
import { oldestClicks, oldestDaily, today } from './days.ts';

/** For snapshots: an account without days. */
export async function accountPartitions({ client }: ReadContext<AdsClient>): Promise<Partition[]> {
  return (await readableAccounts(client)).map(({ id, name }) => ({ key: { account_id: id }, label: name ?? id }));
}

/** For facts: the account's zone, how long its conversions still change, and how far back it answers. */
export async function factPartitions({ client, now }: ReadContext<AdsClient>): Promise<Partition[]> {
  const partitions: Partition[] = [];
  for (const account of await readableAccounts(client)) {
    const restates = restatementDays(await client.conversionActions(account), client.options.restatementDays);
    partitions.push({ ...dayPartition(account), restates, earliest: oldestDaily(now, account.timeZone) });
  }
  return partitions;
}

/** For clicks: they do not change with conversions, and are kept for 90 days. */
export async function clickPartitions({ client, now }: ReadContext<AdsClient>): Promise<Partition[]> {
  return (await readableAccounts(client)).map((account) => ({
    ...dayPartition(account),
    earliest: oldestClicks(now, account.timeZone),
  }));
}

/** The account of a slice and the days that can be asked: never a day that has not begun in the account's zone. */
export async function daysOfSlice(
  { client, now }: ReadContext<AdsClient>,
  slice: WindowSlice,
): Promise<{ account: Account; from: string; to: string; isRunning: boolean } | null> {
  const account = await accountOf(client, slice.partition.key['account_id'] ?? '');
  const current = today(now, account.timeZone);
  if (slice.from > current) return null;
  return { account, from: slice.from, to: slice.to < current ? slice.to : current, isRunning: slice.to >= current };
}

// --- internal ---

function dayPartition({ id, name, timeZone }: Account): Partition {
  return { key: { account_id: id }, label: name ?? id, timeZone };
}
