import { describe, expect, test } from 'vitest';

import { engines } from '../../support/warehouses.ts';
import { openFiles, type Options } from './folder.ts';

const SPEND = 'platform,campaign_id,spend_date,source_grain,currency,spend\n';

describe('how far files reach', () => {
  test.each<[string, string, string, string, Options['complete'], unknown]>([
    [
      'the days of its rows',
      'ad_spend',
      'spend.csv',
      `${SPEND}x,1,2026-03-02,,EUR,1\nx,1,2026-03-09,day,EUR,1\n`,
      {},
      { from: '2026-03-02', to: '2026-03-09' },
    ],
    [
      'a week whole',
      'ad_spend',
      'spend.csv',
      `${SPEND}x,1,2026-03-02,week,EUR,1\n`,
      {},
      { from: '2026-03-02', to: '2026-03-08' },
    ],
    [
      'a month whole',
      'ad_spend',
      'spend.csv',
      `${SPEND}x,1,2026-02-01,month,EUR,1\n`,
      {},
      { from: '2026-02-01', to: '2026-02-28' },
    ],
    [
      'the word of the config',
      'ad_spend',
      'spend.csv',
      `${SPEND}x,1,2026-03-02,,EUR,1\n`,
      { ad_spend: { from: '2026-01-01', to: '2026-03-31' } },
      { from: '2026-01-01', to: '2026-03-31' },
    ],
    [
      'no rows, no days',
      'ad_spend',
      'spend.csv',
      `${SPEND}x,1,someday,,EUR,1\n`,
      {},
      { until: '2026-03-05T10:00:00.000Z' },
    ],
    ['the time of the newest file', 'deals', 'deals.csv', 'deal_id\nd1\n', {}, { until: '2026-03-05T10:00:00.000Z' }],
    [
      'the word of the config, for all else',
      'deals',
      'deals.csv',
      'deal_id\nd1\n',
      { deals: { to: '2026-03-04' } },
      { untilEndOf: '2026-03-04' },
    ],
  ])('%s', async (_name, feed, file, content, complete, reach) => {
    const bench = await openFiles(engines[0]);
    try {
      bench.write(file, content, '2026-03-05T10:00:00Z');
      const options = { feeds: { [feed]: file }, complete };
      await bench.load(options);
      const [row] = await bench.query('select "cursor" from revops.stream_state');
      const stream = bench.connector(options).streams[0];
      expect(stream?.reach?.(JSON.parse(String(row?.['cursor'])) as never)).toEqual(reach);
    } finally {
      await bench.dispose();
    }
  });

  test('a file from the future reaches to the present', async () => {
    const bench = await openFiles(engines[0]);
    try {
      bench.write('deals.csv', 'deal_id\nd1\n', '2030-01-01T00:00:00Z');
      await bench.load({ feeds: { deals: 'deals.csv' } });
      const [row] = await bench.query('select "cursor" from revops.stream_state');
      expect(JSON.parse(String(row?.['cursor']))).toMatchObject({ until: '2026-03-20T12:00:00.000Z' });
    } finally {
      await bench.dispose();
    }
  });
});
