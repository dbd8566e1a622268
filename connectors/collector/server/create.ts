/**
 * The HTTP server, not yet listening.
 */
import { setTimeout } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';

import type { CollectorOptions } from '../options.ts';
import { admitOrigins } from './browsers.ts';
import { answerErrors } from './answers.ts';
import { intakeRoutes } from './intake-routes.ts';
import { KINDS, type Parts } from './parts.ts';
import { webhookRoutes } from './webhook-routes.ts';

export interface Server {
  app: FastifyInstance;
  /** Answers what is under way, for as long as a request may take, and accepts nothing more. */
  close(): Promise<void>;
}

export async function createServer(parts: Parts): Promise<Server> {
  const { options, tally, log, spools } = parts;
  const [{ fastify }, { default: rateLimit }] = await Promise.all([import('fastify'), import('@fastify/rate-limit')]);
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyBytes,
    trustProxy: trusted(options.trustProxy),
    requestTimeout: LONGEST_REQUEST_MS,
    forceCloseConnections: 'idle',
  });
  // Each may have a body in memory.
  app.server.maxConnections = MOST_CONNECTIONS;
  // Signatures are over bytes, and scripts send JSON as text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  answerErrors(app, parts);
  const underWay = new Set<string>();
  app.addHook('onRequest', async ({ id }) => {
    underWay.add(id);
  });
  app.addHook('onResponse', async (request, reply) => {
    underWay.delete(request.id);
    tally.requests += 1;
    const ms = Math.round(reply.elapsedTime);
    log.debug(
      { method: request.method, route: request.routeOptions.url ?? null, status: reply.statusCode, ms },
      'answered',
    );
  });
  admitOrigins(app, parts);
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const trouble = parts.isStopping()
      ? 'it is being stopped'
      : KINDS.map((kind) => spools[kind].trouble()).find(isText);
    return reply.code(trouble === undefined ? 200 : 503).send({ status: trouble ?? 'ok' });
  });
  await app.register(async (limited) => {
    await limited.register(rateLimit, { max: options.requestsPerMinute, timeWindow: 60_000, cache: 10_000 });
    intakeRoutes(limited, parts);
    webhookRoutes(limited, parts);
  });
  return {
    app,
    async close() {
      const closed = app.close();
      const latest = Date.now() + LONGEST_REQUEST_MS;
      while (underWay.size > 0 && Date.now() < latest) await setTimeout(10);
      // Connections that nothing was sent on would be waited for.
      app.server.closeAllConnections();
      await closed;
    },
  };
}

// --- internal ---

const LONGEST_REQUEST_MS = 30_000;
const MOST_CONNECTIONS = 1000;

/** Fastify takes a number for nobody, since it cannot tell who connects: the port is the proxy's alone then. */
function trusted(
  proxies: CollectorOptions['trustProxy'],
): false | string[] | ((address: string, hop: number) => boolean) {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : proxies;
}

function isText(value: string | null): value is string {
  return value !== null;
}
