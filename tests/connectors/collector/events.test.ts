/**
 * From what is sent to rows of the events feed.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { consentIntake } from '../../../connectors/collector/intake/consents.ts';
import { eventIntake } from '../../../connectors/collector/intake/events.ts';
import type { Browser, Sending } from '../../../connectors/collector/intake/request.ts';
import { fromSegment } from '../../../connectors/collector/intake/segment.ts';
import { URL_PARAMETERS, urlParameters } from '../../../connectors/collector/intake/url-parameters.ts';
import type { FeedContract } from '../../../src/connector/index.ts';
import { FEEDS } from '../feeds.ts';
import { event } from './collecting.ts';

const feed = (name: string): FeedContract => FEEDS.find((candidate) => candidate.name === name) as FeedContract;
const take = eventIntake(feed('events'));
const decide = consentIntake(feed('consents'));
const SENDING: Sending = {
  source: 'website',
  receivedAt: new Date('2026-10-01T08:00:05Z'),
  sentAt: undefined,
  idempotencyKey: null,
  browser: null,
};
const BROWSER: Browser = {
  page: 'https://www.example.com/?gclid=AbC',
  device: null,
  knownId: null,
  newId: 'new-id',
  needsConsent: true,
  fbc: 'fb.1.2.click',
  fbp: 'fb.1.2.3',
};

describe('An event', () => {
  test('keeps the time of its sender beside ours, and is of the source of its key.', () => {
    const { entry, id } = take(event('e1', { sent_at: '2026-10-01T10:00:01+02:00' }), SENDING, 0);
    expect(id).toBe('e1');
    expect(entry).toEqual({
      record: {
        event_id: 'e1',
        event_name: 'sign_up',
        user_id: 'user-e1',
        source: 'website',
        occurred_at: '2026-10-01T08:00:00.000Z',
        sent_at: '2026-10-01T08:00:01.000Z',
        received_at: '2026-10-01T08:00:05.000Z',
      },
    });
  });

  test.each([
    ['no object', 'text', 'no object'],
    ['a name that no column has', event('e', { event_nme: 'x' }), 'unknown: event_nme'],
    ['no name', event('e', { event_name: ' ' }), 'event_name: missing'],
    ['no identifier', event('e', { user_id: '' }), 'none of anonymous_id, user_id, email, phone'],
    ['a time without offset', event('e', { occurred_at: '2026-10-01T08:00:00' }), /^occurred_at: expected an instant/],
    ['a time in seconds', event('e', { occurred_at: 1_790_000_000 }), /^occurred_at: write the time as ISO 8601/],
    ['a time in digits', event('e', { occurred_at: '1790000000' }), /^occurred_at: a number does not tell its unit/],
    [
      'a time to come',
      event('e', { occurred_at: '2026-10-02T08:00:06Z' }),
      'occurred_at: more than a day after it was sent',
    ],
    [
      'a time after its sending',
      event('e', { occurred_at: '9999-10-02T08:00:06Z', sent_at: '2026-10-01T08:00:00Z' }),
      'occurred_at: more than a day after it was sent',
    ],
    ['an id too long for a key', event('e', { event_id: 'x'.repeat(251) }), 'event_id: longer than 250 characters'],
    ['an id that lost digits', event('e', { user_id: 2 ** 60 }), /^user_id: expected text/],
    ['our own columns', event('e', { source: 'other', received_at: 'now' }), 'unknown: source, received_at'],
  ])('with %s is kept as it came, with the reason.', (_what, item, reason) => {
    const { entry, id } = take(item, SENDING, 0);
    expect(id).toBeNull();
    expect(entry.rejected).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    const own = { source: 'website', received_at: '2026-10-01T08:00:05.000Z' };
    expect(entry.record).toEqual(typeof item === 'string' ? { sent: item, ...own } : { ...item, ...own });
  });

  test('without an id has the same one whenever its request comes again, and else one of its own.', () => {
    const item = event('e', { event_id: null });
    const sending = { ...SENDING, idempotencyKey: 'order-17' };
    const ids = [0, 1].map((index) => take(item, sending, index).id);
    expect(new Set(ids).size).toBe(2);
    expect([0, 1].map((index) => take(item, { ...sending, receivedAt: new Date() }, index).id)).toEqual(ids);
    expect(take(item, { ...sending, source: 'server' }, 0).id).not.toBe(ids[0]);
    expect(take(item, SENDING, 0).id).not.toBe(take(item, SENDING, 0).id);
    expect(take({ ...item, message_id: 'm1' }, sending, 0).id).toBe('m1');
  });

  test('of a browser has the page, the id it is given with consent, and the cookies of ads only with theirs.', () => {
    const sending = { ...SENDING, browser: BROWSER };
    const bare = { event_name: 'page_view' };
    expect(take(bare, sending, 0).entry.rejected).toBe('none of anonymous_id, user_id, email, phone');
    expect(take({ ...bare, has_analytics_consent: true }, sending, 0).entry.record).toMatchObject({
      url: BROWSER.page,
      gclid: 'AbC',
      anonymous_id: 'new-id',
      occurred_at: '2026-10-01T08:00:05.000Z',
    });
    expect(take({ ...bare, has_analytics_consent: true }, sending, 0).entry.record).not.toHaveProperty('fbp');
    const both = { ...bare, has_analytics_consent: true, has_marketing_consent: true };
    expect(take(both, sending, 0).entry.record).toMatchObject({ fbc: 'fb.1.2.click', fbp: 'fb.1.2.3' });
    const phone = { ...sending, browser: { ...BROWSER, device: 'mobile' as const } };
    const propertiesOf = (properties?: unknown): unknown =>
      (take({ ...both, properties }, phone, 0).entry.record as { properties?: unknown }).properties;
    expect(propertiesOf()).toEqual({ device_type: 'mobile' });
    expect(propertiesOf({ device_type: 'kiosk', plan: 'pro' })).toEqual({ device_type: 'kiosk', plan: 'pro' });
    const known = { ...sending, browser: { ...BROWSER, knownId: 'known-id' } };
    expect(take(bare, known, 0).entry.record).toMatchObject({ anonymous_id: 'known-id' });
    expect(take({ ...bare, has_analytics_consent: false }, known, 0).entry.rejected).toMatch(/^none of/);
    expect(take({ ...both, anonymous_id: 'own', url: 'https://x.example/' }, known, 0).entry.record).toMatchObject({
      anonymous_id: 'own',
      url: 'https://x.example/',
    });
  });
});

describe('Parameters of a URL', () => {
  test.each(URL_PARAMETERS)('%s is read, in any case of letters, and columns that are filled stay.', (name) => {
    const url = `https://www.example.com/?a=1&${name.toUpperCase()}=V%20a+l%C3%BC&${name}=second#${name}=third`;
    expect(urlParameters(url)).toEqual({ [name]: 'V a lü' });
    expect(take(event('e', { url, [name]: 'given' }), SENDING, 0).entry.record[name]).toBe('given');
  });

  test('that are no text stay as they are, and empty ones are none.', () => {
    expect(urlParameters('https://x.example/?gclid=%FF+a&utm_source=&utm_term=%00')).toEqual({
      gclid: '%FF+a',
      utm_term: '%00',
    });
    expect(urlParameters('no url at all')).toEqual({});
  });

  test('never fail, whatever the URL.', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Object.values(urlParameters(`?gclid=${text}`)).every((value) => typeof value === 'string')).toBe(true);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('Messages of tracking libraries', () => {
  const message = {
    type: 'track',
    messageId: 'm1',
    event: 'Order Completed',
    anonymousId: 'a1',
    userId: 17,
    timestamp: '2026-10-01T08:00:00.123Z',
    sentAt: '2026-10-01T08:00:01Z',
    channel: 'client',
    context: {
      page: { url: 'https://www.example.com/thanks', referrer: 'https://www.example.com/cart' },
      campaign: { name: 'autumn', source: 'newsletter', medium: 'email', term: 't', content: 'c' },
      traits: { email: 'a@example.org' },
      groupId: 'g1',
      consent: { categoryPreferences: { Analytics: true, Advertising: false } },
    },
    properties: { total: 12.5 },
  };

  test('become rows of the feed.', () => {
    expect(take(fromSegment(message, null), SENDING, 0).entry).toEqual({
      record: {
        source: 'website',
        event_id: 'm1',
        message_id: 'm1',
        event_name: 'Order Completed',
        occurred_at: '2026-10-01T08:00:00.123Z',
        sent_at: '2026-10-01T08:00:01.000Z',
        received_at: '2026-10-01T08:00:05.000Z',
        anonymous_id: 'a1',
        user_id: '17',
        email: 'a@example.org',
        account_id: 'g1',
        url: 'https://www.example.com/thanks',
        referrer: 'https://www.example.com/cart',
        utm_source: 'newsletter',
        utm_medium: 'email',
        utm_campaign: 'autumn',
        utm_content: 'c',
        utm_term: 't',
        has_analytics_consent: true,
        has_marketing_consent: false,
        properties: { total: 12.5 },
      },
    });
  });

  test.each([
    ['page', { name: 'Home' }, 'page_view'],
    ['screen', { name: 'Home' }, 'screen_view'],
    ['identify', { traits: { plan: 'pro' } }, 'identify'],
    ['group', { groupId: 'g' }, 'group'],
  ])('of the kind %s have its name.', (kind, more, name) => {
    const { type: _, event: __, ...rest } = message;
    expect(take(fromSegment({ ...rest, ...more }, kind), SENDING, 0).entry.record['event_name']).toBe(name);
  });

  test('about a group tell the person of their context: the e-mail of a company is nobody’s own.', () => {
    const { type: _, event: __, properties: ___, ...rest } = message;
    const group = {
      ...rest,
      groupId: 'acme',
      traits: { email: 'info@acme.example', phone: '+49 30 1', employees: 20 },
    };
    const { record } = take(fromSegment(group, 'group'), SENDING, 0).entry;
    expect(record).toMatchObject({ account_id: 'acme', email: 'a@example.org', properties: { employees: 20 } });
    expect(record['phone']).toBeUndefined();
  });

  test('with an e-mail among the properties do not say whose it is: it may be who was invited.', () => {
    const { context: _, ...rest } = message;
    const invited = { ...rest, type: 'track', properties: { email: 'new@acme.example', phone: '+49 30 2' } };
    const { record } = take(fromSegment(invited, 'track'), SENDING, 0).entry;
    expect(record).toMatchObject({ properties: { email: 'new@acme.example', phone: '+49 30 2' } });
    expect([record['email'], record['phone']]).toEqual([undefined, undefined]);
  });

  test('of the kind alias tell which device is whose.', () => {
    const { type: _, event: __, ...rest } = message;
    const { record } = take(fromSegment({ ...rest, previousId: 'a0' }, 'alias'), SENDING, 0).entry;
    expect(record).toMatchObject({ event_name: 'alias', anonymous_id: 'a0', user_id: '17' });
  });

  test('have the sending time of their batch where they have none.', () => {
    const { sentAt: _, ...rest } = message;
    const sending = { ...SENDING, sentAt: '2026-10-01T08:00:02Z' };
    expect(take(fromSegment(rest, null), sending, 0).entry.record['sent_at']).toBe('2026-10-01T08:00:02.000Z');
    expect(take(fromSegment(message, null), sending, 0).entry.record['sent_at']).toBe('2026-10-01T08:00:01.000Z');
  });

  test('that are none are rejected, not lost.', () => {
    for (const item of [null, 7, [], { type: 'track' }])
      expect(take(fromSegment(item, null), SENDING, 0).id).toBeNull();
  });
});

describe('A decision', () => {
  test('becomes a row of the consents feed; a browser with an id need not say whose it is.', () => {
    const browser = { ...BROWSER, knownId: 'known-id' };
    const { entry, consent } = decide({ purpose: 'analytics', is_granted: false }, { ...SENDING, browser }, 0);
    expect(consent).toBe(false);
    expect(entry.record).toEqual({
      source: 'website',
      consent_id: expect.any(String),
      identifier_type: 'anonymous_id',
      identifier: 'known-id',
      purpose: 'analytics',
      is_granted: false,
      legal_basis: 'consent',
      decided_at: '2026-10-01T08:00:05.000Z',
      recorded_at: '2026-10-01T08:00:05.000Z',
    });
  });

  test('that does not say whose it is, or about what, is rejected.', () => {
    const reason = (item: unknown): string | undefined => decide(item, SENDING, 0).entry.rejected;
    expect(reason({ purpose: 'email', is_granted: true })).toBe('identifier_type, identifier: missing');
    expect(reason({ purpose: 'email', is_granted: true, identifier_type: 'name', identifier: 'x' })).toBe(
      'identifier_type: expected one of contact_id, user_id, email, phone, anonymous_id',
    );
  });
});
