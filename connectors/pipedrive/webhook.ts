/**
 * Pipedrive's webhooks (version 2): not signed; they prove where they come from by the user and password given when they
 * were set up. https://pipedrive.readme.io/docs/guide-for-webhooks-v2
 */
import { headerOf, isSameText, secretOption, type Secret, type Webhook, type WebhookEvent } from 'revops/connector';
import { z } from 'zod';

/** `user` and `password`: those set as `http_auth_user` and `http_auth_password`. */
export function pipedriveWebhook(given: { user: string; password: Secret | string }): Webhook {
  const { user, password } = options.parse(given);
  return {
    secrets: { password },
    receive({ headers, body }) {
      const [, value] = /^basic +(\S+)$/i.exec(headerOf({ headers }, 'authorization') ?? '') ?? [];
      if (value === undefined) return { refused: 'no basic authentication' };
      const written = Buffer.from(value, 'base64').toString('utf8');
      if (!isSameText(written, `${user}:${password.reveal()}`)) return { refused: 'wrong user or password' };
      const event = readEvent(body);
      return event === null ? { unreadable: 'no webhook of Pipedrive, version 2' } : { events: [event] };
    },
  };
}

// --- internal ---

const options = z.strictObject({
  user: z
    .string()
    .min(1)
    .regex(/^[^:]*$/, 'a user has no colon'),
  password: secretOption(),
});

const id = z.union([z.int(), z.string().min(1).max(100)]).transform(String);
/** Documented as seconds since 1970, shown and sent as ISO 8601. */
const instant = z.union([
  z.iso.datetime({ offset: true }).transform((written) => new Date(written)),
  z
    .int()
    .min(0)
    .max(4_102_444_800)
    .transform((seconds) => new Date(seconds * 1000)),
]);
const shape = z.looseObject({
  meta: z.looseObject({
    id,
    action: z.string(),
    entity: z.string(),
    entity_id: id,
    company_id: id,
    timestamp: instant,
  }),
  data: z.looseObject({}).nullish(),
});

function readEvent(body: Buffer): WebhookEvent | null {
  let payload: unknown;
  try {
    payload = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = shape.safeParse(payload);
  if (!parsed.success) return null;
  const { meta, data } = parsed.data;
  const isPerson = meta.entity === 'person';
  return {
    id: `${meta.company_id}:${meta.id}`,
    type: `${meta.action}.${meta.entity}`,
    occurredAt: meta.timestamp.toISOString(),
    email: isPerson ? firstOf(data?.['emails']) : null,
    phone: isPerson ? firstOf(data?.['phones']) : null,
    payload,
  };
}

/** The primary one of a person's addresses or numbers, else the first. */
function firstOf(list: unknown): string | null {
  const parsed = z.array(z.looseObject({ value: z.string(), primary: z.boolean().optional() })).safeParse(list);
  if (!parsed.success) return null;
  const filled = parsed.data.filter(({ value }) => value !== '');
  return (filled.find(({ primary }) => primary === true) ?? filled[0])?.value ?? null;
}
