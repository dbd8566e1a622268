/**
 * What is handed to ad platforms, byte by byte where it counts: hashes of the normal forms that each asks for, made with
 * another program.
 */
import { describe, expect, it } from 'vitest';

import { googleAds } from '../../../connectors/google-ads/index.ts';
import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import { metaAds } from '../../../connectors/meta-ads/index.ts';
import type { OpenDestination, OutgoingConversion, Prepared } from '../../../src/connector/destination.ts';
import { Secret } from '../../../src/secret.ts';

const NOW = new Date('2026-10-12T06:00:00Z');
const secret = new Secret('not used', 'tests');

/** sha256sum of `anna@shop.eu`, `anna.b@gmail.com`, `annab@gmail.com`, `+49301234567`, `49301234567`. */
const SHOP = '2eb3ce80778d4cb5d24e85fe54db49a569d819c41298ee805b308cf0f9321b4f';
const DOTTED = '6d39396dbcb71b912e39477ad3295cf76542b0147aad2429f2f3ace36d0f78e5';
const UNDOTTED = '53281bfbc41de945f1f035af483cc4ab757999ffbaef88b1f6d4b6b1975e5734';
const PHONE = '74bd805bcc47f8603082430ca056311389e38b74fcdfbc32bcb5c6a9269ff3bf';
const DIGITS = '2f9fbc550b12cbc0e6242384cc472bd1e4f058a8b773f189f7acb86d202655ce';

const purchase: OutgoingConversion = {
  eventId: 'customer:crm:7',
  type: 'customer',
  at: '2026-10-10T08:30:00.500Z',
  amount: '1250.500000',
  currency: 'EUR',
  emails: ['anna.b@gmail.com', 'anna@shop.eu'],
  phones: ['+49301234567'],
  clicks: [],
  consent: 'granted',
};

function destinationOf({ destination }: { destination?: OpenDestination }): OpenDestination {
  if (destination === undefined) throw new Error('nothing can be handed to it');
  return destination;
}

const bodies = ({ files }: Prepared): unknown[] => files.map(({ text }) => JSON.parse(text) as unknown);

describe('meta-ads', () => {
  const meta = destinationOf(metaAds({ accessToken: secret, conversions: { datasetId: '42' } }));
  const click = { type: 'fbclid', id: 'IwAR.Ab', at: '2026-10-01T00:00:00Z' };

  it('Events of the Conversions API: seconds, the event id, hashes, the click as its tag writes it, the value as a number.', () => {
    const prepared = meta.conversions(
      [{ ...purchase, clicks: [click, { type: 'fbp', id: 'fb.1.2.3', at: click.at }] }],
      NOW,
    );
    expect(prepared.files.map(({ name }) => name)).toEqual(['events-42-001.json']);
    expect(bodies(prepared)).toEqual([
      {
        data: [
          {
            event_name: 'Purchase',
            event_time: 1791621000,
            event_id: 'customer:crm:7',
            action_source: 'system_generated',
            user_data: { em: [DOTTED, SHOP], ph: [DIGITS], fbc: 'fb.1.1790812800000.IwAR.Ab', fbp: 'fb.1.2.3' },
            custom_data: { currency: 'EUR', value: 1250.5 },
          },
        ],
      },
    ]);
  });

  it('What is older than a week, of no event, or of nobody stays here, with the reason; a cookie goes before a click id.', () => {
    const { refused, files } = meta.conversions(
      [
        { ...purchase, eventId: 'a', at: '2026-10-05T05:59:59Z' },
        {
          ...purchase,
          eventId: 'b',
          at: '2026-10-05T06:00:00Z',
          clicks: [click, { ...click, type: 'fbc', id: 'fb.1.5.x' }],
        },
        { ...purchase, eventId: 'c', type: 'mql' },
        { ...purchase, eventId: 'd', emails: [], phones: [] },
        { ...purchase, eventId: 'e', at: '2026-10-13T00:00:00Z' },
      ],
      NOW,
    );
    expect(refused).toEqual([
      { id: 'a', reason: 'too_old' },
      { id: 'c', reason: 'not_mapped' },
      { id: 'd', reason: 'no_identifier' },
      { id: 'e', reason: 'in_the_future' },
    ]);
    expect(files[0]?.text).toContain('"fbc": "fb.1.5.x"');
  });

  it('A thousand events a request.', () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ ...purchase, eventId: String(index) }));
    const sizes = bodies(meta.conversions(many, NOW)).map((body) => (body as { data: unknown[] }).data.length);
    expect(sizes).toEqual([1000, 1]);
  });

  it('Users of a Custom Audience, to add and to remove: a row per address, the phone beside the first.', () => {
    const files = meta.audience({
      audience: 'leads',
      added: [purchase],
      removed: [{ emails: [], phones: ['+49301234567'] }],
    });
    expect(files.map(({ name, text }) => [name, JSON.parse(text) as unknown])).toEqual([
      [
        'users-to-add-001.json',
        {
          payload: {
            schema: ['EMAIL', 'PHONE'],
            data: [
              [DOTTED, DIGITS],
              [SHOP, ''],
            ],
          },
        },
      ],
      ['users-to-remove-001.json', { payload: { schema: ['EMAIL', 'PHONE'], data: [['', DIGITS]] } }],
    ]);
  });
});

