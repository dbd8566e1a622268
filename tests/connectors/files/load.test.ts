import { gzipSync, zstdCompressSync } from 'node:zlib';
import { symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DuckDBInstance } from '@duckdb/node-api';
import { engines } from '../../support/warehouses.ts';
import { openFiles, type FilesBench } from './folder.ts';

const SPEND = 'platform,campaign_id,spend_date,currency,spend\n';
const spendRows = (from: number, to: number, spend = '1.50'): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `linkedin,c${from + at},2026-03-01,EUR,${spend}\n`).join('');
const COUNTS = { loaded: 0, unchanged: 0, rejected: 0, deleted: 0, vanished: 0 };

for (const engine of engines) {
  describe(engine, () => {
    let bench: FilesBench;
    beforeEach(async () => {
      bench = await openFiles(engine);
    });
    afterEach(() => bench.dispose());
    // What the warehouse has no part in.
    const onDuckdb = engine === 'duckdb' ? test : () => undefined;

    test('A CSV file becomes typed rows of its feed; what it leaves out is the default of the feed.', async () => {
      bench.write('data/spend.csv', `${SPEND}linkedin,c1,2026-03-01,EUR,12.345678\nlinkedin,c2,2026-03-02,EUR,0.10\n`);
      const report = await bench.load({ feeds: { ad_spend: 'data/spend.csv' } });
      expect(report).toMatchObject({ status: 'ok', rows: { ...COUNTS, read: 2, loaded: 2 } });
      expect(
        await bench.live(
          'ad_spend',
          'campaign_id',
          'spend_date',
          'spend',
          'spend_level',
          'segment_id',
          'source_grain',
          'source_line',
        ),
      ).toEqual([
        {
          campaign_id: 'c1',
          spend_date: '2026-03-01',
          spend: '12.345678000',
          spend_level: 'campaign',
          segment_id: '',
          source_grain: 'day',
          source_line: 2,
        },
        {
          campaign_id: 'c2',
          spend_date: '2026-03-02',
          spend: '0.100000000',
          spend_level: 'campaign',
          segment_id: '',
          source_grain: 'day',
          source_line: 3,
        },
      ]);
    });

    test('Names of files and campaigns are what they are: with quotes, line breaks, letters of any script, a megabyte.', async () => {
      const names = ["'; drop table x; --", '"two"\nlines', '\\ $1 ? {} %', 'größe 中文 😀', 'é'.repeat(500_000)];
      for (const [at, name] of names.entries()) {
        const campaign = `"${name.replaceAll('"', '""')}"`;
        bench.write(
          `data/${name.slice(0, 20)}.csv`,
          `campaign_name,${SPEND}${campaign},linkedin,c${at},2026-03-01,EUR,1\n`,
        );
      }
      const report = await bench.load({ feeds: { ad_spend: 'data/*.csv' } });
      expect(report.rows).toEqual({ ...COUNTS, read: 5, loaded: 5 });
      const live = await bench.live('ad_spend', 'campaign_id', 'campaign_name', 'source_file');
      expect(
        live.toSorted((one, other) => (String(one['campaign_id']) < String(other['campaign_id']) ? -1 : 1)),
      ).toEqual(
        names.map((name, at) => ({
          campaign_id: `c${at}`,
          campaign_name: name,
          source_file: `data/${name.slice(0, 20)}.csv`,
        })),
      );
    });

    onDuckdb(
      'Twice is once: files that did not change are not read again, and touched ones change nothing.',
      async () => {
        bench.write('spend.csv', SPEND + spendRows(1, 3));
        const options = { feeds: { ad_spend: 'spend.csv' } };
        await bench.load(options);
        expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 0 });
        bench.write('spend.csv', SPEND + spendRows(1, 3), '2026-03-10T00:00:00Z');
        expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 3, unchanged: 3 });
      },
    );

    test('A changed file replaces what changed, buries what it no longer has, and rows that only moved stay.', async () => {
      bench.write('spend.csv', SPEND + spendRows(1, 4));
      const options = { feeds: { ad_spend: 'spend.csv' } };
      await bench.load(options);
      bench.write('spend.csv', `${SPEND}${spendRows(9, 9)}${spendRows(1, 2)}${spendRows(3, 3, '7')}`);
      expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 4, loaded: 2, unchanged: 2, deleted: 1 });
      expect((await bench.live('ad_spend', 'campaign_id', 'spend')).map(Object.values)).toEqual([
        ['c1', '1.500000000'],
        ['c2', '1.500000000'],
        ['c3', '7.000000000'],
        ['c9', '1.500000000'],
      ]);
    });

    onDuckdb('A new file that comes last by name is read alone; one in between is read with all others.', async () => {
      bench.write('spend/2026-02.csv', SPEND + spendRows(1, 2));
      const options = { feeds: { ad_spend: 'spend/*.csv' } };
      await bench.load(options);
      bench.write('spend/2026-03.csv', SPEND + spendRows(2, 3, '9'));
      expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 2, loaded: 2 });
      bench.write('spend/2026-01.csv', SPEND + spendRows(1, 1, '5') + spendRows(7, 7));
      expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 6, loaded: 1, unchanged: 5 });
      expect((await bench.live('ad_spend', 'campaign_id', 'spend')).map(Object.values)).toEqual([
        ['c1', '1.500000000'],
        ['c2', '9.000000000'],
        ['c3', '9.000000000'],
        ['c7', '1.500000000'],
      ]);
    });

    test('A file taken away takes its rows with it; where another file has them too, they stay.', async () => {
      bench.write('spend/a.csv', SPEND + spendRows(1, 5));
      bench.write('spend/b.csv', SPEND + spendRows(5, 8, '2'));
      const options = { feeds: { ad_spend: 'spend/*.csv' } };
      await bench.load(options);
      bench.remove('spend/b.csv');
      expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 5, loaded: 1, unchanged: 4, deleted: 3 });
      expect((await bench.live('ad_spend', 'campaign_id', 'spend')).at(-1)).toEqual({
        campaign_id: 'c5',
        spend: '1.500000000',
      });
    });

    test('Files that lose more than half of 20 rows are refused, unless that is allowed.', async () => {
      bench.write('spend/a.csv', SPEND + spendRows(1, 10));
      bench.write('spend/b.csv', SPEND + spendRows(11, 40));
      const options = { feeds: { ad_spend: 'spend/*.csv' } };
      await bench.load(options);
      bench.remove('spend/b.csv');
      const refusal = await bench.load(options);
      expect(refusal.error).toMatchObject({
        code: 'SHRINK_REFUSED',
        hint: expect.stringContaining('whether the file is whole'),
      });
      expect(await bench.live('ad_spend', 'campaign_id')).toHaveLength(40);
      expect((await bench.load(options, { allowShrink: true })).rows).toMatchObject({ deleted: 30, unchanged: 10 });
      expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 0 });
    });

    test('Rows that do not fit are kept with file, line and reason, and none is lost: read = loaded + rejected.', async () => {
      bench.write(
        'spend.csv',
        [
          'platform,campaign_id,spend_date,currency,spend,account_name',
          'linkedin,c1,2026-03-01,EUR,"1,5",x',
          'linkedin,c2,01.03.2026,EUR,1.5,x',
          'linkedin,c3,2026-03-01,EUR,1.5,"two',
          'lines"',
          'linkedin,c4,2026-03-01,EUR,1.5',
          '',
          'linkedin,,2026-03-01,EUR,1.5,x',
          'linkedin,c5,2026-03-01,EUR,abc,x',
          'linkedin,c6,2026-03-01,EUR,2,x',
          '',
        ].join('\r\n'),
      );
      const report = await bench.load({ feeds: { ad_spend: 'spend.csv' } });
      expect(report.rows).toEqual({ ...COUNTS, read: 7, loaded: 2, rejected: 5 });
      expect((await bench.rejected()).toSorted()).toEqual([
        "spend.csv, line 2: spend: has a comma: write 1234.56, or set decimal: ','",
        'spend.csv, line 3: spend_date: is no day as YYYY-MM-DD; set dates if it is written otherwise',
        'spend.csv, line 6: 5 fields for 6 columns',
        'spend.csv, line 8: campaign_id: missing',
        'spend.csv, line 9: spend: not a valid decimal(38,9): expected a decimal number with at most 9 decimal places',
      ]);
      expect(await bench.live('ad_spend', 'campaign_id', 'account_name', 'source_line')).toEqual([
        { campaign_id: 'c3', account_name: 'two\r\nlines', source_line: 4 },
        { campaign_id: 'c6', account_name: 'x', source_line: 10 },
      ]);
    });

    onDuckdb('A value that the feed does not know is rejected with its field and all there are.', async () => {
      const head = 'subscription_id,valid_from,status,amount,currency\n';
      bench.write('subs.csv', `${head}s1,2026-01-01T00:00:00Z,active,1,EUR\ns2,2026-01-01T00:00:00Z,Aktiv,1,EUR\n`);
      const report = await bench.load({ feeds: { subscriptions: 'subs.csv' } });
      expect(report.rows).toEqual({ ...COUNTS, read: 2, loaded: 1, rejected: 1 });
      expect(await bench.rejected()).toEqual([
        'subs.csv, line 3: status: is none of trialing, active, past_due, unpaid, paused, canceled, incomplete, incomplete_expired',
      ]);
    });

    onDuckdb('A row that no longer fits keeps what is known of it.', async () => {
      const options = { feeds: { ad_spend: 'spend.csv' } };
      bench.write('spend.csv', SPEND + spendRows(1, 2));
      await bench.load(options);
      bench.write('spend.csv', `${SPEND}${spendRows(1, 1)}linkedin,c2,2026-03-01,EUR,"2,5"\n`);
      expect((await bench.load(options)).rows).toEqual({ ...COUNTS, read: 2, unchanged: 1, rejected: 1 });
      expect(await bench.live('ad_spend', 'campaign_id', 'spend')).toContainEqual({
        campaign_id: 'c2',
        spend: '1.500000000',
      });
    });

    test('Two rows of one file with one key and different values are refused with their lines; equal copies are one row.', async () => {
      bench.write('spend.csv', SPEND + spendRows(1, 1) + spendRows(1, 1));
      expect((await bench.load({ feeds: { ad_spend: 'spend.csv' } })).rows).toEqual({
        ...COUNTS,
        read: 2,
        loaded: 1,
        unchanged: 1,
      });
      bench.write('spend.csv', SPEND + spendRows(1, 1) + spendRows(3, 3) + spendRows(1, 1, '4'));
      const { error } = await bench.load({ feeds: { ad_spend: 'spend.csv' } });
      expect(error?.message).toBe('files.ad_spend: the same key with different values: spend.csv lines 2 and 4');
      expect(error?.hint).toContain('platform, account_id, campaign_id, spend_level, segment_id, spend_date');
      expect(await bench.live('ad_spend', 'campaign_id')).toHaveLength(1);
      expect(await bench.spooled()).toEqual([]);
    });

    onDuckdb(
      'JSON lines keep 64-bit numbers, Parquet keeps decimals and instants, gzip and Zstandard are read as they are.',
      async () => {
        const event =
          '{"event_id":9007199254740993,"event_name":"sign_up","occurred_at":"2026-03-01T10:00:00+01:00","user_id":12345678901234567890,"properties":{"plan":"pro \u2028"}}';
        bench.write('e.jsonl.gz', gzipSync(`\uFEFF${event}\n\nnot json\n`));
        bench.write('spend.csv.zst', zstdCompressSync(SPEND + spendRows(1, 1)));
        const instance = await DuckDBInstance.create(':memory:');
        const connection = await instance.connect();
        await connection.run(`copy (select 'd1' as deal_id, cast('0.000001' as decimal(18,6)) as amount, 'EUR' as currency,
        timestamptz '2026-03-01 10:00:00.123456+01' as created_at, timestamp '2026-03-29 01:30:00' as close_date_at, true as is_deleted)
        to '${bench.folder}/deals.parquet' (format parquet)`);
        connection.closeSync();
        const report = await bench.sync([
          bench.connector({
            feeds: {
              events: 'e.jsonl.gz',
              ad_spend: 'spend.csv.zst',
              deals: { path: 'deals.parquet', timeZone: 'Europe/Berlin' },
            },
          }),
        ]);
        expect(report.streams.map(({ rows, status }) => [status, rows.loaded, rows.rejected])).toEqual([
          ['ok', 1, 1],
          ['ok', 1, 0],
          ['ok', 1, 0],
        ]);
        expect(await bench.live('events', 'event_id', 'user_id', 'occurred_at', 'properties')).toEqual([
          {
            event_id: '9007199254740993',
            user_id: '12345678901234567890',
            occurred_at: '2026-03-01T09:00:00.000000Z',
            properties: { plan: 'pro \u2028' },
          },
        ]);
        expect(await bench.live('deals', 'amount', 'created_at', 'close_date_at', 'is_deleted')).toEqual([
          {
            amount: '0.000001000',
            created_at: '2026-03-01T09:00:00.123456Z',
            close_date_at: '2026-03-29T00:30:00.000000Z',
            is_deleted: true,
          },
        ]);
        expect(await bench.rejected()).toEqual(['e.jsonl.gz, line 3: no JSON']);
      },
    );

    onDuckdb("The European Central Bank's file becomes one row per day and currency; N/A is no rate.", async () => {
      bench.write('eurofxref-hist.csv', 'Date,USD,JPY,CYP,\n2026-03-02,1.0832,162.31,N/A,\n2026-02-27,1.08,161.9,,\n');
      await bench.load({ feeds: { fx_rates: { path: 'eurofxref-hist.csv', layout: 'ecb' } } });
      expect(
        (await bench.live('fx_rates', 'source', 'rate_date', 'from_currency', 'to_currency', 'rate')).map(
          Object.values,
        ),
      ).toEqual([
        ['ecb', '2026-02-27', 'EUR', 'JPY', '161.900000000'],
        ['ecb', '2026-02-27', 'EUR', 'USD', '1.080000000'],
        ['ecb', '2026-03-02', 'EUR', 'JPY', '162.310000000'],
        ['ecb', '2026-03-02', 'EUR', 'USD', '1.083200000'],
      ]);
    });

    onDuckdb('A symbolic link that leads out of the project is refused; an absolute path reads it.', async () => {
      const outside = join(tmpdir(), `revops-outside-${process.pid}-${engine}.csv`);
      const { writeFileSync, rmSync } = await import('node:fs');
      writeFileSync(outside, SPEND + spendRows(1, 1));
      try {
        symlinkSync(outside, join(bench.folder, 'spend.csv'));
        expect((await bench.load({ feeds: { ad_spend: 'spend.csv' } })).error?.message).toBe(
          'spend.csv is a symbolic link that leads out of the project',
        );
        expect((await bench.load({ feeds: { ad_spend: outside } })).rows.loaded).toBe(1);
      } finally {
        rmSync(outside);
      }
    });
  });
}
