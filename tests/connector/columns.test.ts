import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import * as column from '../../src/connector/columns.ts';

const REFUSED = Symbol('refused');

function given(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  return result.success ? result.data : REFUSED;
}

describe('text', () => {
  it('keeps what it is given and writes ids out', () => {
    expect([' a ', '', 12, 9007199254740993n, true].map((value) => given(column.text(), value))).toEqual([
      ' a ',
      '',
      '12',
      '9007199254740993',
      'true',
    ]);
  });

  it('refuses a number that has lost digits', () => {
    expect(given(column.text(), 2 ** 53)).toBe(REFUSED);
  });
});

describe('bigint', () => {
  it('keeps every digit of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(given(column.bigint(), String(value))).toBe(String(value));
        expect(given(column.bigint(), value)).toBe(String(value));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('refuses what does not fit or has lost digits', () => {
    for (const value of ['9223372036854775808', '-9223372036854775809', 1.5, '1.0', '', 'x', 2 ** 53, null]) {
      expect(given(column.bigint(), value)).toBe(REFUSED);
    }
  });
});

describe('decimal', () => {
  it('gives plain text whatever the notation', () => {
    const cases: [unknown, string][] = [
      ['1.50', '1.5'],
      ['-0.0', '0'],
      ['1e-7', '0.0000001'],
      ['+1.25E2', '125'],
      ['007', '7'],
      ['.5', '0.5'],
      ['5.', '5'],
      [12n, '12'],
      [1e20, '100000000000000000000'],
      [-3.25, '-3.25'],
      ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ];
    for (const [value, expected] of cases) expect(given(column.decimal(), value)).toBe(expected);
  });

  it('rounds the noise of a binary number, never text', () => {
    expect(given(column.decimal(), 0.1 + 0.2)).toBe('0.3');
    expect(given(column.decimal(), '0.30000000000000004')).toBe(REFUSED);
  });

  it('keeps micros exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (micros) => {
        const written = `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`;
        const [whole = '', fraction = ''] = String(given(column.decimal(), written)).split('.');
        expect(BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))).toBe(micros);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('refuses what is no decimal or too large', () => {
    for (const value of ['', 'x', '1,5', '1e400', '1e30', NaN, Infinity, '.', true])
      expect(given(column.decimal(), value)).toBe(REFUSED);
  });
});

describe('double', () => {
  it('accepts numbers and their text, nothing else', () => {
    expect([1.5, '1.5', '1e5'].map((value) => given(column.double(), value))).toEqual([1.5, 1.5, 100_000]);
    for (const value of ['', ' ', 'x', NaN, Infinity, 'Infinity', true])
      expect(given(column.double(), value)).toBe(REFUSED);
  });
});

describe('boolean, date and json', () => {
  it('accept what platforms send', () => {
    expect([true, 'true', 'false'].map((value) => given(column.boolean(), value))).toEqual([true, true, false]);
    expect(given(column.boolean(), 'yes')).toBe(REFUSED);
    expect(given(column.date(), '2024-02-29')).toBe('2024-02-29');
    for (const value of ['0000-01-01', '2023-02-29', '20240101', '2024-01-01T00:00:00Z', ''])
      expect(given(column.date(), value)).toBe(REFUSED);
    expect(given(column.json(), { a: [1, null] })).toEqual({ a: [1, null] });
  });
});

describe('timestamp', () => {
  it('gives ISO 8601 in UTC with the digits it was given', () => {
    const cases: [unknown, string][] = [
      ['2024-01-01T00:00:00.123456Z', '2024-01-01T00:00:00.123456Z'],
      ['2024-01-01 00:00:00.5+01:00', '2023-12-31T23:00:00.500Z'],
      ['2024-01-01T00:00:00.000+0000', '2024-01-01T00:00:00.000Z'],
      [1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
      ['1700000000000', '2023-11-14T22:13:20.000Z'],
      [new Date(0), '1970-01-01T00:00:00.000Z'],
    ];
    for (const [value, expected] of cases) expect(given(column.timestamp(), value)).toBe(expected);
  });

  it('refuses times without an offset and days that do not exist', () => {
    for (const value of [
      '2024-01-01T00:00:00',
      '2024-01-01',
      '2024-02-30T00:00:00Z',
      '2024-13-01T00:00:00Z',
      '',
      'now',
      NaN,
      1e17,
    ]) {
      expect(given(column.timestamp(), value)).toBe(REFUSED);
    }
  });

  it('gives the same instant it was given, to the microsecond', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.nat(999),
        (instant, micros) => {
          const written = instant.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
          expect(given(column.timestamp(), written)).toBe(micros === 0 ? instant.toISOString() : written);
        },
      ),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe('a column', () => {
  it('knows its type, any other schema does not', () => {
    expect(column.columnType(column.decimal())).toBe('decimal(38,9)');
    expect(column.columnType(z.string())).toBeNull();
  });
});
