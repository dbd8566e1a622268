/**
 * Rows of the tables that customer data platforms load into warehouses, as events: a table for each kind of call. Two of
 * them write the same columns, and differ in what says when a row arrived.
 */
import type { AppendStream, FeedContract, SourceRecord } from '../contract.ts';
import { deviceType } from '../device-type.ts';
import type { Tables } from './contract.ts';
import { instantText } from './read-row.ts';
import { firstOf, tableStream } from './table-stream.ts';

/** The tables that hold calls, and what an event of each is called where its row does not say. */
export const CALL_TABLES = ['tracks', 'pages', 'screens', 'identifies', 'aliases', 'groups'] as const;
type Table = (typeof CALL_TABLES)[number];

export interface CallOptions {
  /** The events' source. */
  source: string;
  /** How much later than others a row may be loaded and still be found. */
  overlapHours: number;
  /** Columns that tell when a row arrived; the first that a table has counts. */
  arrival: readonly string[];
}

/** The calls of one table, for the feed of events. */
export function callStream(
  table: Table,
  feed: FeedContract,
  { source, overlapHours, arrival }: CallOptions,
): AppendStream<Tables> {
  return tableStream({
    name: table,
    description: `Table ${table}: one event per call.`,
    table,
    others: CALL_TABLES.filter((other) => other !== table),
    feed,
    arrival,
    columns: [...COLUMNS, ...OWN[table]],
    overlapHours,
    record: (row) => ({ ...recordOf(row, table), source }),
  });
}

// --- internal ---

const COLUMNS = [
  'id',
  'anonymous_id',
  'user_id',
  'timestamp',
  'original_timestamp',
  'received_at',
  'context_traits_email',
  'context_traits_phone',
  'context_group_id',
  'context_page_url',
  'context_page_referrer',
  'context_campaign_source',
  'context_campaign_medium',
  'context_campaign_name',
  'context_campaign_content',
  'context_campaign_term',
  'context_device_type',
  'context_user_agent',
];

const OWN: Record<Table, readonly string[]> = {
  tracks: ['event', 'event_text'],
  pages: ['name', 'title', 'url', 'referrer'],
  screens: ['name'],
  identifies: ['email', 'phone'],
  aliases: ['previous_id'],
  // Not its e-mail and phone: those are the group's.
  groups: ['group_id'],
};

const NAMES: Record<Table, string> = {
  tracks: 'track',
  pages: 'page_view',
  screens: 'screen_view',
  identifies: 'identify',
  aliases: 'alias',
  groups: 'group',
};

/** `timestamp` is corrected by the time between sending and receiving already, so the time of sending is left out. */
function recordOf(row: SourceRecord, table: Table): SourceRecord {
  const isTrack = table === 'tracks';
  return {
    event_id: row['id'],
    message_id: row['id'],
    event_name: isTrack ? firstOf(row, 'event_text', 'event') : NAMES[table],
    occurred_at: instantText(firstOf(row, 'timestamp', 'original_timestamp', 'received_at')),
    received_at: instantText(row['received_at']),
    anonymous_id: firstOf(row, 'previous_id', 'anonymous_id'),
    user_id: row['user_id'],
    email: firstOf(row, 'email', 'context_traits_email'),
    phone: firstOf(row, 'phone', 'context_traits_phone'),
    account_id: firstOf(row, 'group_id', 'context_group_id'),
    url: firstOf(row, 'url', 'context_page_url'),
    referrer: firstOf(row, 'referrer', 'context_page_referrer'),
    utm_source: row['context_campaign_source'],
    utm_medium: row['context_campaign_medium'],
    utm_campaign: row['context_campaign_name'],
    utm_content: row['context_campaign_content'],
    utm_term: row['context_campaign_term'],
    properties: propertiesOf(row),
  };
}

function propertiesOf(row: SourceRecord): SourceRecord | null {
  const device = deviceType(row['context_device_type'], row['context_user_agent']);
  const told = Object.entries({ name: row['name'], title: row['title'], device_type: device }).filter(
    ([, value]) => typeof value === 'string',
  );
  return told.length === 0 ? null : Object.fromEntries(told);
}
