/**
 * HubSpot's webhooks: signed (version 3) with the app's client secret over method, address, body and the time of sending.
 * A delivery has up to a hundred events. https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 */
import { createHmac } from 'node:crypto';

import { headerOf, isSameText, secretOption, type Secret, type Webhook, type WebhookEvent } from 'revops/connector';
import { z } from 'zod';

/** `clientSecret`: that of the app. `url`: the target address exactly as it stands in the app, since it is signed. */
export function hubspotWebhook(given: { clientSecret: Secret | string; url: string }): Webhook {
  const { clientSecret, url } = options.parse(given);
  const signedUrl = decodedUrl(url);
  return {
    secrets: { clientSecret },
    receive({ headers, body, receivedAt }) {
      const signature = headerOf({ headers }, 'x-hubspot-signature-v3') ?? '';
      const time = headerOf({ headers }, 'x-hubspot-request-timestamp') ?? '';
      if (signature === '' || !/^\d{1,15}$/.test(time)) return { refused: 'no X-HubSpot-Signature-v3 with its time' };
      const wanted = createHmac('sha256', clientSecret.reveal())
        .update(`POST${signedUrl}`)
        .update(body)
        .update(time)
        .digest('base64');
      if (!isSameText(signature, wanted)) return { refused: 'wrong signature' };
      if (Math.abs(receivedAt.getTime() - Number(time)) > OLDEST_MS) return { refused: 'the signature is too old' };
      return readEvents(body);
    },
  };
}

// --- internal ---

/** What HubSpot tells receivers to refuse. */
const OLDEST_MS = 300_000;

const options = z.strictObject({ clientSecret: secretOption(), url: z.url({ protocol: /^https?$/ }) });

const id = z.union([z.int(), z.string()]).transform(String);
const eventsShape = z.array(
  z.looseObject({
    eventId: id,
    subscriptionId: id,
    portalId: id,
    occurredAt: z.int().min(0),
    subscriptionType: z.string(),
    objectId: id.optional(),
    propertyName: z.string().optional(),
    propertyValue: z.unknown().optional(),
  }),
);

/** Those of the escapes that HubSpot takes out of an address before it signs. */
function decodedUrl(url: string): string {
  return url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escape) => decodeURIComponent(escape));
}

function readEvents(body: Buffer): { events: WebhookEvent[] } | { unreadable: string } {
  let payload: unknown;
  try {
    payload = JSON.parse(body.toString('utf8'));
  } catch {
    return { unreadable: 'no JSON' };
  }
  const parsed = eventsShape.safeParse(payload);
  if (!parsed.success) return { unreadable: 'no list of events of HubSpot' };
  return { events: parsed.data.map((event, index) => eventOf(event, (payload as unknown[])[index])) };
}

/** Its own id is not promised to be the only one of its kind; the attempt is no part of it. */
function eventOf(event: z.output<typeof eventsShape>[number], payload: unknown): WebhookEvent {
  const { portalId, subscriptionId, eventId, objectId, occurredAt, subscriptionType, propertyName, propertyValue } =
    event;
  const isEmail = propertyName === 'email' && typeof propertyValue === 'string' && propertyValue !== '';
  return {
    id: [portalId, subscriptionId, eventId, objectId ?? '', occurredAt].join(':'),
    type: subscriptionType,
    occurredAt: new Date(occurredAt).toISOString(),
    email: isEmail ? propertyValue : null,
    payload,
  };
}
