/**
 * The parts of the streams: one per account, each with a state of its own.
 */
import type { Partition, ReadContext, WindowSlice } from 'revops/connector';

import type { Account } from './accounts.ts';
import type { LinkedinClient } from './client.ts';
import { oldestDay, TIME_ZONE, today } from './days.ts';
import { longestWindow, STANDARD_DAYS } from './rules.ts';

/** For snapshots: an account without days. */
export async function accountPartitions({ client }: ReadContext<LinkedinClient>): Promise<Partition[]> {
  return (await client.accounts()).map(({ id, name }) => ({ key: { account_id: id }, label: name ?? id }));
}

/** For what was delivered. */
export async function dayPartitions(context: ReadContext<LinkedinClient>): Promise<Partition[]> {
  const restates = context.client.options.restatementDays ?? STANDARD_DAYS;
  return (await accountPartitions(context)).map((partition) => ({ ...partition, ...daysOf(context.now), restates }));
}

/** For conversions, which come in for as long as the account's rules let them. */
export async function claimPartitions(context: ReadContext<LinkedinClient>): Promise<Partition[]> {
  const { client, now } = context;
  return Promise.all(
    (await client.accounts()).map(async (account) => ({
      key: { account_id: account.id },
      label: account.name ?? account.id,
      ...daysOf(now),
      restates: client.options.restatementDays ?? longestWindow(await client.rules(account)),
    })),
  );
}

/** The account of a slice and the days that can be asked: never one that has not begun. */
export async function daysOfSlice(
  { client, now }: ReadContext<LinkedinClient>,
  slice: WindowSlice,
): Promise<{ account: Account; from: string; to: string; isRunning: boolean } | null> {
  const account = await client.account(slice.partition.key['account_id']);
  const current = today(now);
  if (slice.from > current) return null;
  return { account, from: slice.from, to: slice.to < current ? slice.to : current, isRunning: slice.to >= current };
}

// --- internal ---

function daysOf(now: Date): { timeZone: string; earliest: string } {
  return { timeZone: TIME_ZONE, earliest: oldestDay(now) };
}
