import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { engines } from '../../support/warehouses.ts';
import { openFiles, thrownBy, type FilesBench, type Options } from './folder.ts';

const SPEND = 'platform,campaign_id,spend_date,currency,spend\n';
const ROW = 'linkedin,c1,2026-03-01,EUR,1.5\n';

describe('files that are refused', () => {
  let bench: FilesBench;
  beforeAll(async () => {
    bench = await openFiles(engines[0]);
  });
  afterAll(() => bench.dispose());

  async function refusalOf(content: string | Uint8Array, more: object = {}): Promise<string> {
    bench.write('spend.csv', content);
    const { error, rows } = await bench.load({ feeds: { ad_spend: { path: 'spend.csv', ...more } } });
    expect(rows.loaded).toBe(0);
    expect(error?.code).toBe('REQUEST_REJECTED');
    return `${error?.message ?? ''} | ${error?.hint ?? ''}`;
  }

  test.each([
    ['UTF-16', Buffer.from(`\uFEFF${SPEND}`, 'utf16le'), 'is UTF-16, not UTF-8'],
    [
      'Latin-1',
      Buffer.from(`${SPEND}${ROW}linkedin,Bücher,2026-03-01,EUR,1\n`, 'latin1'),
      'is not UTF-8 (after line 1)',
    ],
    ['a workbook', Buffer.from('PK\u0003\u0004…'), 'is a ZIP archive or a workbook'],
    ['NUL characters', `${SPEND}a\0b`, 'holds NUL characters'],
    ['an empty file', '', 'is empty: it has no header'],
    ['a cut gzip', gzipSync(SPEND + ROW.repeat(9)).subarray(0, 40), 'is cut off or damaged'],
    ['an open quote', `${SPEND}${ROW}linkedin,"c2,2026-03-01,EUR,1\n${ROW}`, 'a quote is never closed before line 4'],
    ['a quote inside', `${SPEND}linkedin,"c"2,2026-03-01,EUR,1\n`, 'a quote in the wrong place at line 2'],
    ['semicolons', 'platform;campaign_id;spend_date;spend\na;b;c;d\n', 'the header has one column only, and ";" in it'],
    ['a column twice', 'platform,spend,spend\n', 'the column "spend" is there twice'],
    [
      'no key column',
      'platform,campaign_id,spend\na,b,1\n',
      'has no column for spend_date: rows of the feed ad_spend are told apart by',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusalOf(content)).toContain(message);
  });

  test('a column that the config names and the file lacks', async () => {
    expect(await refusalOf(SPEND + ROW, { columns: { spend: 'Cost' } })).toBe(
      'spend.csv: has no column "Cost", which columns.spend names | It has platform, campaign_id, spend_date, currency, spend.',
    );
  });

  test('a column that is there no more, until the config says where it went', async () => {
    const options = (more: object = {}): Options => ({ feeds: { ad_spend: { path: 'renamed/*.csv', ...more } } });
    bench.write('renamed/a.csv', SPEND + ROW);
    expect((await bench.load(options())).error).toBeUndefined();
    bench.write('renamed/a.csv', `${SPEND.replace('spend\n', 'cost\n')}${ROW}`);
    const { error, rows } = await bench.load(options());
    expect([rows.loaded, `${error?.message ?? ''} | ${error?.hint ?? ''}`]).toEqual([
      0,
      'renamed/a.csv: has no column "spend" any more, which it was loaded with before | New in it: cost. Name the right one in the config (columns: { spend: \'cost\' }), or give one value for all rows (values).',
    ]);
    const mapped = options({ columns: { spend: 'cost' } });
    expect((await bench.load(mapped)).error).toBeUndefined();
    // a file more without it is refused as well; one with a column more is not, nor the next without that again
    bench.write('renamed/b.csv', `${SPEND}${ROW.replace('c1', 'c2')}`);
    expect((await bench.load(mapped)).error?.message).toMatch(/^renamed\/b\.csv: has no column "Cost", |"cost"/i);
    bench.write('renamed/b.csv', `${SPEND.replace('spend\n', 'cost,clicks\n')}linkedin,c2,2026-03-01,EUR,1.5,7\n`);
    expect((await bench.load(mapped)).error).toBeUndefined();
    bench.write('renamed/c.csv', `${SPEND.replace('spend\n', 'cost\n')}${ROW.replace('c1', 'c3')}`);
    expect((await bench.load(mapped)).error).toBeUndefined();
  });

  test('a damaged Parquet file', async () => {
    expect(await refusalOf('PAR1…', { format: 'parquet' })).toContain('is no Parquet file that can be read');
  });

  test('a path that is not there, and a glob that nothing matches: what was loaded stays', async () => {
    bench.write('kept/a.csv', SPEND + ROW);
    const options: Options = { feeds: { ad_spend: 'kept/*.csv' } };
    await bench.load(options, { full: true });
    bench.remove('kept/a.csv');
    expect((await bench.load(options)).error?.message).toBe('no file matches kept/*.csv');
    expect((await bench.load({ feeds: { ad_spend: 'kept/a.csv' } })).error?.message).toBe('no file at kept/a.csv');
    expect(await bench.live('ad_spend', 'campaign_id')).toHaveLength(1);
  });

  test('a glob reads neither packages nor hidden folders, and does not lead out by braces', async () => {
    const row = (campaign: string): string => `${SPEND}linkedin,${campaign},2026-03-01,EUR,1\n`;
    for (const place of ['node_modules/x', '.revops/spool', '.git', 'globbed/deep/er', 'globbed']) {
      bench.write(`${place}/globbed.csv`, row(place));
    }
    await bench.load({ feeds: { ad_spend: '**/globbed.csv' } }, { full: true });
    const found = await bench.query(
      `select campaign_id from raw_files.ad_spend where campaign_id like '%/%' or campaign_id like '.%' order by 1`,
    );
    expect(found.map(({ campaign_id }) => campaign_id)).toEqual(['globbed/deep/er']);
    const { error } = await bench.load({ feeds: { ad_spend: '{..,globbed}/*.csv' } });
    expect(error === undefined || error.code === 'REQUEST_REJECTED').toBe(true);
    expect(await bench.query(`select source_file from raw_files.ad_spend where source_file like '..%'`)).toEqual([]);
  });

  test('nothing of a feed is loaded where one of its files is refused', async () => {
    bench.write('parts/a.csv', `${SPEND}linkedin,new,2026-03-01,EUR,1\n`);
    bench.write('parts/b.csv', `${SPEND}linkedin,"new"x,2026-03-01,EUR,1\n`);
    const { status } = await bench.load({ feeds: { ad_spend: 'parts/*.csv' } }, { full: true });
    expect(status).toBe('failed');
    expect(await bench.query(`select 1 as one from raw_files.ad_spend where campaign_id = 'new'`)).toEqual([]);
  });

  test('options that do not fit the project are named by their path', async () => {
    const wrong = await thrownBy(() =>
      bench.connector({
        feeds: {
          spends: 'a.csv',
          ad_spend: { path: '../a.csv', columns: { cost: 'Cost' } },
          deals: { path: 'a.dat', layout: 'ecb' },
        },
        complete: { leads: { to: '2026-01-01' } },
      }),
    );
    expect(wrong.code).toBe('CONFIG_INVALID');
    for (const part of [
      'connectors.files.feeds.spends: there is no such feed; there are activities, ',
      'connectors.files.feeds.ad_spend.columns.cost: the feed ad_spend has no such column; it has platform, ',
      'connectors.files.feeds.ad_spend.path: leads out of the project; give an absolute path',
      'connectors.files.feeds.deals.layout: ecb holds exchange rates',
      "connectors.files.feeds.deals.format: the name does not tell it; expected 'csv'",
      'connectors.files.complete.leads: no file is configured for this feed',
    ]) {
      expect(wrong.message).toContain(part);
    }
  });

  test('doctor tells per feed whether its files are there and how their first rows read', async () => {
    bench.write('good.csv', SPEND + ROW);
    bench.write('deals.csv', 'deal_id,amount\nd1,"1,5"\n');
    const connector = bench.connector({ feeds: { ad_spend: 'good.csv', deals: 'deals.csv', contacts: 'none.csv' } });
    const connection = await connector.open({
      now: () => new Date(),
      signal: new AbortController().signal,
      note: () => undefined,
    });
    expect((await connection.check()).map(({ subject, status }) => [subject, status])).toEqual([
      ['ad_spend', 'ok'],
      ['deals', 'warning'],
      ['contacts', 'error'],
    ]);
    await connection.close();
  });
});
