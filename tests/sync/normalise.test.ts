import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { column, type Stream } from '../../src/connector/index.ts';
import { columnType } from '../../src/connector/columns.ts';
import { compileNormaliser, type CanonicalRow, type Rejection } from '../../src/sync/normalise.ts';
import { shapeOf } from '../../src/sync/shape.ts';
import { shortcutFor } from '../../src/sync/shortcuts.ts';

const schema = {
  id: column.text(),
  spend: column.decimal(),
  clicks: column.bigint(),
  day: column.date(),
  at: column.timestamp(),
  more: column.json(),
};

function normaliser(partition: Record<string, string> = {}): (record: unknown) => CanonicalRow | Rejection {
  const stream = {
    name: 'things',
    description: '',
    mode: 'upsert',
    schema,
    primaryKey: ['id'],
    async *read() {},
  } as unknown as Stream<never>;
  return compileNormaliser({ shape: shapeOf('made-up', stream), schema, partition });
}

describe('compileNormaliser', () => {
  it('writes the canonical form of every type, in the order of the schema', () => {
    const row = normaliser()({
      more: { b: 1, a: ['x'] },
      at: 1_767_225_600_000,
      id: 7,
      spend: 1.5,
      clicks: '12',
      day: '2026-01-01',
    });
    expect(row).toMatchObject({
      line: '"7",1.5,12,2026-01-01,2026-01-01T00:00:00.000Z,"{""a"":[""x""],""b"":1}",',
      unknown: null,
    });
  });

  it('puts fields without a column into _extra with sorted keys, and names them', () => {
    const row = normaliser()({ zeta: 1, id: 'a', alpha: { d: 1, c: null } });
    expect(row).toMatchObject({
      line: '"a",,,,,,"{""alpha"":{""c"":null,""d"":1},""zeta"":1}"',
      unknown: ['zeta', 'alpha'],
    });
  });

  it('replaces NUL characters and broken surrogates, in text, keys and JSON', () => {
    const row = normaliser()({ id: 'a\0b', more: { 'k\0': '\ud800\0' }, 'x\0': '\0' }) as CanonicalRow;
    expect(row.line).toBe('"a\uFFFDb",,,,,"{""k\uFFFD"":""\uFFFD\uFFFD""}","{""x\uFFFD"":""\uFFFD""}"');
  });

  it('hashes content, not the order of keys, and nothing that is null', () => {
    const normalise = normaliser();
    const hash = (record: unknown): string => (normalise(record) as CanonicalRow).hash;
    expect(hash({ id: 'a', spend: '1.0', clicks: null })).toBe(hash({ spend: 1, id: 'a' }));
    expect(hash({ id: 'a', spend: 1 })).not.toBe(hash({ id: 'a', clicks: 1 }));
    expect(hash({ id: 'a', x: 1 })).not.toBe(hash({ id: 'a' }));
  });

  it('rejects with the column and the reason, never with the value', () => {
    const normalise = normaliser();
    const rejection = normalise({ id: 'a', spend: 'secret-value', day: '2026-02-30' }) as Rejection;
    expect(rejection.reason).toContain('spend: not a valid decimal(38,9): expected a decimal number');
    expect(rejection.reason).toContain('day: not a valid date');
    expect(rejection.reason).not.toContain('secret');
    expect(JSON.parse(rejection.payload)).toEqual({ id: 'a', spend: 'secret-value', day: '2026-02-30' });
    for (const record of [{}, { id: '' }, { id: null }, null, 'text', [1], { id: 'x'.repeat(601) }]) {
      expect(normalise(record)).toHaveProperty('reason');
    }
  });

  it('fills in the partition and rejects rows of another one', () => {
    const normalise = normaliser({ clicks: '5' });
    expect(normalise({ id: 'a' })).toMatchObject({ line: '"a",,5,,,,' });
    expect(normalise({ id: 'a', clicks: 5 })).toMatchObject({ line: '"a",,5,,,,' });
    expect(normalise({ id: 'a', clicks: 6 })).toMatchObject({ reason: 'clicks: of another partition' });
  });
});

describe('shortcutFor', () => {
  const written = fc.oneof(
    fc.integer().map(String),
    fc.bigInt().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.string(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc
      .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
      .map((date) => date.toISOString().slice(0, 10)),
    fc.constantFrom(
      '',
      '-0',
      '0',
      '00',
      '1.',
      '.5',
      '1.50',
      '2026-02-30',
      '2026-02-30T00:00:00.000Z',
      '0000-01-01',
      'true',
      '1e3',
      '0000-01-01T00:00:00.000Z',
    ),
    fc.tuple(fc.nat(), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  );
  const values = fc.oneof(
    written,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(-0, 1e21, 123456.1, 0.1, 1e-10),
    fc.maxSafeInteger(),
    fc.tuple(fc.nat(), fc.nat()).map(([whole, part]) => Number(`${whole}.${part}`)),
  );

  for (const make of [
    column.text,
    column.bigint,
    column.double,
    column.decimal,
    column.boolean,
    column.date,
    column.timestamp,
  ]) {
    it(`answers for ${make.name} only what the column's schema says`, () => {
      const schemaOf = make();
      const type = columnType(schemaOf);
      if (type === null) throw new Error('no type');
      const shortcut = shortcutFor(type);
      fc.assert(
        fc.property(values, (value) => {
          const quick = shortcut(value);
          if (quick === null) return;
          const parsed = schemaOf.safeParse(value);
          expect(parsed.success).toBe(true);
          expect(quick).toBe(
            typeof parsed.data === 'string' ? parsed.data.replaceAll('\0', '\uFFFD') : String(parsed.data),
          );
        }),
        { seed: 4, numRuns: 2000 },
      );
    });
  }
});

describe('a normaliser', () => {
  const values = fc.oneof(
    fc.constantFrom(
      'a',
      'b"',
      '',
      '1',
      '1.50',
      '1.000000',
      '0.0',
      '2026-01-01',
      'x',
      null,
      undefined,
      0,
      -0,
      1.5,
      NaN,
      true,
    ),
    fc.constantFrom({ a: 1 }, { a: 2 }, []),
  );
  const record = fc.record({ id: values, spend: values, clicks: values, day: values, at: values, more: values });

  it('gives a record the same row whatever came before it', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 8 }), (records) => {
        const inTurn = normaliser();
        for (const one of records) expect(inTurn(one)).toEqual(normaliser()(one));
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it('does not take an object for the one before because it is the same object', () => {
    const inTurn = normaliser();
    const more: Record<string, unknown> = { a: 1 };
    const first = inTurn({ id: '1', more });
    more['a'] = 2;
    expect(inTurn({ id: '1', more })).not.toEqual(first);
  });
});
