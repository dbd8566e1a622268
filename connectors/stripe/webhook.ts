/**
 * Stripe's webhooks: signed with the endpoint's secret over the time of sending and the body, byte for byte.
 * https://docs.stripe.com/webhooks#verify-manually
 */
import { createHmac } from 'node:crypto';

import { headerOf, isSameText, secretOption, type Secret, type Webhook, type WebhookEvent } from 'revops/connector';
import { z } from 'zod';

/** `signingSecret`: that of the endpoint, `whsec_…`. `toleranceSeconds`: how old a signature may be. Default 300. */
export function stripeWebhook(given: { signingSecret: Secret | string; toleranceSeconds?: number }): Webhook {
  const { signingSecret, toleranceSeconds } = options.parse(given);
  return {
    secrets: { signingSecret },
    receive({ headers, body, receivedAt }) {
      const parts = partsOf(headerOf({ headers }, 'stripe-signature') ?? '');
      if (parts === null) return { refused: 'no Stripe-Signature with a time and a v1 signature' };
      const wanted = createHmac('sha256', signingSecret.reveal()).update(`${parts.time}.`).update(body).digest('hex');
      if (!parts.signatures.some((signature) => isSameText(signature, wanted))) return { refused: 'wrong signature' };
      // Both ways: a clock that is wrong must not keep a signature young for ever.
      const age = Math.abs(receivedAt.getTime() / 1000 - Number(parts.time));
      if (age > toleranceSeconds) return { refused: 'the signature is too old' };
      const event = readEvent(body);
      return event === null ? { unreadable: 'no event of Stripe' } : { events: [event] };
    },
  };
}

// --- internal ---

const options = z.strictObject({
  signingSecret: secretOption(),
  toleranceSeconds: z.int().min(1).max(86_400).default(300),
});

const eventShape = z.looseObject({
  id: z.string().min(1).max(250),
  type: z.string(),
  created: z.int().min(0),
  data: z.looseObject({ object: z.looseObject({}) }),
});

/** `t=1700000000,v1=…,v1=…`: two signatures while a secret is being replaced. */
function partsOf(header: string): { time: string; signatures: string[] } | null {
  const pairs = header.split(',').map((pair) => pair.trim().split('='));
  const time = pairs.find(([name]) => name === 't')?.[1] ?? '';
  const signatures = pairs.flatMap(([name, value]) => (name === 'v1' && value !== undefined ? [value] : []));
  return /^\d{1,12}$/.test(time) && signatures.length > 0 ? { time, signatures } : null;
}

function readEvent(body: Buffer): WebhookEvent | null {
  let payload: unknown;
  try {
    payload = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = eventShape.safeParse(payload);
  if (!parsed.success) return null;
  const { id, type, created, data } = parsed.data;
  return {
    id,
    type,
    occurredAt: new Date(created * 1000).toISOString(),
    email: emailOf(data.object),
    payload,
  };
}

/** Whose invoice, checkout or charge it is. */
function emailOf(object: Record<string, unknown>): string | null {
  const places = [
    object['customer_email'],
    (object['customer_details'] as { email?: unknown } | null | undefined)?.email,
    (object['billing_details'] as { email?: unknown } | null | undefined)?.email,
    object['receipt_email'],
    object['object'] === 'customer' ? object['email'] : null,
  ];
  return places.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}
