/**
 * Answers to what could not be taken: a code, a sentence of ours, and when to come again.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';

import { Busy } from '../spool/busy.ts';
import { BadBody } from './body.ts';
import type { Parts } from './parts.ts';

/** Answers with an error. */
export function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}

/** Errors become answers; none of them says anything about what was sent, to the sender or to the log. */
export function answerErrors(app: FastifyInstance, { tally, log }: Parts): void {
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'not_found', 'there is nothing at this address'));
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    if (error instanceof BadBody) return refuse(reply, 400, 'bad_body', error.message);
    if (error instanceof Busy) {
      tally.busy += 1;
      log.warn({ retry_after: error.retryAfterSeconds }, error.message);
      return refuse(
        reply.header('retry-after', error.retryAfterSeconds),
        503,
        'busy',
        `${error.message}: send it again`,
      );
    }
    const status = error.statusCode ?? 500;
    if (status === 413) return refuse(reply, 413, 'too_large', 'the body is too large: send less at once');
    if (status === 429) return refuse(reply, 429, 'too_many', 'too many requests: send it again later');
    if (status < 500) return refuse(reply, status, 'bad_request', 'the request cannot be read');
    log.error({ name: error.name, code: error.code ?? null }, 'a request failed');
    return refuse(reply, 500, 'internal', 'it was not taken: send it again');
  });
}
