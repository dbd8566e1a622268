/**
 * Rows of Snowplow's table of events as events. https://docs.snowplow.io/docs/understanding-your-pipeline/canonical-event
 */
import {
  deviceType,
  firstOf,
  instantText,
  tableStream,
  type AppendStream,
  type FeedContract,
  type SourceRecord,
  type Tables,
} from 'revops/connector';

export function eventStream(
  feed: FeedContract,
  { source, overlapHours }: { source: string; overlapHours: number },
): AppendStream<Tables> {
  return tableStream({
    name: 'events',
    description: "Snowplow's table events.",
    table: 'events',
    others: [],
    feed,
    arrival: ['load_tstamp', 'collector_tstamp'],
    columns: COLUMNS,
    overlapHours,
    record: (row) => ({ ...recordOf(row), source }),
  });
}

// --- internal ---

const COLUMNS = [
  'event_id',
  'event_fingerprint',
  'event',
  'event_name',
  'collector_tstamp',
  'derived_tstamp',
  'dvce_created_tstamp',
  'dvce_sent_tstamp',
  'domain_userid',
  'network_userid',
  'user_id',
  'page_url',
  'page_referrer',
  'page_title',
  'mkt_medium',
  'mkt_source',
  'mkt_term',
  'mkt_content',
  'mkt_campaign',
  'mkt_clickid',
  'mkt_network',
  'se_category',
  'se_action',
  'se_label',
  'se_property',
  'se_value',
  'unstruct_event',
  'app_id',
  'dvce_type',
  'useragent',
];

/** Whose click id it is, as Snowplow's campaign enrichment names networks. */
const CLICK_IDS: Record<string, string> = { google: 'gclid', microsoft: 'msclkid', doubleclick: 'dclid' };

function recordOf(row: SourceRecord): SourceRecord {
  return {
    event_id: idOf(row),
    event_name:
      row['event'] === 'struct'
        ? firstOf(row, 'se_action', 'event_name', 'event')
        : firstOf(row, 'event_name', 'event'),
    ...timesOf(row),
    received_at: instantText(row['collector_tstamp']),
    anonymous_id: firstOf(row, 'domain_userid', 'network_userid'),
    user_id: row['user_id'],
    url: row['page_url'],
    referrer: row['page_referrer'],
    utm_source: row['mkt_source'],
    utm_medium: row['mkt_medium'],
    utm_campaign: row['mkt_campaign'],
    utm_content: row['mkt_content'],
    utm_term: row['mkt_term'],
    ...clickOf(row),
    properties: propertiesOf(row),
  };
}

/** Ids of other events come twice (robots, broken libraries); with the fingerprint of what was sent they are told apart. */
function idOf(row: SourceRecord): unknown {
  const { event_id: id, event_fingerprint: fingerprint } = row;
  return typeof id === 'string' && typeof fingerprint === 'string' && fingerprint !== '' ? `${id}:${fingerprint}` : id;
}

/** The derived time is corrected already; without it the models correct the device's time by those of sending and receiving. */
function timesOf(row: SourceRecord): SourceRecord {
  const derived = firstOf(row, 'derived_tstamp');
  if (derived !== undefined) return { occurred_at: instantText(derived) };
  const created = firstOf(row, 'dvce_created_tstamp');
  if (created === undefined) return { occurred_at: instantText(row['collector_tstamp']) };
  return { occurred_at: instantText(created), sent_at: instantText(row['dvce_sent_tstamp']) };
}

function clickOf(row: SourceRecord): SourceRecord {
  const { mkt_network: network, mkt_clickid: id } = row;
  const name = typeof network === 'string' ? CLICK_IDS[network.toLowerCase()] : undefined;
  return name === undefined ? {} : { [name]: id };
}

function propertiesOf(row: SourceRecord): SourceRecord {
  const { unstruct_event: own } = row;
  const told = ['app_id', 'page_title', 'se_category', 'se_action', 'se_label', 'se_property', 'se_value']
    .map((name) => [name, row[name]] as const)
    .filter(([, value]) => value !== null && value !== undefined);
  const device = deviceType(row['dvce_type'], row['useragent']);
  return {
    ...(device === undefined ? {} : { device_type: device }),
    ...Object.fromEntries(told),
    ...(own === null || own === undefined ? {} : { unstruct_event: parsed(own) }),
  };
}

/** JSON in a text column, where it is that. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
