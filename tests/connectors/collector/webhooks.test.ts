/**
 * Webhooks: what proves where it comes from, as the platforms' own libraries make and check it.
 */
import { Signature } from '@hubspot/api-client';
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { hubspotWebhook } from '../../../connectors/hubspot/index.ts';
import { pipedriveWebhook } from '../../../connectors/pipedrive/index.ts';
import { stripeWebhook } from '../../../connectors/stripe/index.ts';
import { post, startCollecting, type Answered, type Collecting } from './collecting.ts';

const NOW = new Date('2026-10-01T08:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const STRIPE_SECRET = 'whsec_of_the_endpoint';
const HUBSPOT_SECRET = 'client-secret-of-the-app';
const HUBSPOT_URL = 'https://collect.example.com/v1/webhooks/hubspot?app=a%3Ab%40c';

let running: Collecting;
beforeEach(async () => {
  const webhooks = {
    stripe: stripeWebhook({ signingSecret: STRIPE_SECRET }),
    hubspot: hubspotWebhook({ clientSecret: HUBSPOT_SECRET, url: HUBSPOT_URL }),
    pipedrive: pipedriveWebhook({ user: 'revops', password: 'password-of-the-hook' }),
  };
  running = await startCollecting({ webhooks }, { now: () => NOW });
});
afterEach(() => running.dispose());

const send = (source: string, body: string, headers: Record<string, string>): Promise<Answered> =>
  post(`${running.url}/v1/webhooks/${source}`, body, headers);
const refusal = async (answer: Promise<Answered>): Promise<unknown> => {
  const { status, body } = await answer;
  return [status, (body['error'] as { message?: string } | undefined)?.message];
};

describe('Stripe', () => {
  const payload = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'invoice.paid',
    created: SECONDS - 60,
    data: { object: { object: 'invoice', customer_email: 'a@example.org' } },
  });
  const signed = (text: string, timestamp = SECONDS, secret = STRIPE_SECRET): string =>
    Stripe.webhooks.generateTestHeaderString({ payload: text, secret, timestamp });

  test('is believed by a signature of its own library, also while two secrets hold.', async () => {
    expect((await send('stripe', payload, { 'stripe-signature': signed(payload) })).body).toEqual({ accepted: 1 });
    const other = signed(payload, SECONDS, 'whsec_before').split('v1=')[1];
    const both = signed(payload).replace('v1=', `v1=${other},v1=`);
    expect((await send('stripe', payload, { 'stripe-signature': both })).status).toBe(200);
  });

  test('is not believed without a signature, with a wrong or old one, or when a byte of the body changed.', async () => {
    const by = (header: string, body = payload): Promise<unknown> =>
      refusal(send('stripe', body, { 'stripe-signature': header }));
    expect(await by('')).toEqual([401, 'no Stripe-Signature with a time and a v1 signature']);
    expect(await by(signed(payload, SECONDS, 'whsec_of_somebody'))).toEqual([401, 'wrong signature']);
    expect(await by(signed(payload), payload.replace('evt_1', 'evt_2'))).toEqual([401, 'wrong signature']);
    expect(await by(signed(payload).replace(String(SECONDS), String(SECONDS + 1)))).toEqual([401, 'wrong signature']);
    expect(await by(signed(payload, SECONDS - 301))).toEqual([401, 'the signature is too old']);
    expect(await by(signed(payload, SECONDS + 301))).toEqual([401, 'the signature is too old']);
    expect(await by(signed(payload, SECONDS - 299))).toEqual([200, undefined]);
    expect(running.segments()).toHaveLength(1);
  });

  test('that cannot be read is kept with the reason.', async () => {
    const body = '{"id":"evt_1"}';
    expect(await refusal(send('stripe', body, { 'stripe-signature': signed(body) }))).toEqual([
      400,
      'no event of Stripe',
    ]);
    expect(running.segments()).toHaveLength(1);
  });
});

