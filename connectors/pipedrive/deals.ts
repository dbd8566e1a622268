/**
 * Deals: open, won, lost, archived and deleted ones.
 */
import { column } from 'revops/connector';

import type { List, ListQuery } from './lists.ts';
import { objectStream } from './objects.ts';
import type { Sdk } from './sdk.ts';

/** Archived deals are in a list of their own; they count as deals. Deleted ones are told for 30 days, when asked for. */
export const DEAL_LISTS: readonly List[] = [
  { name: 'deals', page: (sdk, query) => sdk.deals.getDeals(inAnyStatus(query)) },
  { name: 'archived deals', page: (sdk, query) => sdk.deals.getArchivedDeals(inAnyStatus(query)) },
];

export const deals = objectStream({
  name: 'deals',
  description: 'Deals, archived ones included. One row per deal.',
  schema: {
    id: column.text(),
    title: column.text(),
    status: column.text(),
    pipeline_id: column.text(),
    stage_id: column.text(),
    value: column.decimal(),
    currency: column.text(),
    org_id: column.text(),
    person_id: column.text(),
    owner_id: column.text(),
    origin: column.text(),
    origin_id: column.text(),
    channel: column.text(),
    channel_id: column.text(),
    lost_reason: column.text(),
    is_archived: column.boolean(),
    expected_close_date: column.date(),
    stage_change_time: column.timestamp(),
    won_time: column.timestamp(),
    lost_time: column.timestamp(),
    close_time: column.timestamp(),
    add_time: column.timestamp(),
    update_time: column.timestamp(),
  },
  lists: DEAL_LISTS,
  columns: (record) => Object.fromEntries(TAKEN.map((name) => [name, record[name] ?? null])),
});

// --- internal ---

const TAKEN = [
  'title',
  'status',
  'pipeline_id',
  'stage_id',
  'value',
  'currency',
  'org_id',
  'person_id',
  'owner_id',
  'origin',
  'origin_id',
  'channel',
  'channel_id',
  'lost_reason',
  'is_archived',
  'expected_close_date',
  'stage_change_time',
  'won_time',
  'lost_time',
  'close_time',
  'add_time',
  'update_time',
];

type DealQuery = NonNullable<Parameters<Sdk['deals']['getDeals']>[0]>;

/** The platform takes several statuses with commas, the SDK's type knows one. `participants_count` is not given unasked. */
function inAnyStatus(query: ListQuery): DealQuery {
  return {
    ...query,
    status: 'open,won,lost,deleted' as NonNullable<DealQuery['status']>,
    include_fields: 'participants_count',
  };
}
