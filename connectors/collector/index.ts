/**
 * Collecting: an HTTP server for events, consents and webhooks (`revops collect`), whose spool `revops sync` loads.
 */
import path from 'node:path';

import { defineConnector, RevopsError } from 'revops/connector';

import { checkCollector } from './check.ts';
import { collectorOptions } from './options.ts';
import { collectorStreams, type CollectorClient } from './streams.ts';

export const collector = defineConnector({
  name: 'collector',
  title: 'Collector (events, consents, webhooks)',
  options: collectorOptions,
  limits: () => ({ requests: 1000, perMilliseconds: 1000, concurrency: 4 }),
  streams: collectorStreams,
  async connect({ folder }, _context, project): Promise<CollectorClient> {
    if (project === null) throw new RevopsError('INTERNAL', 'collector: opened without a project');
    return path.resolve(project.folder, folder);
  },
  classify: (error) => ({
    kind: 'rejected',
    message: `cannot read the spool (${(error as NodeJS.ErrnoException | null)?.code ?? 'unknown error'})`,
  }),
  check: ({ client }) => checkCollector(client),
  listen: async (options, context, project) => (await import('./serve.ts')).serve(options, context, project),
});
