/** Events of trackers in files: rows come, late ones too, and days are rewritten. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ga4 } from '../../../connectors/ga4/index.ts';
import { rudderstack } from '../../../connectors/rudderstack/index.ts';
import { segment } from '../../../connectors/segment/index.ts';
import { snowplow } from '../../../connectors/snowplow/index.ts';
import type { Connector } from '../../../src/connector/index.ts';
import type { ConnectorUnderTest, TestPlatform } from '../../../src/testing/index.ts';
import { FEEDS } from '../../connectors/feeds.ts';
import { WITHOUT_REQUESTS } from './without-requests.ts';

export const segmentUnderTest: ConnectorUnderTest = {
  name: 'segment',
  without: WITHOUT_REQUESTS,
  start: async () =>
    onFiles({
      connector: segment({ files: { tracks: 'tracks.jsonl', pages: 'pages.jsonl' } }),
      select: ['segment.tracks', 'segment.pages'],
      first: { tracks: [1, 2, 3, 4, 5].map(call), pages: [6, 7].map(call) },
      // One that came late, and three new ones.
      afterwards: { tracks: [1, 2, 3, 4, 5, 8, 9].map(call), pages: [0, 6, 7, 10].map(call) },
      truth: {
        sql: 'select event_id, event_name, user_id from raw_segment.tracks order by event_id',
        rows: [1, 2, 3, 4, 5].map((number) => `e${number} Ünïcode ✓ 9007199254740993`),
      },
    }),
};

export const rudderstackUnderTest: ConnectorUnderTest = {
  name: 'rudderstack',
  without: WITHOUT_REQUESTS,
  start: async () =>
    onFiles({
      connector: rudderstack({ files: { tracks: 'tracks.jsonl', identifies: 'identifies.jsonl' } }),
      select: ['rudderstack.tracks', 'rudderstack.identifies'],
      first: { tracks: [1, 2, 3, 4, 5].map(loaded), identifies: [6, 7].map(loaded) },
      afterwards: { tracks: [1, 2, 3, 4, 5, 8, 9].map(loaded), identifies: [0, 6, 7, 10].map(loaded) },
      truth: {
        sql: 'select event_id, event_name, user_id from raw_rudderstack.tracks order by event_id',
        rows: [1, 2, 3, 4, 5].map((number) => `e${number} Ünïcode ✓ 9007199254740993`),
      },
    }),
};

export const snowplowUnderTest: ConnectorUnderTest = {
  name: 'snowplow',
  without: WITHOUT_REQUESTS,
  start: async () =>
    onFiles({
      connector: snowplow({ files: { events: 'events.jsonl' } }),
      select: ['snowplow.events'],
      first: { events: [1, 2, 3, 4, 5].map(collected) },
      // One that came late, and two new ones.
      afterwards: { events: [0, 1, 2, 3, 4, 5, 6, 7].map(collected) },
      truth: {
        sql: 'select event_id, event_name, user_id from raw_snowplow.events order by event_id',
        rows: [1, 2, 3, 4, 5].map((number) => `e${number}:f${number} Ünïcode ✓ 9007199254740993`),
      },
    }),
};

export const ga4UnderTest: ConnectorUnderTest = {
  name: 'ga4',
  without: WITHOUT_REQUESTS,
  start: async () =>
    onFiles({
      connector: ga4({ files: { events: 'events.jsonl' }, timeZone: 'Europe/Berlin' }),
      select: ['ga4.events'],
      first: { events: [1, 2, 3, 4].map((number) => hit(number, '20260318')).concat(hit(5, '20260319')) },
      // The last day was rewritten, and there is one more.
      afterwards: {
        events: [1, 2, 3, 4].map((number) => hit(number, '20260318')).concat(hit(6, '20260319'), hit(7, '20260320')),
      },
      truth: {
        sql: 'select cast(event_date as text), event_name from raw_ga4.events order by 1',
        rows: [...Array.from({ length: 4 }, () => '2026-03-18 page_view'), '2026-03-19 page_view'],
      },
    }),
};

// --- internal ---

type Tables = Record<string, object[]>;

function call(number: number): object {
  const at = `2026-03-19T1${number % 10}:00:00Z`;
  return {
    id: `e${number}`,
    anonymous_id: 'a1',
    user_id: '9007199254740993',
    event: 'track',
    event_text: 'Ünïcode ✓',
    timestamp: at,
    received_at: at,
  };
}

/** With the time at which the warehouse got it, as RudderStack writes it. */
function loaded(number: number): object {
  return { ...call(number), uuid_ts: `2026-03-19T2${number % 4}:00:00Z` };
}

function collected(number: number): object {
  const at = `2026-03-19 1${number}:00:00.123`;
  return {
    event_id: `e${number}`,
    event_fingerprint: `f${number}`,
    event: 'unstruct',
    event_name: 'Ünïcode ✓',
    domain_userid: 'd1',
    user_id: '9007199254740993',
    derived_tstamp: at,
    collector_tstamp: at,
    load_tstamp: `2026-03-19 2${number % 4}:00:00.000`,
  };
}

function hit(number: number, day: string): object {
  return {
    event_date: day,
    event_timestamp: String(1_773_800_000_000_000 + number),
    event_name: 'page_view',
    user_pseudo_id: '1.2',
  };
}

function onFiles(given: {
  connector: Connector;
  select: readonly string[];
  first: Tables;
  afterwards: Tables;
  truth: NonNullable<TestPlatform['truth']>;
}): TestPlatform {
  const folder = mkdtempSync(join(tmpdir(), 'revops-contract-tables-'));
  const write = (tables: Tables): void => {
    for (const [name, rows] of Object.entries(tables)) {
      writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    }
  };
  write(given.first);
  let now = '2026-03-20T08:00:00.000Z';
  const connector = given.connector.inProject?.({ folder, feeds: FEEDS }) ?? given.connector;
  return {
    connector,
    refused: connector,
    select: given.select,
    start: '2026-03-16',
    now: () => new Date(now),
    secrets: [],
    inject() {
      throw new Error('there are no requests');
    },
    clearFaults: () => undefined,
    requests: () => 3,
    beforeAnything: () => write(Object.fromEntries(Object.keys(given.first).map((name) => [name, []]))),
    later() {
      now = '2026-03-21T08:00:00.000Z';
      write(given.afterwards);
    },
    says: {},
    truth: given.truth,
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
