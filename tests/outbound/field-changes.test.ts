import { describe, expect, it } from 'vitest';

import { differenceOf, sameValue } from '../../src/outbound/field-changes.ts';

describe('differenceOf', () => {
  it('Only fields that hold another value change; records that are gone are told, and those as they should be counted.', () => {
    const fields = new Map([
      ['channel', { type: 'text' as const, isReadOnly: false }],
      ['credit', { type: 'number' as const, isReadOnly: false }],
    ]);
    const difference = differenceOf(
      [
        { id: '1', values: { channel: 'Paid Search', credit: '0.5' } },
        { id: '2', values: { channel: 'Direct', credit: null } },
        { id: '3', values: { channel: 'Direct', credit: '1' } },
      ],
      [
        { id: '1', values: { channel: 'Email', credit: '0.50' } },
        { id: '2', values: { channel: 'Direct', credit: '' } },
      ],
      fields,
    );
    expect(difference).toEqual({
      changes: [{ id: '1', fields: { channel: { before: 'Email', after: 'Paid Search' } } }],
      unchanged: 1,
      gone: ['3'],
    });
  });
});

describe('sameValue', () => {
  it.each([
    ['text', '0.5', '0.50', false],
    ['number', '0.5', '0.50', true],
    ['number', '5', 'five', false],
    ['number', 'x', 'y', false],
    ['instant', '2026-10-01T00:00:00Z', '2026-10-01T02:00:00+02:00', true],
    ['instant', '1790812800000', '2026-10-01T00:00:00.000Z', true],
    ['day', '2026-10-01', '2026-10-02', false],
    ['text', null, '', true],
    ['text', null, 'a', false],
  ] as const)('As %s, %s and %s are one value: %s.', (type, one, other, isSame) => {
    expect(sameValue(type, one, other)).toBe(isSame);
    expect(sameValue(type, other, one)).toBe(isSame);
  });
});
