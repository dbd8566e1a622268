import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsedObject } from '../../../connectors/linkedin-ads/json.ts';
import { ninePlaces } from '../../../connectors/linkedin-ads/money.ts';
import { dateRange, queryOf, type Value } from '../../../connectors/linkedin-ads/restli.ts';
import { idOf, pivotId, urn } from '../../../connectors/linkedin-ads/urns.ts';
import { parametersOf } from '../../../fixtures/emulators/linkedin-ads/restli.ts';

describe('queries', () => {
  it('are written as the platform’s documentation writes them', () => {
    expect(
      queryOf({
        q: 'statistics',
        pivots: ['CAMPAIGN_GROUP', 'CAMPAIGN'],
        dateRange: dateRange('2026-11-01', '2026-11-30'),
        accounts: ['urn:li:sponsoredAccount:507404993'],
        fields: ['impressions', 'costInLocalCurrency'],
      }),
    ).toBe(
      'q=statistics&pivots=List(CAMPAIGN_GROUP,CAMPAIGN)&dateRange=(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:30))&accounts=List(urn%3Ali%3AsponsoredAccount%3A507404993)&fields=impressions,costInLocalCurrency',
    );
  });

  it('come back as they were, whatever text they hold', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom("''", 'List(', '(a:b)', "it's", ''),
    );
    const name = fc.stringMatching(/^[a-z]{1,6}$/).filter((word) => word !== 'fields');
    const value = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }), (parameters) => {
        expect(parametersOf(queryOf(parameters))).toEqual(parameters);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe('ids', () => {
  it('keep every digit where a double would lose the last', () => {
    expect(parsedObject('{"elements":[{"id":9007199254740995,"count":3,"share":0.1234567890123456789}]}')).toEqual({
      elements: [{ id: '9007199254740995', count: 3, share: 0.12345678901234568 }],
    });
    expect(parsedObject('[1]')).toBeUndefined();
    expect(parsedObject('<html>')).toBeUndefined();
  });

  it('are the last part of a URN of the kind that is expected', () => {
    expect(idOf('sponsoredCampaign', urn('sponsoredCampaign', '123'))).toBe('123');
    expect(idOf('llaPartnerConversion', 'urn:lla:llaPartnerConversion:7')).toBe('7');
    expect(idOf('sponsoredCampaign', undefined)).toBeUndefined();
    expect(() => idOf('sponsoredCampaign', 'urn:li:sponsoredCreative:1')).toThrow(
      /expected the URN of a sponsoredCampaign/,
    );
    const pivots = ['urn:li:sponsoredCampaignGroup:1', 'urn:li:sponsoredCampaign:2'];
    expect(pivotId('sponsoredCampaign', pivots)).toBe('2');
    expect(pivotId('sponsoredCampaignGroup', pivots.toReversed())).toBe('1');
    expect(() => pivotId('sponsoredCreative', pivots)).toThrow(/no sponsoredCreative/);
  });
});

describe('money', () => {
  it('is freed from the traces of binary arithmetic', () => {
    const cases: [unknown, unknown][] = [
      ['99.99999999999996', '100'],
      ['12.340000000000004', '12.34'],
      ['-2E-18', '0'],
      ['-2e-18', '0'],
      ['0', '0'],
      ['1.5E+3', '1500'],
      ['24.457317520310493', '24.45731752'],
      ['0.0000000005', '0.000000001'],
      ['-0.0000000005', '-0.000000001'],
      ['9007199254740993.01', '9007199254740993.01'],
      [3, '3'],
      [undefined, undefined],
      ['n/a', 'n/a'],
    ];
    for (const [written, plain] of cases) expect(ninePlaces(written)).toBe(plain);
  });

  it('of at most nine places is what it was', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), (units) => {
        const digits = String(units < 0n ? -units : units).padStart(10, '0');
        const written = `${units < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
        const plain = String(ninePlaces(written));
        const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
        expect(BigInt(whole + fraction.padEnd(9, '0')) * (plain.startsWith('-') ? -1n : 1n)).toBe(units);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
