/**
 * The addresses that take events and consents: whole requests are answered once every row is durable.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Sending, Taken } from '../intake/request.ts';
import { fromSegment } from '../intake/segment.ts';
import { refuse } from './answers.ts';
import { BadBody, bodyText, readBody, type Body } from './body.ts';
import { browserOf, giveId } from './browsers.ts';
import type { Parts } from './parts.ts';
import { keyInHeader, keyNames } from './write-keys.ts';

export function intakeRoutes(app: FastifyInstance, parts: Parts): void {
  const nameOf = keyNames(parts.options.writeKeys);
  const route = (path: string, kind: 'events' | 'consents', list: List, read: (item: unknown) => unknown): void => {
    app.post(path, async (request, reply) => {
      const inHeader = nameOf(keyInHeader(request.headers.authorization));
      let text = '';
      let body: Body;
      try {
        text = await bodyText(request.body, request.headers['content-encoding'], parts.options.bodyBytes);
        body = readBody(text, list);
      } catch (error) {
        // Kept only for whom we know.
        if (error instanceof BadBody && inHeader !== null)
          await keepBadBody(parts, kind, inHeader, text, error.message);
        throw error;
      }
      const source = inHeader ?? nameOf(body.writeKey);
      if (source === null) {
        parts.tally.refused += 1;
        return refuse(reply, 401, 'write_key', 'no write key that is known: send it as Authorization: Bearer <key>');
      }
      return take(parts, kind, { ...body, items: body.items.map(read) }, source, request, reply);
    });
  };
  const asIs = (item: unknown): unknown => item;
  route('/v1/events', 'events', 'events', asIs);
  route('/v1/consents', 'consents', 'consents', asIs);
  route('/v1/batch', 'events', 'batch', (item) => fromSegment(item, null));
  for (const [kind, short] of MESSAGES) {
    for (const name of [kind, short]) route(`/v1/${name}`, 'events', 'batch', (item) => fromSegment(item, kind));
  }
}

// --- internal ---

type List = Parameters<typeof readBody>[1];

/** Addresses of single messages in the protocol of tracking libraries. */
const MESSAGES = [
  ['track', 't'],
  ['page', 'p'],
  ['screen', 's'],
  ['identify', 'i'],
  ['group', 'g'],
  ['alias', 'a'],
] as const;
const LONGEST_KEPT = 64 * 1024;

async function take(
  parts: Parts,
  kind: 'events' | 'consents',
  { items, sentAt }: Body,
  source: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { options, tally } = parts;
  const browser = browserOf(request, options.cookie);
  const key = request.headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' && key !== '' ? key : null;
  const sending: Sending = { source, receivedAt: parts.now(), sentAt, idempotencyKey, browser };
  const taken = items.map((item, index) => parts.intakes[kind](item, sending, index));
  await parts.spools[kind].append(taken.map(({ entry }) => entry));
  const rejected = taken.filter(({ id }) => id === null).length;
  tally.accepted += taken.length - rejected;
  tally.rejected += rejected;
  giveId(reply, options.cookie, browser, taken);
  const isNothing = taken.length > 0 && rejected === taken.length;
  return reply
    .code(isNothing ? 422 : 200)
    .send({ accepted: taken.length - rejected, rejected, items: taken.map(answerTo) });
}

function answerTo({ id, entry }: Taken): object {
  return id === null ? { status: 'rejected', reason: entry.rejected } : { status: 'accepted', id };
}

async function keepBadBody(
  { spools, now, tally }: Parts,
  kind: 'events' | 'consents',
  source: string,
  text: string,
  reason: string,
): Promise<void> {
  const record = { source, received_at: now().toISOString(), body: text.slice(0, LONGEST_KEPT) };
  await spools[kind].append([{ record, rejected: reason }]);
  tally.rejected += 1;
}