describe('HubSpot', () => {
  const payload = JSON.stringify([
    {
      eventId: 1,
      subscriptionId: 2,
      portalId: 3,
      appId: 4,
      occurredAt: NOW.getTime() - 5000,
      subscriptionType: 'contact.propertyChange',
      attemptNumber: 0,
      objectId: 123,
      propertyName: 'email',
      propertyValue: 'a@example.org',
    },
    {
      eventId: 1,
      subscriptionId: 2,
      portalId: 3,
      appId: 4,
      occurredAt: NOW.getTime() - 4000,
      subscriptionType: 'deal.creation',
      attemptNumber: 0,
      objectId: 124,
    },
  ]);
  const signed = (body: string, timestamp = NOW.getTime(), clientSecret = HUBSPOT_SECRET): Record<string, string> => ({
    'x-hubspot-request-timestamp': String(timestamp),
    'x-hubspot-signature-v3': Signature.getSignature('POST', 'v3', {
      clientSecret,
      requestBody: body,
      // HubSpot signs the address with these escapes taken out.
      url: 'https://collect.example.com/v1/webhooks/hubspot?app=a:b@c',
      timestamp,
      signature: '',
    }),
  });

  test('is believed by a signature of its own library, with all events of the delivery.', async () => {
    expect((await send('hubspot', payload, signed(payload))).body).toEqual({ accepted: 2 });
  });

  test('is not believed without a signature, with a wrong or old one, or when the body changed.', async () => {
    const by = (headers: Record<string, string>, body = payload): Promise<unknown> =>
      refusal(send('hubspot', body, headers));
    expect(await by({})).toEqual([401, 'no X-HubSpot-Signature-v3 with its time']);
    expect(await by(signed(payload, NOW.getTime(), 'of-somebody'))).toEqual([401, 'wrong signature']);
    expect(await by(signed(payload), payload.replace('123', '125'))).toEqual([401, 'wrong signature']);
    expect(await by(signed(payload, NOW.getTime() - 300_001))).toEqual([401, 'the signature is too old']);
    expect(await by(signed(payload, NOW.getTime() - 300_000))).toEqual([200, undefined]);
    expect(await by(signed('{}'), '{}')).toEqual([400, 'no list of events of HubSpot']);
  });
});

describe('Pipedrive', () => {
  const payload = JSON.stringify({
    meta: {
      action: 'change',
      entity: 'person',
      company_id: '7',
      entity_id: '8',
      id: '0f3c',
      timestamp: '2026-10-01T07:59:00.000Z',
      attempt: 1,
      version: '2.0',
    },
    data: { id: 8, emails: [{ value: 'b@example.org' }, { value: 'a@example.org', primary: true }], phones: [] },
    previous: {},
  });
  const by = (user: string, password: string, body = payload): Promise<unknown> =>
    refusal(
      send('pipedrive', body, { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
    );

  test('is believed by the user and password it was given, and by no others.', async () => {
    expect(await by('revops', 'password-of-the-hook')).toEqual([200, undefined]);
    expect(await by('revops', 'another')).toEqual([401, 'wrong user or password']);
    expect(await by('somebody', 'password-of-the-hook')).toEqual([401, 'wrong user or password']);
    expect(await refusal(send('pipedrive', payload, {}))).toEqual([401, 'no basic authentication']);
    expect(await by('revops', 'password-of-the-hook', '{"v":1}')).toEqual([400, 'no webhook of Pipedrive, version 2']);
  });
});

test('A webhook that nobody configured is not there; its secrets are known to the checks before a start.', async () => {
  expect((await send('shop', '{}', {})).status).toBe(404);
  expect(running.connector.secrets.map(({ path }) => path)).toEqual([
    'connectors.collector.writeKeys.website',
    'connectors.collector.webhooks.stripe.secrets.signingSecret',
    'connectors.collector.webhooks.hubspot.secrets.clientSecret',
    'connectors.collector.webhooks.pipedrive.secrets.password',
  ]);
});
