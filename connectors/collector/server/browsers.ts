/**
 * Senders that are browsers: whether their page may send, what they bring along, and the id they are given.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { deviceType } from 'revops/connector';

import type { Browser, Taken } from '../intake/request.ts';
import type { CookieOptions } from '../options.ts';
import { refuse } from './answers.ts';
import { cookiesOf, knownId, setCookie } from './cookies.ts';
import { originCheck } from './origins.ts';
import type { Parts } from './parts.ts';

/** Answers preflights, and refuses pages of other origins. */
export function admitOrigins(app: FastifyInstance, { options, tally }: Parts): void {
  const isAdmitted = originCheck(options.origins);
  app.addHook('onRequest', (request, reply, next) => {
    const { origin } = request.headers;
    if (origin === undefined) return next();
    if (!isAdmitted(origin)) {
      tally.refused += 1;
      void refuse(reply, 403, 'origin', 'pages of this origin may not send here (option origins)');
      return;
    }
    void reply
      .header('access-control-allow-origin', origin)
      .header('access-control-allow-credentials', 'true')
      .header('access-control-expose-headers', 'retry-after')
      .header('vary', 'Origin');
    if (request.method !== 'OPTIONS') return next();
    void reply
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'authorization, content-type, idempotency-key')
      .header('access-control-max-age', '86400')
      .code(204)
      .send();
  });
}

/** What a browser brings along; null for other senders. */
export function browserOf({ headers }: FastifyRequest, cookie: CookieOptions | false): Browser | null {
  if (headers.origin === undefined) return null;
  const cookies = cookiesOf(headers.cookie);
  return {
    page: headers.referer ?? null,
    device: deviceType(undefined, headers['user-agent']) ?? null,
    knownId: cookie === false ? null : knownId(cookies, cookie),
    newId: cookie === false ? null : randomUUID(),
    needsConsent: cookie === false || cookie.needsConsent,
    fbc: cookies.get('_fbc') ?? null,
    fbp: cookies.get('_fbp') ?? null,
  };
}

/** Gives the browser its id, lets it keep it, or takes it away, by what its person decided. */
export function giveId(
  reply: FastifyReply,
  cookie: CookieOptions | false,
  browser: Browser | null,
  taken: readonly Taken[],
): void {
  if (cookie === false || browser === null) return;
  const isRefused = browser.needsConsent && taken.some(({ consent }) => consent === false);
  if (isRefused) {
    if (browser.knownId !== null) void reply.header('set-cookie', setCookie(null, cookie));
    return;
  }
  const isAllowed = !browser.needsConsent || taken.some(({ consent }) => consent === true);
  const id = browser.knownId ?? (isAllowed ? browser.newId : null);
  if (id !== null) void reply.header('set-cookie', setCookie(id, cookie));
}
