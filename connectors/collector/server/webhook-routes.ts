/**
 * The addresses of webhooks: what proves where it comes from is kept as it was said.
 */
import type { FastifyInstance } from 'fastify';
import type { Webhook, WebhookEvent } from 'revops/connector';

import type { Entry } from '../spool/line.ts';
import { refuse } from './answers.ts';
import type { Parts } from './parts.ts';

export function webhookRoutes(app: FastifyInstance, { options, spools, tally, log, now }: Parts): void {
  const webhooks = new Map<string, Webhook>(Object.entries(options.webhooks));
  app.post<{ Params: { source: string } }>('/v1/webhooks/:source', async (request, reply) => {
    const { source } = request.params;
    const webhook = webhooks.get(source);
    if (webhook === undefined) return refuse(reply, 404, 'not_found', 'no webhook of this name is configured');
    const receivedAt = now();
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const verdict = webhook.receive({ headers: request.headers, body, receivedAt });
    if ('refused' in verdict) {
      tally.refused += 1;
      log.warn({ source }, `webhook refused: ${verdict.refused}`);
      return refuse(reply, 401, 'refused', verdict.refused);
    }
    const kept = { source, received_at: receivedAt.toISOString() };
    if ('unreadable' in verdict) {
      await spools.webhooks.append([
        { record: { ...kept, body: body.toString('utf8') }, rejected: verdict.unreadable },
      ]);
      tally.rejected += 1;
      return refuse(reply, 400, 'unreadable', verdict.unreadable);
    }
    await spools.webhooks.append(verdict.events.map((event) => entryOf(event, kept)));
    tally.accepted += verdict.events.length;
    return reply.send({ accepted: verdict.events.length });
  });
}

// --- internal ---

function entryOf({ id, type, occurredAt, email, phone, payload }: WebhookEvent, kept: object): Entry {
  return {
    record: {
      ...kept,
      event_id: id,
      event_type: type,
      occurred_at: occurredAt,
      email: email ?? null,
      phone: phone ?? null,
      payload,
    },
  };
}
