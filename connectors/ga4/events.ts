/**
 * Rows of the export of Google Analytics 4 to BigQuery as events. Days are rewritten for three days, so whole days are
 * read. https://support.google.com/analytics/answer/7029846
 */
import { createHash } from 'node:crypto';

import {
  column,
  deviceType,
  feedSchema,
  firstOf,
  RevopsError,
  type DayWindowStream,
  type FeedContract,
  type SourceRecord,
  type Tables,
} from 'revops/connector';

import { parametersOf } from './parameters.ts';

export function eventStream(
  feed: FeedContract,
  { source, timeZone }: { source: string; timeZone: string },
): DayWindowStream<Tables> {
  return {
    name: 'events',
    description: 'Events as Google Analytics 4 exports them to BigQuery.',
    mode: 'window',
    feed: feed.name,
    primaryKey: feed.grain,
    schema: { ...feedSchema(feed), event_date: column.date() },
    day: 'event_date',
    restates: 3,
    sliceDays: 7,
    // A day that was not exported yet is no day without events: it is read once it is there, however late.
    partitions: async ({ client }) => {
      if ((await client.columns('events')) === null) throw nowhere();
      const latest = dayOf(await client.last('events', 'event_date'));
      return [{ key: {}, label: source, timeZone, latest }];
    },
    async *read({ client, signal }, { from, to }) {
      const request = {
        columns: COLUMNS,
        by: 'event_date',
        kind: 'text',
        from: compact(from),
        to: compact(to),
      } as const;
      for await (const rows of client.rows('events', request)) {
        signal.throwIfAborted();
        const records = rows.map((row) => ({ ...recordOf(row), source }));
        yield { records: records.map(withoutNothing) };
      }
    },
  };
}

// --- internal ---

const COLUMNS = [
  'event_date',
  'event_timestamp',
  'event_name',
  'event_params',
  'user_id',
  'user_pseudo_id',
  'device',
  'privacy_info',
  'collected_traffic_source',
  'stream_id',
  'platform',
  'batch_page_id',
  'batch_ordering_id',
  'batch_event_index',
];

/** What tells events apart: the export has no id of an event. */
const IDENTITY = [
  'stream_id',
  'user_pseudo_id',
  'event_timestamp',
  'event_name',
  'batch_page_id',
  'batch_ordering_id',
  'batch_event_index',
];

function nowhere(): RevopsError {
  return new RevopsError('REQUEST_REJECTED', 'there is no table events', {
    hint: 'Correct the schema (or the files) in the config.',
  });
}

/** The day of `20261001`; the first of all where there is none. */
function dayOf(told: unknown): string {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(String(told));
  return match === null ? '0001-01-01' : match.slice(1).join('-');
}

function compact(day: string): string {
  return day.replaceAll('-', '');
}

function recordOf(row: SourceRecord): SourceRecord {
  const parameters = parametersOf(row['event_params']);
  const traffic = (row['collected_traffic_source'] ?? {}) as SourceRecord;
  const device = deviceType(((row['device'] ?? {}) as SourceRecord)['category']);
  const privacy = (row['privacy_info'] ?? {}) as SourceRecord;
  return {
    event_date: String(row['event_date']).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'),
    event_id: idOf(row),
    event_name: row['event_name'],
    occurred_at: instantOf(row['event_timestamp']),
    anonymous_id: row['user_pseudo_id'],
    user_id: row['user_id'],
    url: parameters['page_location'],
    referrer: parameters['page_referrer'],
    utm_source: traffic['manual_source'],
    utm_medium: traffic['manual_medium'],
    utm_campaign: traffic['manual_campaign_name'],
    utm_content: traffic['manual_content'],
    utm_term: traffic['manual_term'],
    gclid: firstOf(traffic, 'gclid'),
    dclid: firstOf(traffic, 'dclid'),
    has_analytics_consent: yesOrNo(privacy['analytics_storage']),
    has_marketing_consent: yesOrNo(privacy['ads_storage']),
    properties: device === undefined ? parameters : { device_type: device, ...parameters },
  };
}

/** Where the fields of the batch are missing (exports before 2024), what was sent tells events of one microsecond apart. */
function idOf(row: SourceRecord): string {
  const identity = IDENTITY.map((name) => (row[name] === undefined || row[name] === null ? null : written(row[name])));
  const parameters =
    row['batch_event_index'] === undefined || row['batch_event_index'] === null ? row['event_params'] : null;
  return createHash('sha256')
    .update(JSON.stringify([identity, parameters]))
    .digest('base64url')
    .slice(0, 32);
}

/** Exports write 64-bit numbers as numbers or as text. */
function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Microseconds since 1970. */
function instantOf(value: unknown): unknown {
  const digits = written(value ?? '');
  if (!/^\d{15,17}$/.test(digits)) return value;
  const milliseconds = new Date(Number(digits.slice(0, -3))).toISOString();
  return milliseconds.replace('Z', `${digits.slice(-3)}Z`);
}

/** `Yes` or `No`; consent mode leaves it out where nothing was decided. */
function yesOrNo(value: unknown): boolean | null {
  return value === 'Yes' ? true : value === 'No' ? false : null;
}

function withoutNothing(record: SourceRecord): SourceRecord {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
