import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { files } from '../../../connectors/files/index.ts';
import { openBench } from '../../sync/support.ts';
import { FEEDS } from '../feeds.ts';
import { event, startCollecting } from './collecting.ts';

const IN_URLS = /^(utm_.*|.*clid|.*braid|msclkid|li_fat_id|rdt_cid|sccid|epik)$/;
const RECEIVED = '2026-10-01T08:00:05.000Z';

test('Events sent to the collector and the same in a file are the same rows; what is wrong is rejected by both, and none is lost.', async () => {
  const bench = await openBench('duckdb');
  const running = await startCollecting({}, { now: () => new Date(RECEIVED) });
  const good = [
    event('1', { url: 'https://x.example/?utm_source=Face%20book&gclid=AbC', email: 'A@example.org', user_id: 'u1' }),
    event('2', {
      properties: { plan: 'größer 🚀', amount: 12.5 },
      utm_source: 'newsletter',
      has_marketing_consent: false,
    }),
    event('3', { anonymous_id: 'd1', referrer: 'https://news.example/', occurred_at: '2026-09-30T23:59:59.123Z' }),
  ];
  const wrong = [
    event('4', { occurred_at: 'yesterday' }),
    { ...event('5'), event_id: { no: 'text' }, occurred_at: 'x' },
  ];
  await running.post('/v1/events', [...good, ...wrong]);
  const streamed = (await bench.sync([running.connector])).streams.find(({ stream }) => stream === 'events');
  expect(streamed?.rows).toMatchObject({ read: 5, loaded: 3, rejected: 2 });

  const [{ source } = { source: '' }] = await bench.query('select distinct source from raw_collector.events');
  const told = await bench.query('select event_id, url, utm_source, gclid from raw_collector.events order by event_id');
  expect(told[0]).toMatchObject({ utm_source: 'Face book', gclid: 'AbC' });
  const lines = [...good, ...wrong].map((row) => JSON.stringify({ source, received_at: RECEIVED, ...row }));
  writeFileSync(join(running.folder, 'events.jsonl'), `${lines.join('\n')}\n`);
  const batch = files({ feeds: { events: 'events.jsonl' } }).inProject?.({ folder: running.folder, feeds: FEEDS });
  if (batch === undefined) throw new Error('the connector takes no project');
  const loaded = (await bench.sync([batch])).streams[0];
  expect(loaded?.rows).toMatchObject({ read: 5, loaded: 3, rejected: 2 });

  const columns = FEEDS.find(({ name }) => name === 'events')?.columns.map(({ name }) => name) ?? [];
  // What a URL carries, the collector writes into columns of its own, and models read off the URL.
  const own = columns.filter((name) => !IN_URLS.test(name)).join(', ');
  const rows = (connector: string) => bench.query(`select ${own} from raw_${connector}.events order by event_id`);
  expect(await rows('files')).toEqual(await rows('collector'));
  await running.dispose();
  await bench.dispose();
});
