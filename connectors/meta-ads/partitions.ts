/**
 * The parts of the streams: one per account.
 */
import type { Partition, ReadContext, WindowSlice } from 'revops/connector';

import type { Account } from './accounts.ts';
import type { MetaClient } from './client.ts';
import { oldestDay, today } from './days.ts';

/** For snapshots: an account without days. */
export async function accountPartitions({ client }: ReadContext<MetaClient>): Promise<Partition[]> {
  return (await client.accounts()).map(({ id, name }) => ({ key: { account_id: id }, label: name ?? id }));
}

/** For facts: the account's zone, how long its figures still change, and how far back it answers. */
export async function dayPartitions({ client, now }: ReadContext<MetaClient>): Promise<Partition[]> {
  return (await client.accounts()).map(({ id, name, timeZone }) => ({
    key: { account_id: id },
    label: name ?? id,
    timeZone,
    restates: client.options.restatementDays,
    earliest: oldestDay(now, timeZone),
  }));
}

/** The account of a slice and the days that can be asked: never a day that has not begun in the account's zone. */
export async function daysOfSlice(
  { client, now }: ReadContext<MetaClient>,
  slice: WindowSlice,
): Promise<{ account: Account; from: string; to: string; isRunning: boolean } | null> {
  const account = await client.account(slice.partition.key['account_id'] ?? '');
  const current = today(now, account.timeZone);
  if (slice.from > current) return null;
  return { account, from: slice.from, to: slice.to < current ? slice.to : current, isRunning: slice.to >= current };
}
