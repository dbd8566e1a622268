/**
 * Lists (HubSpot also calls them segments): of contacts, companies or deals, made by hand or by filters.
 */
import type { ReadContext, UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { isGranted } from './optional.ts';

export interface List {
  id: string;
  name: string;
  objectTypeId: string;
  processingType: string;
  version: number;
  size: number | null;
  /** Milliseconds since 1970; null where it never happened. */
  lastAddedAt: number | null;
  lastRemovedAt: number | null;
  createdAt: string | null;
  updatedAt: string | null;
}

/** Read whole each time: there is no cursor. */
export const lists: UpsertStream<HubspotClient> = {
  name: 'lists',
  description: 'Lists of contacts, companies and deals. One row per list.',
  mode: 'upsert',
  schema: {
    id: column.text(),
    name: column.text(),
    object_type_id: column.text(),
    processing_type: column.text(),
    size: column.bigint(),
    last_record_added_at: column.timestamp(),
    last_record_removed_at: column.timestamp(),
    created_at: column.timestamp(),
    updated_at: column.timestamp(),
  },
  primaryKey: ['id'],
  snapshot: true,
  partitions: async (context) => ((await areListsRead(context)) ? [{ key: {}, label: '' }] : []),
  async *read({ client }) {
    for await (const page of pagesOfLists(client)) {
      yield {
        records: page.map((list) => ({
          id: list.id,
          name: list.name,
          object_type_id: list.objectTypeId,
          processing_type: list.processingType,
          size: list.size,
          last_record_added_at: list.lastAddedAt,
          last_record_removed_at: list.lastRemovedAt,
          created_at: list.createdAt,
          updated_at: list.updatedAt,
        })),
      };
    }
  },
};

/** Whether lists and who is on them are read: wanted, and granted to the token. */
export async function areListsRead(context: ReadContext<HubspotClient>): Promise<boolean> {
  const { client } = context;
  return client.options.lists && (await isGranted(context, 'lists', () => pagesOfLists(client).next()));
}

export async function* pagesOfLists(client: HubspotClient): AsyncGenerator<List[]> {
  let offset = 0;
  for (;;) {
    const from = offset;
    const page = await client.call('lists', (sdk) =>
      sdk.lists.doSearch({ query: '', offset: from, count: LIST_PAGE, additionalProperties: [SIZE, ADDED, REMOVED] }),
    );
    yield page.lists.map((list) => ({
      id: list.listId,
      name: list.name,
      objectTypeId: list.objectTypeId,
      processingType: list.processingType,
      version: list.listVersion,
      size: numberOf(list.additionalProperties[SIZE]),
      lastAddedAt: numberOf(list.additionalProperties[ADDED]),
      lastRemovedAt: numberOf(list.additionalProperties[REMOVED]),
      createdAt: list.createdAt?.toISOString() ?? null,
      updatedAt: list.updatedAt?.toISOString() ?? null,
    }));
    if (!page.hasMore || page.offset <= from) return;
    offset = page.offset;
  }
}

// --- internal ---

/** What one request gives. */
const LIST_PAGE = 500;
const SIZE = 'hs_list_size';
const ADDED = 'hs_last_record_added_at';
const REMOVED = 'hs_last_record_removed_at';

function numberOf(told: string | undefined): number | null {
  const number = Number(told === undefined || told === '' ? Number.NaN : told);
  return Number.isFinite(number) ? number : null;
}
