import { describe, expect, test } from 'vitest';

import { converterFor } from '../../../connectors/files/convert.ts';
import type { FileSource } from '../../../connectors/files/options.ts';

const SOURCE: FileSource = {
  path: 'a.csv',
  layout: 'rows',
  columns: {},
  values: {},
  decimal: '.',
  dates: 'YYYY-MM-DD',
};

describe('values of files', () => {
  test.each<[string, Parameters<typeof converterFor>[0], Partial<FileSource>, unknown, unknown]>([
    ['an instant with an offset', 'timestamptz', {}, '2026-03-01 10:00:00+01:00', '2026-03-01T09:00:00.000Z'],
    ['microseconds', 'timestamptz', {}, '2026-03-01T10:00:00.123456Z', '2026-03-01T10:00:00.123456Z'],
    ['a local time', 'timestamptz', { timeZone: 'America/New_York' }, '2026-07-01 10:00', '2026-07-01T14:00:00.000Z'],
    [
      'a local time with microseconds',
      'timestamptz',
      { timeZone: 'Asia/Kathmandu' },
      '2026-07-01 10:00:00.000001',
      '2026-07-01T04:15:00.000001Z',
    ],
    [
      'a day alone: its midnight',
      'timestamptz',
      { timeZone: 'Europe/Berlin' },
      '2026-07-01',
      '2026-06-30T22:00:00.000Z',
    ],
    [
      'the earlier of two',
      'timestamptz',
      { timeZone: 'Europe/Berlin' },
      '2026-10-25 02:30',
      '2026-10-25T00:30:00.000Z',
    ],
    ['the hour after it', 'timestamptz', { timeZone: 'Europe/Berlin' }, '2026-10-25 03:30', '2026-10-25T02:30:00.000Z'],
    ['a day first', 'date', { dates: 'DD.MM.YYYY' }, '01.02.2026', '2026-02-01'],
    ['a month first', 'date', { dates: 'MM/DD/YYYY' }, '01/02/2026', '2026-01-02'],
    [
      'a written date and time',
      'timestamptz',
      { dates: 'DD/MM/YYYY', timeZone: 'UTC' },
      '31/12/2026 23:59:59',
      '2026-12-31T23:59:59.000Z',
    ],
    ['a decimal comma', 'decimal(18,6)', { decimal: ',' }, '1.234.567,89', '1234567.89'],
    ['a decimal comma without groups', 'decimal(18,6)', { decimal: ',' }, '-0,5', '-0.5'],
    ['TRUE', 'boolean', {}, ' TRUE ', 'true'],
    ['JSON', 'json', {}, '{"a":[1]}', { a: [1] }],
  ])('%s', (_name, type, source, given, value) => {
    expect(converterFor(type, { ...SOURCE, ...source })(given)).toEqual({ value });
  });

  test.each<[string, Parameters<typeof converterFor>[0], Partial<FileSource>, unknown, string]>([
    [
      'a local time without a zone',
      'timestamptz',
      {},
      '2026-03-01 10:00',
      'has no offset: write one (Z, +01:00), or set timeZone',
    ],
    [
      'a time that never was',
      'timestamptz',
      { timeZone: 'Europe/Berlin' },
      '2026-03-29 02:30',
      'is no time in Europe/Berlin',
    ],
    ['the 30th of February', 'timestamptz', { timeZone: 'UTC' }, '2026-02-30', 'is no time in UTC'],
    [
      'seconds since 1970',
      'timestamptz',
      {},
      '1772323200',
      'is a number, which does not tell its unit: write ISO 8601',
    ],
    [
      'a day in another form',
      'date',
      {},
      '01.02.2026',
      'is no day as YYYY-MM-DD; set dates if it is written otherwise',
    ],
    [
      'a day with a time',
      'date',
      {},
      '2026-02-01 00:00:00',
      'is no day as YYYY-MM-DD; set dates if it is written otherwise',
    ],
    ['a decimal comma', 'decimal(18,6)', {}, '1,5', "has a comma: write 1234.56, or set decimal: ','"],
    [
      'a point where commas are decimal',
      'decimal(18,6)',
      { decimal: ',' },
      '1.5',
      'is no number like 1.234,56 or 1234,56',
    ],
    ['broken JSON', 'json', {}, '{', 'is no JSON'],
  ])('%s is a problem, not a guess', (_name, type, source, given, problem) => {
    expect(converterFor(type, { ...SOURCE, ...source })(given)).toEqual({ problem });
  });
});
