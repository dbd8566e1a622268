/**
 * Events that trackers have put into tables: the same rows from the warehouse, from Parquet and from JSON.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ga4 } from '../../../connectors/ga4/index.ts';
import { rudderstack } from '../../../connectors/rudderstack/index.ts';
import { segment } from '../../../connectors/segment/index.ts';
import { snowplow } from '../../../connectors/snowplow/index.ts';
import { enginesOrOne } from '../../support/warehouses.ts';
import { openTables, type Place, type TablesBench, type TrackerTable } from './tables.ts';

const CALLS: TrackerTable['columns'] = {
  id: 'text',
  anonymous_id: 'text',
  user_id: 'text',
  event: 'text',
  event_text: 'text',
  original_timestamp: 'timestamptz',
  sent_at: 'timestamptz',
  timestamp: 'timestamptz',
  received_at: 'timestamptz',
  uuid_ts: 'timestamptz',
  context_page_url: 'text',
  context_page_referrer: 'text',
  context_campaign_source: 'text',
  context_campaign_medium: 'text',
  context_campaign_name: 'text',
  context_traits_email: 'text',
  context_user_agent: 'text',
  context_ip: 'text',
};
const track = (id: string, hour: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  anonymous_id: 'a1',
  event: 'order_completed',
  event_text: 'Order Completed',
  // The device's clock is an hour behind; the tracker has corrected it.
  original_timestamp: `2026-10-01T${hour}:00:00.000Z`,
  sent_at: `2026-10-01T${hour}:00:01.000Z`,
  timestamp: `2026-10-01T${hour}:59:59.500Z`,
  received_at: `2026-10-01T${hour}:59:59.900Z`,
  uuid_ts: `2026-10-01T${hour}:59:59.999Z`,
  context_page_url: 'https://www.example.com/?gclid=AbC',
  context_campaign_source: 'google',
  context_campaign_name: 'autumn',
  ...more,
});
const PAGES: TrackerTable['columns'] = { ...CALLS, title: 'text', url: 'text', referrer: 'text', name: 'text' };
const counts = ({ loaded, unchanged, rejected }: { loaded: number; unchanged: number; rejected: number }): number[] => [
  loaded,
  unchanged,
  rejected,
];

const PLACES = [
  ...enginesOrOne('postgres').map((engine) => [engine, 'warehouse'] as const),
  ['duckdb', 'parquet'] as const,
  ['duckdb', 'json'] as const,
];

for (const [engine, place] of PLACES) {
  describe(place === 'warehouse' ? `in ${engine}` : `in ${place} files`, () => {
    let bench: TablesBench;
    beforeEach(async () => {
      bench = await openTables(engine, place satisfies Place);
    });
    afterEach(() => bench.dispose());

    test.each([
      ['segment', segment],
      ['rudderstack', rudderstack],
    ] as const)('Calls of %s are events, each once, and late ones are not missed.', async (name, connect) => {
      const connector = connect({ ...bench.place('tracks', 'pages'), overlapHours: 5 });
      const first = [
        track('1', '10'),
        track('2', '11', { event_text: null, user_id: 'u1', context_traits_email: 'a@example.org' }),
      ];
      await bench.fill('tracks', { columns: CALLS, rows: first });
      await bench.fill('pages', {
        columns: PAGES,
        rows: [
          track('p1', '09', {
            title: 'Home',
            url: 'https://www.example.com/home',
            context_user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)',
          }),
        ],
      });
      const reports = await bench.load(connector);
      expect(reports.map(({ stream, status, rows }) => [stream, status, ...counts(rows)])).toEqual([
        ['tracks', 'ok', 2, 0, 0],
        ['pages', 'ok', 1, 0, 0],
        ['screens', 'ok', 0, 0, 0],
        ['identifies', 'ok', 0, 0, 0],
        ['aliases', 'ok', 0, 0, 0],
        ['groups', 'ok', 0, 0, 0],
      ]);
      const columns =
        'source, event_id, message_id, event_name, occurred_at, sent_at, received_at, anonymous_id, user_id, email, url, utm_source, utm_campaign';
      const common = { source: name, anonymous_id: 'a1', sent_at: null, utm_source: 'google', utm_campaign: 'autumn' };
      expect(await bench.live(name, 'tracks', columns)).toEqual([
        {
          ...common,
          event_id: '1',
          message_id: '1',
          event_name: 'Order Completed',
          occurred_at: '2026-10-01T10:59:59.500000Z',
          received_at: '2026-10-01T10:59:59.900000Z',
          user_id: null,
          email: null,
          url: 'https://www.example.com/?gclid=AbC',
        },
        {
          ...common,
          event_id: '2',
          message_id: '2',
          event_name: 'order_completed',
          occurred_at: '2026-10-01T11:59:59.500000Z',
          received_at: '2026-10-01T11:59:59.900000Z',
          user_id: 'u1',
          email: 'a@example.org',
          url: 'https://www.example.com/?gclid=AbC',
        },
      ]);
      expect(await bench.live(name, 'pages', 'event_name, url, properties')).toEqual([
        {
          event_name: 'page_view',
          url: 'https://www.example.com/home',
          properties: { device_type: 'mobile', title: 'Home' },
        },
      ]);
      // One that came in late, one that never told when, one of today, and one that nothing was told before.
      const more = [track('0', '07'), track('3', '12'), track('4', '12', { uuid_ts: null })];
      await bench.fill('tracks', { columns: CALLS, rows: [...first, ...more] });
      const again = await bench.load(connector);
      expect(again[0]).toMatchObject({ status: 'ok', rows: { loaded: 3, unchanged: 2, rejected: 0 } });
      expect((await bench.live(name, 'tracks', 'event_id')).map(({ event_id: id }) => id)).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
      ]);
      expect(bench.events.filter(({ type }) => type === 'drift')).toEqual([]);
    });

    test.each([
      ['segment', segment],
      ['rudderstack', rudderstack],
    ] as const)('An alias of %s tells which device is whose, a group whose account it is.', async (name, connect) => {
      await bench.fill('aliases', {
        columns: { ...CALLS, previous_id: 'text' },
        rows: [
          track('1', '10', { anonymous_id: null, previous_id: 'a1', user_id: 'u1' }),
          track('2', '11', { previous_id: null, user_id: 'u1' }),
        ],
      });
      await bench.fill('groups', {
        columns: { ...CALLS, group_id: 'text', email: 'text' },
        rows: [track('3', '12', { user_id: 'u1', group_id: 'acme', email: 'info@acme.example' })],
      });
      const reports = await bench.load(connect(bench.place('aliases', 'groups')));
      expect(reports.map(({ stream, status, rows }) => [stream, status, ...counts(rows)]).slice(4)).toEqual([
        ['aliases', 'ok', 2, 0, 0],
        ['groups', 'ok', 1, 0, 0],
      ]);
      const columns = 'event_id, event_name, anonymous_id, user_id, email, account_id';
      const common = { anonymous_id: 'a1', user_id: 'u1', email: null, account_id: null };
      expect(await bench.live(name, 'aliases', columns)).toEqual([
        { ...common, event_id: '1', event_name: 'alias' },
        { ...common, event_id: '2', event_name: 'alias' },
      ]);
      // The e-mail of a group is nobody's own.
      expect(await bench.live(name, 'groups', columns)).toEqual([
        { ...common, event_id: '3', event_name: 'group', account_id: 'acme' },
      ]);
    });

    test('A row that says it came in the future does not hide those that come after it.', async () => {
      const connector = segment({ ...bench.place('tracks'), overlapHours: 5 });
      const first = [track('1', '10'), track('2', '11', { uuid_ts: '2099-01-01T00:00:00.000Z' })];
      await bench.fill('tracks', { columns: CALLS, rows: first });
      const at = (day: string): { now: () => Date } => ({ now: () => new Date(`${day}T12:00:00Z`) });
      await bench.load(connector, at('2026-10-01'));
      await bench.fill('tracks', {
        columns: CALLS,
        rows: [...first, track('3', '11', { uuid_ts: '2026-10-01T13:00:00.000Z' })],
      });
      const [report] = await bench.load(connector, at('2026-10-02'));
      expect(report).toMatchObject({ status: 'ok', rows: { loaded: 1 } });
      expect(await bench.live('segment', 'tracks', 'event_id')).toHaveLength(3);
    });

    test('Events of Snowplow are told apart by what was sent, and their times are corrected once.', async () => {
      const columns: TrackerTable['columns'] = {
        app_id: 'text',
        event: 'text',
        event_id: 'text',
        event_fingerprint: 'text',
        event_name: 'text',
        collector_tstamp: 'timestamp',
        derived_tstamp: 'timestamp',
        dvce_created_tstamp: 'timestamp',
        dvce_sent_tstamp: 'timestamp',
        load_tstamp: 'timestamp',
        domain_userid: 'text',
        network_userid: 'text',
        user_id: 'text',
        page_url: 'text',
        page_referrer: 'text',
        mkt_source: 'text',
        mkt_medium: 'text',
        mkt_campaign: 'text',
        mkt_clickid: 'text',
        mkt_network: 'text',
        se_category: 'text',
        se_action: 'text',
        se_value: 'double',
        unstruct_event: 'json',
      };
      const row = (id: string, more: Record<string, unknown>): Record<string, unknown> => ({
        event: 'page_view',
        event_name: 'page_view',
        event_id: id,
        event_fingerprint: 'f1',
        app_id: 'web',
        collector_tstamp: '2026-10-01 10:00:05.5',
        dvce_created_tstamp: '2026-10-01 09:00:00',
        dvce_sent_tstamp: '2026-10-01 09:00:01',
        load_tstamp: '2026-10-01 10:05:00',
        network_userid: 'n1',
        page_url: 'https://www.example.com/',
        ...more,
      });
      await bench.fill('events', {
        columns,
        rows: [
          row('e1', {
            derived_tstamp: '2026-10-01 10:00:04.5',
            domain_userid: 'd1',
            mkt_network: 'Google',
            mkt_clickid: 'AbC',
          }),
          row('e1', {
            derived_tstamp: '2026-10-01 10:00:04.5',
            event_fingerprint: 'f2',
            unstruct_event: { schema: 'iglu:x', data: {} },
          }),
          row('e1', {
            derived_tstamp: '2026-10-01 10:00:04.5',
            domain_userid: 'd1',
            mkt_network: 'Google',
            mkt_clickid: 'AbC',
          }),
          row('e2', {
            event: 'struct',
            event_name: 'event',
            event_fingerprint: null,
            se_category: 'form',
            se_action: 'submit',
            se_value: 2.5,
          }),
        ],
      });
      const [report] = await bench.load(snowplow(bench.place('events')));
      expect(report).toMatchObject({ status: 'ok', rows: { loaded: 3, unchanged: 1, rejected: 0 } });
      expect(
        await bench.live(
          'snowplow',
          'events',
          'event_id, event_name, occurred_at, sent_at, received_at, anonymous_id, gclid',
        ),
      ).toEqual([
        {
          event_id: 'e1:f1',
          event_name: 'page_view',
          occurred_at: '2026-10-01T10:00:04.500000Z',
          sent_at: null,
          received_at: '2026-10-01T10:00:05.500000Z',
          anonymous_id: 'd1',
          gclid: 'AbC',
        },
        {
          event_id: 'e1:f2',
          event_name: 'page_view',
          occurred_at: '2026-10-01T10:00:04.500000Z',
          sent_at: null,
          received_at: '2026-10-01T10:00:05.500000Z',
          anonymous_id: 'n1',
          gclid: null,
        },
        {
          event_id: 'e2',
          event_name: 'submit',
          occurred_at: '2026-10-01T09:00:00.000000Z',
          sent_at: '2026-10-01T09:00:01.000000Z',
          received_at: '2026-10-01T10:00:05.500000Z',
          anonymous_id: 'n1',
          gclid: null,
        },
      ]);
    });

    test('Days of the export of Google Analytics 4 are replaced as they are rewritten; nested parameters are read.', async () => {
      const columns: TrackerTable['columns'] = {
        event_date: 'text',
        event_timestamp: 'bigint',
        event_name: 'text',
        event_params: 'json',
        user_id: 'text',
        user_pseudo_id: 'text',
        privacy_info: 'json',
        collected_traffic_source: 'json',
        stream_id: 'text',
        platform: 'text',
        batch_page_id: 'bigint',
        batch_ordering_id: 'bigint',
        batch_event_index: 'bigint',
      };
      const row = (day: string, timestamp: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
        event_date: day,
        event_timestamp: timestamp,
        event_name: 'page_view',
        user_pseudo_id: '123.456',
        stream_id: '789',
        platform: 'WEB',
        event_params: [
          {
            key: 'page_location',
            value: {
              string_value: 'https://www.example.com/?gclid=X',
              int_value: null,
              float_value: null,
              double_value: null,
            },
          },
          {
            key: 'ga_session_id',
            value: { string_value: null, int_value: '1790000000', float_value: null, double_value: null },
          },
        ],
        privacy_info: { analytics_storage: 'Yes', ads_storage: 'No' },
        collected_traffic_source: {
          manual_source: 'news',
          manual_medium: 'email',
          manual_campaign_name: 'autumn',
          gclid: 'AbC',
        },
        batch_page_id: '1790000000000',
        batch_ordering_id: '1',
        batch_event_index: '1',
        ...more,
      });
      const options = { ...bench.place('events'), timeZone: 'Europe/Berlin' };
      const connector = ga4(options);
      await bench.fill('events', {
        columns,
        rows: [row('20261001', '1790841600123456'), row('20261001', '1790841600123456', { batch_event_index: '2' })],
      });
      const at = (day: string): { now: () => Date; start: string } => ({
        now: () => new Date(`${day}T12:00:00Z`),
        start: '2026-10-01',
      });
      const [first] = await bench.load(connector, at('2026-10-02'));
      expect(first).toMatchObject({ status: 'ok', rows: { loaded: 2, rejected: 0 } });
      const one = await bench.live(
        'ga4',
        'events',
        'event_date, event_name, occurred_at, anonymous_id, url, utm_source, utm_medium, utm_campaign, gclid, has_analytics_consent, has_marketing_consent, properties',
      );
      expect(one).toHaveLength(2);
      expect(one[0]).toEqual({
        event_date: '2026-10-01',
        event_name: 'page_view',
        occurred_at: '2026-10-01T08:00:00.123456Z',
        anonymous_id: '123.456',
        url: 'https://www.example.com/?gclid=X',
        utm_source: 'news',
        utm_medium: 'email',
        utm_campaign: 'autumn',
        gclid: 'AbC',
        has_analytics_consent: true,
        has_marketing_consent: false,
        properties: expect.anything(),
      });
      // Two days later: the first day was rewritten, with one event more and one less, and there is a second day.
      await bench.fill('events', {
        columns,
        rows: [
          row('20261001', '1790841600123456'),
          row('20261001', '1790841700000000', { user_pseudo_id: 'late' }),
          row('20261002', '1790928000000000'),
        ],
      });
      const [second] = await bench.load(connector, at('2026-10-04'));
      expect(second).toMatchObject({ status: 'ok', rows: { loaded: 2, unchanged: 1, vanished: 1, rejected: 0 } });
      expect(
        (await bench.live('ga4', 'events', 'event_date, event_id')).map(({ event_date: day }) => day).toSorted(),
      ).toEqual(['2026-10-01', '2026-10-01', '2026-10-02']);
    });

    test('A day that Google Analytics 4 exports a week late is read when it is there; until then nothing says that it was empty.', async () => {
      const connector = ga4({ ...bench.place('events'), timeZone: 'Europe/Berlin' });
      const hit = (day: string): Record<string, unknown> => ({
        event_date: day,
        event_timestamp: `${Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T08:00:00Z`)}123`,
        event_name: 'page_view',
        user_pseudo_id: '1.2',
      });
      const columns = {
        event_date: 'text',
        event_timestamp: 'bigint',
        event_name: 'text',
        user_pseudo_id: 'text',
      } as const;
      const at = (day: string): { now: () => Date; start: string } => ({
        now: () => new Date(`${day}T12:00:00Z`),
        start: '2026-10-01',
      });
      const days = async (): Promise<unknown[]> =>
        (await bench.query(`select cast(day as text) as day from revops.intervals order by 1`)).map(({ day }) => day);
      await bench.fill('events', { columns, rows: [hit('20261001')] });
      await bench.load(connector, at('2026-10-08'));
      expect(await days()).toEqual(['2026-10-01']);
      await bench.fill('events', { columns, rows: ['20261001', '20261002', '20261004'].map(hit) });
      const [late] = await bench.load(connector, at('2026-10-09'));
      expect(late).toMatchObject({ status: 'ok', rows: { loaded: 2, rejected: 0 } });
      expect(await days()).toEqual(['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04']);
    });

    test('A schema (or files) in which there is no table of the tracker is an error, not nothing.', async () => {
      const reports = await bench.load(
        segment(place === 'warehouse' ? { schema: 'elsewhere' } : { files: { tracks: 'nothing.parquet' } }),
      );
      expect(reports.map(({ status, error }) => [status, error?.code])).toEqual(
        Array.from({ length: 6 }, () => ['failed', 'REQUEST_REJECTED']),
      );
      const elsewhere = place === 'warehouse' ? { schema: 'elsewhere' } : { files: { events: 'nothing.parquet' } };
      const [exported] = await bench.load(ga4({ ...elsewhere, timeZone: 'UTC' }));
      expect([exported?.status, exported?.error?.code]).toEqual(['failed', 'REQUEST_REJECTED']);
    });
  });
}
