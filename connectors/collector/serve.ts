/**
 * Collecting, from the first request to the last: holds the spool folder, listens, and stops without losing anything.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { feedNamed, RevopsError, type ListenContext, type ProjectFacts } from 'revops/connector';

import { consentIntake } from './intake/consents.ts';
import { eventIntake } from './intake/events.ts';
import type { CollectorOptions } from './options.ts';
import { createServer, type Server } from './server/create.ts';
import { KINDS, type Kind } from './server/parts.ts';
import { newTally, tellTally } from './server/tally.ts';
import { holdFolder } from './spool/hold.ts';
import { openSpool, type SpoolWriter } from './spool/writer.ts';

/** Accepts until the signal is aborted; what was acknowledged is on the disk. */
export async function serve(options: CollectorOptions, context: ListenContext, project: ProjectFacts): Promise<void> {
  const { log, signal } = context;
  const folder = path.resolve(project.folder, options.folder);
  const letGo = await holdFolder(folder);
  try {
    const spools = {} as Record<Kind, SpoolWriter>;
    for (const kind of KINDS) spools[kind] = await openSpool(path.join(folder, kind), options, () => context.now());
    const tally = newTally();
    const server = await createServer({
      options,
      spools,
      tally,
      log,
      intakes: {
        events: eventIntake(feedNamed(project.feeds, 'events')),
        consents: consentIntake(feedNamed(project.feeds, 'consents')),
      },
      now: () => context.now(),
      isStopping: () => signal.aborted,
    });
    const endTally = tellTally(tally, log, () => KINDS.reduce((sum, kind) => sum + spools[kind].bytes(), 0));
    try {
      await listen(context, options, server);
      if (!signal.aborted) await once(signal, 'abort');
      log.info({}, 'stopping: what is under way is finished, nothing more is accepted');
    } finally {
      await server.close();
      for (const kind of KINDS) await spools[kind].close();
      endTally();
    }
    log.info({}, 'stopped');
  } finally {
    await letGo();
  }
}

// --- internal ---

async function listen(
  { log, host, port, onReady }: ListenContext,
  options: CollectorOptions,
  { app }: Server,
): Promise<void> {
  const address = { host: host ?? options.host, port: port ?? options.port };
  try {
    await app.listen(address);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new RevopsError('REQUEST_REJECTED', `cannot listen on ${address.host}:${address.port}: ${code}`, {
      hint:
        code === 'EADDRINUSE'
          ? 'Another process listens there: stop it, or give another --port.'
          : 'Give another --host or --port.',
      cause: error,
    });
  }
  const { port: bound } = app.server.address() as AddressInfo;
  log.info({ host: address.host, port: bound }, 'collecting');
  onReady?.({ host: address.host, port: bound });
}
