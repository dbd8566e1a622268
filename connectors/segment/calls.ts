/**
 * Rows of Segment's tables as events. https://segment.com/docs/connections/storage/warehouses/schema/
 */
import {
  firstOf,
  instantText,
  tableStream,
  type AppendStream,
  type FeedContract,
  type SourceRecord,
  type Tables,
} from 'revops/connector';

/** The tables that hold calls, and what an event of each is called where its row does not say. */
export const TABLES = ['tracks', 'pages', 'screens', 'identifies'] as const;
type Table = (typeof TABLES)[number];

export function callStream(
  table: Table,
  feed: FeedContract,
  { source, overlapHours }: { source: string; overlapHours: number },
): AppendStream<Tables> {
  return tableStream({
    name: table,
    description: `Segment's table ${table}: one event per call.`,
    table,
    others: TABLES.filter((other) => other !== table),
    feed,
    arrival: ARRIVAL,
    columns: [...COLUMNS, ...OWN[table]],
    overlapHours,
    record: (row) => ({ ...recordOf(row, table), source }),
  });
}

// --- internal ---

/** When a row was loaded, else when it was received. */
const ARRIVAL = ['uuid_ts', 'received_at'];

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
];

const OWN: Record<Table, readonly string[]> = {
  tracks: ['event', 'event_text'],
  pages: ['name', 'title', 'url', 'referrer'],
  screens: ['name'],
  identifies: ['email', 'phone'],
};

const NAMES: Record<Table, string> = {
  tracks: 'track',
  pages: 'page_view',
  screens: 'screen_view',
  identifies: 'identify',
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
    anonymous_id: row['anonymous_id'],
    user_id: row['user_id'],
    email: firstOf(row, 'email', 'context_traits_email'),
    phone: firstOf(row, 'phone', 'context_traits_phone'),
    account_id: row['context_group_id'],
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
  const told = Object.entries({ name: row['name'], title: row['title'] }).filter(
    ([, value]) => typeof value === 'string',
  );
  return told.length === 0 ? null : Object.fromEntries(told);
}