describe('google-ads', () => {
  const account = { clientId: secret, clientSecret: secret, refreshToken: secret, developerToken: secret };
  const google = destinationOf(
    googleAds({ ...account, conversions: { customerId: '123-456-7890', actions: { customer: '77' } } }),
  );
  const upload = (conversion: Partial<OutgoingConversion>): unknown =>
    (bodies(google.conversions([{ ...purchase, ...conversion }], NOW))[0] as { conversions: unknown[] }).conversions[0];

  it('Click conversions with user identifiers: dots of gmail addresses are taken out, phones keep their plus.', () => {
    const clicks = [
      { type: 'gclid', id: 'older', at: '2026-09-01T00:00:00Z' },
      { type: 'gclid', id: 'Cj0-Ab', at: '2026-10-01T00:00:00Z' },
    ];
    expect(upload({ clicks })).toEqual({
      conversionAction: 'customers/1234567890/conversionActions/77',
      conversionDateTime: '2026-10-10 08:30:00+00:00',
      conversionValue: 1250.5,
      currencyCode: 'EUR',
      orderId: 'customer:crm:7',
      gclid: 'Cj0-Ab',
      userIdentifiers: [
        { hashedEmail: UNDOTTED, userIdentifierSource: 'FIRST_PARTY' },
        { hashedEmail: SHOP, userIdentifierSource: 'FIRST_PARTY' },
        { hashedPhoneNumber: PHONE, userIdentifierSource: 'FIRST_PARTY' },
      ],
      consent: { adUserData: 'GRANTED', adPersonalization: 'GRANTED' },
    });
  });

  it('An aggregate click id goes without the person; a click of more than 90 days before is none; nobody asked is no consent.', () => {
    const braid = upload({ clicks: [{ type: 'gbraid', id: 'B', at: '2026-10-01T00:00:00Z' }], consent: 'unknown' });
    expect(braid).toMatchObject({ gbraid: 'B', consent: { adUserData: 'UNSPECIFIED' } });
    expect(braid).not.toHaveProperty('userIdentifiers');
    expect(upload({ clicks: [{ type: 'gclid', id: 'old', at: '2026-07-01T00:00:00Z' }] })).not.toHaveProperty('gclid');
  });

  it('Lists of Customer Match as the template has them.', () => {
    expect(google.audience({ audience: 'leads', added: [purchase], removed: [] })).toEqual([
      { name: 'customers-to-add.csv', text: `Email,Phone\n${UNDOTTED},${PHONE}\n${SHOP},\n` },
    ]);
  });
});

describe('linkedin-ads', () => {
  const linkedin = destinationOf(linkedinAds({ accessToken: secret, conversions: { rules: { customer: '9' } } }));

  it('Events of the Conversions API: milliseconds, the value as text, address and click of the person.', () => {
    const clicks = [{ type: 'li_fat_id', id: 'df5gf5-gh6t7', at: '2026-10-01T00:00:00Z' }];
    expect(bodies(linkedin.conversions([{ ...purchase, emails: ['anna@shop.eu'], clicks }], NOW))).toEqual([
      {
        elements: [
          {
            conversion: 'urn:lla:llaPartnerConversion:9',
            conversionHappenedAt: 1791621000500,
            conversionValue: { currencyCode: 'EUR', amount: '1250.5' },
            user: {
              userIds: [
                { idType: 'SHA256_EMAIL', idValue: SHOP },
                { idType: 'LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID', idValue: 'df5gf5-gh6t7' },
              ],
            },
            eventId: 'customer:crm:7',
          },
        ],
      },
    ]);
    const old = linkedin.conversions([{ ...purchase, at: '2026-07-01T00:00:00Z' }], NOW);
    expect(old).toEqual({ files: [], refused: [{ id: 'customer:crm:7', reason: 'too_old' }] });
  });
});
