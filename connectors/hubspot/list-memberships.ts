/**
 * Who is on which list.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Cursor, Partition, ReadContext, SetStream } from 'revops/connector';
import { column } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { areListsRead, type List, pagesOfLists } from './lists.ts';

/** What one request gives. */
const PAGE = 250;

/**
 * Each list has a state of its own: what the platform says of its size and of the last time that something came or went.
 * A list of which that has changed is read whole; the others cost nothing.
 */
export const listMemberships: SetStream<HubspotClient> = {
  name: 'list_memberships',
  description: 'Records on lists. One row per list and record.',
  mode: 'set',
  schema: {
    list_id: column.text(),
    record_id: column.text(),
    added_at: column.timestamp(),
  },
  primaryKey: ['list_id', 'record_id'],
  partitionBy: ['list_id'],
  fullEvery: 7,
  partitions,
  async *read({ client }, { partition, since }) {
    const { list_id: listId = '' } = partition.key;
    const state = STATES.get(client)?.get(listId);
    if (state === undefined || (since !== null && isDeepStrictEqual(since, state))) return;
    let after: string | undefined;
    let replaces: Record<string, string>[] = [{ list_id: listId }];
    do {
      const position = after;
      const { results, paging } = await client.call('list memberships', (sdk) =>
        sdk.listMemberships.getPageOrderedByAddedToListDate(listId, position, undefined, PAGE),
      );
      after = paging?.next?.after;
      yield {
        records: results.map(({ recordId, membershipTimestamp }) => ({
          list_id: listId,
          record_id: recordId,
          added_at: membershipTimestamp.toISOString(),
        })),
        replaces,
        // As it was listed before: what changed meanwhile is read again.
        ...(after === undefined ? { cursor: state } : {}),
      };
      replaces = [];
    } while (after !== undefined);
  },
};

// --- internal ---

/** States of the lists as listed, by connection, so that nothing outlives a run. */
const STATES = new WeakMap<HubspotClient, Map<string, Cursor>>();

async function partitions(context: ReadContext<HubspotClient>): Promise<Partition[]> {
  if (!(await areListsRead(context))) return [];
  const states = new Map<string, Cursor>();
  const found: Partition[] = [];
  for await (const page of pagesOfLists(context.client)) {
    for (const list of page) {
      states.set(list.id, stateOf(list));
      found.push({ key: { list_id: list.id }, label: list.name });
    }
  }
  STATES.set(context.client, states);
  return found;
}

function stateOf({ version, size, lastAddedAt, lastRemovedAt }: List): Cursor {
  return { version, size, added: lastAddedAt, removed: lastRemovedAt };
}
