/**
 * In-memory sources and the options of a test's sync. Nothing of the test runner: child processes use it too.
 */
import { z } from 'zod';

import { defineConnector, type Connector, type Fault, type Stream } from '../../src/connector/index.ts';
import type { SyncEvent, SyncOptions } from '../../src/sync/contract.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';

export const NOW = new Date('2026-03-20T12:00:00Z');

/** An error a source throws, with the fault it stands for. */
export class SourceError extends Error {
  readonly kind: Fault['kind'];
  constructor(kind: Fault['kind']) {
    super(`source says ${kind}`);
    this.kind = kind;
  }
}

/** A connector over streams that need no client. */
export function connectorOf(streams: Stream[], name = 'made-up'): Connector {
  return defineConnector({
    name,
    title: 'Made up',
    options: z.object({}),
    limits: () => ({ requests: 1000, perMilliseconds: 1, concurrency: 10 }),
    connect: async () => ({}),
    classify: (error) => ({
      kind: error instanceof SourceError ? error.kind : 'rejected',
      message: error instanceof Error ? error.message : String(error),
    }),
    streams,
    check: async () => [],
  })({});
}

export function syncOptions(
  warehouse: Warehouse,
  spoolFolder: string,
  sources: Stream[] | Connector[],
  events: SyncEvent[] = [],
): SyncOptions {
  const connectors = sources.every((source) => 'open' in source) ? sources : [connectorOf(sources)];
  return {
    warehouse,
    connectors: connectors,
    spoolFolder,
    start: '2026-03-01',
    now: () => NOW,
    signal: new AbortController().signal,
    select: [],
    retry: { attempts: 4, firstWaitMs: 1 },
    onEvent: (event) => events.push(event),
    runId: 'run',
  };
}
