/**
 * Persons and organizations that are gone. Their lists leave them out without a word. The list of recent changes (of the
 * former version, a month back at most) names them, with their data empty or inactive: what that means is written nowhere,
 * so each is asked for, and only one that is given no more counts as gone.
 */
import { type ReadContext, RevopsError } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { BLOCKED, PipedriveError } from './faults.ts';
import { type List, PAGE, type WireRecord } from './lists.ts';

export type RecentItem = 'person' | 'organization';

/** Ids of records that changed at or after an instant and are there no more, some at a time. */
export async function* goneSince(
  { client, note }: ReadContext<PipedriveClient>,
  item: RecentItem,
  list: List,
  since: Date,
): AsyncGenerator<string[]> {
  const suspects = new Set<number>();
  try {
    for await (const page of recentChanges(client, item, since))
      for (const { id, data } of page) if (data === null || data?.active_flag === false) suspects.add(id);
  } catch (error) {
    if (!isWithheld(error)) throw error;
    note(
      `${list.name}: the list of recent changes is not to be had (scope recents:read), so what is deleted shows with the weekly full read`,
    );
    return;
  }
  const asked = [...suspects];
  for (let from = 0; from < asked.length; from += MOST_IDS) {
    const ids = asked.slice(from, from + MOST_IDS);
    const answer = (await client.call(list.name, (sdk) =>
      list.page(sdk, { limit: PAGE, sort_by: 'update_time', sort_direction: 'asc', ids: ids.join(',') }),
    )) as { data?: WireRecord[] | null };
    const there = new Set((answer.data ?? []).flatMap(({ id, is_deleted: gone }) => (gone === true ? [] : [id])));
    yield ids.filter((id) => !there.has(id)).map(String);
  }
}

// --- internal ---

/** Of one request. */
const MOST_IDS = 100;

interface RecentChange {
  id: number;
  data?: { active_flag?: boolean } | null;
}

interface RecentPage {
  data?: RecentChange[] | null;
  additional_data?: { pagination?: { more_items_in_collection?: boolean; next_start?: number } } | null;
}

async function* recentChanges(
  client: PipedriveClient,
  item: RecentItem,
  since: Date,
): AsyncGenerator<readonly RecentChange[]> {
  let start: number | undefined = 0;
  while (start !== undefined) {
    const from: number = start;
    const page = (await client.call('recent changes', (sdk) =>
      sdk.recents.getRecents({
        since_timestamp: since.toISOString().slice(0, 19).replace('T', ' '),
        items: item,
        start: from,
        limit: PAGE,
      }),
    )) as RecentPage;
    yield page.data ?? [];
    const { pagination } = page.additional_data ?? {};
    start = pagination?.more_items_in_collection === true ? (pagination.next_start ?? from + PAGE) : undefined;
  }
}

/** Outside of the app's scopes, or ended. */
function isWithheld(error: unknown): boolean {
  if (!(error instanceof RevopsError) || !(error.cause instanceof PipedriveError)) return false;
  const { status, code } = error.cause;
  return (status === 403 && code !== BLOCKED) || status === 404 || status === 410;
}
