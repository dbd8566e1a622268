/**
 * Bulk load: every value that a source can send arrives as it was.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Column, Value } from '../warehouse/types.ts';
import { writeSpool } from './spool.ts';
import type { TestRunner } from './test-runner.ts';
import type { OpenedWarehouse, WithWarehouse } from './opened-warehouse.ts';

export function loadCases({ it, expect }: TestRunner, withWarehouse: WithWarehouse): void {
  it(
    'loads texts exactly: empty is not NULL, and no character is special',
    withWarehouse(async (opened) => {
      const texts: Value[] = [
        null,
        '',
        ' ',
        '"',
        '""',
        "'",
        'a"b',
        '\n',
        '\r',
        '\r\n',
        'x\r\ny\n',
        ',',
        ',,',
        '\\',
        '\\N',
        '\\.',
        'a\n\\.\nb',
        '\t',
        '\u0001\u007f',
        'NULL',
        'null',
        '#',
        ';',
        '%',
        'é',
        'e\u0301',
        '日本語',
        '👩‍👩‍👧‍👦',
        'x\ufeff',
        '\u2028',
        '$1',
        '{"a":1}',
        '0',
        ' x ',
      ];
      texts.push('x'.repeat(1_000_000), '"\n'.repeat(500_000), '😀'.repeat(250_000));
      const columns: Column[] = [
        { name: 'n', type: 'integer' },
        { name: 't', type: 'text' },
      ];
      const rows = texts.map((text, index): Value[] => [index, text]);
      const out = await roundTrip(opened, columns, rows);
      expect(out.map((row) => Object.values(row)).filter((row, index) => row[1] !== texts[index])).toEqual([]);
      expect(out.length).toBe(texts.length);
    }),
  );

  it(
    'loads numbers, days, moments and documents exactly',
    withWarehouse(async (opened) => {
      const columns: Column[] = [
        { name: 'n', type: 'integer' },
        { name: 'big', type: 'bigint' },
        { name: 'money', type: 'decimal(38,9)' },
        { name: 'ratio', type: 'double' },
        { name: 'yes', type: 'boolean' },
        { name: 'day', type: 'date' },
        { name: 'at', type: 'timestamptz' },
        { name: 'doc', type: 'json' },
      ];
      const rows: Value[][] = [
        [
          1,
          '9223372036854775807',
          '12345678901234567890123456789.123456789',
          '1.7976931348623157e+308',
          true,
          '2024-02-29',
          '2024-02-29T23:59:59.999999Z',
          '{"a":"\\"\\n,\\\\","b":[null,1.5,{}]}',
        ],
        [2, '-9223372036854775808', '-0.000000001', '5e-324', false, '0001-01-01', '1700-01-01T00:00:00Z', '[]'],
        [3, '0', '0.000000000', '-0.1', true, '1969-12-31', '1970-01-01T00:00:00.1Z', '"x"'],
        [4, null, null, null, null, null, null, null],
      ];
      expect(await roundTrip(opened, columns, rows)).toEqual([
        {
          n: 1,
          big: 9_223_372_036_854_775_807n,
          money: rows[0]?.[2],
          ratio: 1.7976931348623157e308,
          yes: true,
          day: '2024-02-29',
          at: '2024-02-29T23:59:59.999999Z',
          doc: { a: '"\n,\\', b: [null, 1.5, {}] },
        },
        {
          n: 2,
          big: -9_223_372_036_854_775_808n,
          money: '-0.000000001',
          ratio: 5e-324,
          yes: false,
          day: '0001-01-01',
          at: '1700-01-01T00:00:00.000000Z',
          doc: [],
        },
        {
          n: 3,
          big: 0,
          money: '0.000000000',
          ratio: -0.1,
          yes: true,
          day: '1969-12-31',
          at: '1970-01-01T00:00:00.100000Z',
          doc: 'x',
        },
        { n: 4, big: null, money: null, ratio: null, yes: null, day: null, at: null, doc: null },
      ]);
    }),
  );

  it(
    'loads an empty file, a part of the columns, and into a temporary table',
    withWarehouse(async (opened) => {
      const columns: Column[] = [
        { name: 'n', type: 'integer' },
        { name: 'a column "x"', type: 'text' },
      ];
      expect(await roundTrip(opened, columns, [])).toEqual([]);
      const { warehouse } = opened;
      await inFolder(async (folder) => {
        const file = join(folder, "it's [1]*.csv.zst");
        await writeSpool(file, columns.slice(1), [['x'], [null]]);
        await warehouse.transaction(async (session) => {
          await session.execute('create temporary table staged (n integer default 7, "a column ""x""" text)');
          const schema = session.engine === 'postgres' ? 'pg_temp' : 'temp';
          expect(await session.load({ schema, name: 'staged' }, columns.slice(1), file)).toBe(2);
          expect(await session.query('select n, "a column ""x""" as x from staged order by x nulls last')).toEqual([
            { n: 7, x: 'x' },
            { n: 7, x: null },
          ]);
          expect(await session.describe({ schema, name: 'staged' })).toEqual(columns);
        });
      });
    }),
  );

  it(
    'loads nothing of a file that does not fit, tells the column and not the data, and goes on',
    withWarehouse(async ({ warehouse }) => {
      const columns: Column[] = [
        { name: 'email', type: 'text' },
        { name: 'visits', type: 'integer' },
      ];
      await warehouse.execute('create schema s');
      await warehouse.execute('create table s.t (email text, visits integer)');
      await inFolder(async (folder) => {
        const file = join(folder, 'x.csv.zst');
        await writeSpool(file, columns, [
          ['ann@example.com', 1],
          ['bob@example.com', 'secret-value'],
        ]);
        const error: unknown = await warehouse
          .load({ schema: 's', name: 't' }, columns, file)
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'WAREHOUSE_FAILED' });
        expect(/loading "s"."t" failed/.test(String(error)) && /visits/.test(String(error))).toBe(true);
        expect(/bob|secret-value/.test(String(error) + String((error as Error).cause))).toBe(false);
        await expect(
          warehouse.load({ schema: 's', name: 't' }, columns, join(folder, 'missing.zst')),
        ).rejects.toMatchObject({ code: 'WAREHOUSE_FAILED' });
      });
      expect(await warehouse.query('select * from s.t')).toEqual([]);
    }),
  );

  it(
    'loads nothing of a broken file, and goes on',
    withWarehouse(async ({ warehouse }) => {
      const columns: Column[] = [
        { name: 'n', type: 'integer' },
        { name: 't', type: 'text' },
      ];
      await warehouse.execute('create schema s');
      await warehouse.execute('create table s.t (n integer, t text)');
      await inFolder(async (folder) => {
        const file = join(folder, 'x.csv.zst');
        const rows = Array.from({ length: 50_000 }, (_, n): Value[] => [n, `${n * 7919} ${(n * 104_729) % 1_000_003}`]);
        await writeSpool(file, columns, rows);
        const whole = await readFile(file);
        for (const broken of [
          whole.subarray(0, whole.length >> 1),
          whole.subarray(0, whole.length - 1),
          Buffer.from('not zstd at all'),
        ]) {
          await writeFile(file, broken);
          await expect(warehouse.load({ schema: 's', name: 't' }, columns, file)).rejects.toMatchObject({
            code: 'WAREHOUSE_FAILED',
          });
        }
      });
      expect(await warehouse.query('select count(*) as n from s.t')).toEqual([{ n: 0 }]);
    }),
  );
}

// --- internal ---

async function roundTrip(
  { warehouse }: OpenedWarehouse,
  columns: readonly Column[],
  rows: readonly Value[][],
): Promise<object[]> {
  return inFolder(async (folder) => {
    const file = join(folder, 'spool.csv.zst');
    await writeSpool(file, columns, rows);
    await warehouse.execute('create schema if not exists s');
    const spelled = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${warehouse.typeName(type)}`);
    await warehouse.execute(`create table s.t (${spelled.join(', ')})`);
    const count = await warehouse.load({ schema: 's', name: 't' }, columns, file);
    if (count !== rows.length) throw new Error(`${count} rows loaded of ${rows.length}`);
    return warehouse.query('select * from s.t order by n');
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'revops-suite-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
