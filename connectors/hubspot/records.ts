/**
 * Reading records: by list, by search, by id. What comes back is what the wire carried: property values as text.
 */
import { wholeBatch } from './batch.ts';
import type { HubspotClient } from './client.ts';
import { HubspotError } from './faults.ts';
import type { ObjectType } from './object-types.ts';

/** What to read of each record. With `history`, every value those properties had. */
export interface Reading {
  properties: readonly string[];
  history: readonly string[];
}

export interface WireRecord {
  id: string;
  properties: Record<string, string | null>;
  propertiesWithHistory?: Record<
    string,
    { value: string | null; timestamp: Date; sourceType: string; sourceId?: string }[]
  >;
  createdAt: Date;
  updatedAt: Date;
  archivedAt?: Date;
}

/** Longer URLs are refused with 414 at about 16,000 characters; proxies on the way stop earlier. */
const LONGEST_QUERY = 6_000;
const LIST_PAGE = 100;
const LIST_PAGE_WITH_HISTORY = 50;
const SEARCH_PAGE = 200;
const BATCH = 100;
const BATCH_WITH_HISTORY = 50;

/**
 * All live or all archived records by ascending id, from behind `after`. The list endpoint reads the database itself:
 * it is complete and has no cap, unlike search.
 */
export async function* listRecords(
  client: HubspotClient,
  type: ObjectType,
  reading: Reading,
  archived: boolean,
  after: string | null,
): AsyncGenerator<{ records: WireRecord[]; after: string }> {
  const fits = queryLength(reading) <= LONGEST_QUERY;
  const asked = fits ? reading : { properties: [], history: [] };
  const limit = asked.history.length > 0 ? LIST_PAGE_WITH_HISTORY : LIST_PAGE;
  let position = after ?? undefined;
  for (;;) {
    const page = await client.call(`${archived ? 'archived ' : ''}${type}`, (sdk) =>
      sdk.objects.getPage(type, limit, position, given(asked.properties), given(asked.history), undefined, archived),
    );
    const listed = page.results as WireRecord[];
    const records = fits
      ? listed
      : await readByIds(
          client,
          type,
          listed.map((record) => record.id),
          reading,
          archived,
        );
    position = page.paging?.next?.after;
    yield { records, after: position ?? listed.at(-1)?.id ?? '' };
    if (position === undefined) return;
  }
}

/**
 * Live records modified at or after an instant, as far as the search index knows, by ascending id from behind `after`;
 * without their properties. Each request starts at the last id seen and asks for the first page only: search gives no order among equal
 * values and stops at 10,000 results, and neither matters this way, however many records share one time.
 */
export async function* changedRecords(
  client: HubspotClient,
  type: ObjectType,
  since: Date,
  after: string | null,
): AsyncGenerator<{ records: WireRecord[]; after: string }> {
  let last = after;
  for (;;) {
    const page = await client.search(`changed ${type}`, (sdk) =>
      sdk.searches.doSearch(type, {
        filterGroups: [{ filters: [modifiedSince(type, since), ...(last === null ? [] : [idAfter(last)])] }],
        sorts: ['hs_object_id'],
        properties: ['hs_object_id'],
        limit: SEARCH_PAGE,
      }),
    );
    const records = page.results as WireRecord[];
    if (records.length === 0) return;
    const next = (records.at(-1) as WireRecord).id;
    if (last !== null && BigInt(next) <= BigInt(last)) {
      throw new HubspotError(`search for ${type} did not go on: record ${next} came after ${last}`, { status: 502 });
    }
    last = next;
    yield { records, after: last };
    if (page.paging?.next === undefined) return;
  }
}

/** Records by id, in the order of the ids. Those that no longer exist are left out. */
export async function readByIds(
  client: HubspotClient,
  type: ObjectType,
  ids: readonly string[],
  reading: Reading,
  archived: boolean,
): Promise<WireRecord[]> {
  const size = reading.history.length > 0 ? BATCH_WITH_HISTORY : BATCH;
  const found = new Map<string, WireRecord>();
  for (let from = 0; from < ids.length; from += size) {
    const inputs = ids.slice(from, from + size).map((id) => ({ id }));
    const wanted = { inputs, properties: [...reading.properties], propertiesWithHistory: [...reading.history] };
    const answer = await client.call(`${type} by id`, async (sdk) =>
      wholeBatch(await sdk.batches.read(type, wanted, archived)),
    );
    for (const record of answer.results as WireRecord[]) found.set(record.id, record);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

// --- internal ---

type Filter = NonNullable<
  Parameters<Parameters<Parameters<HubspotClient['search']>[1]>[0]['searches']['doSearch']>[1]['filterGroups']
>[number]['filters'][number];

function modifiedSince(type: ObjectType, since: Date): Filter {
  const propertyName = type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
  return { propertyName, operator: 'GTE' as Filter['operator'], value: String(since.getTime()) };
}

function idAfter(id: string): Filter {
  return { propertyName: 'hs_object_id', operator: 'GT' as Filter['operator'], value: id };
}

function queryLength(reading: Reading): number {
  return lengthOf(reading.properties, 'properties') + lengthOf(reading.history, 'propertiesWithHistory');
}

function lengthOf(names: readonly string[], parameter: string): number {
  return names.reduce((sum, name) => sum + name.length + parameter.length + 2, 0);
}

function given(list: readonly string[]): string[] | undefined {
  return list.length === 0 ? undefined : [...list];
}
