/**
 * What was collected, as streams: rows are added once however often they were sent, and kept on the disk until they are
 * in the warehouse.
 */
import path from 'node:path';

import {
  column,
  feedNamed,
  feedSchema,
  type AppendStream,
  type ColumnSchema,
  type Cursor,
  type FeedContract,
  type ProjectFacts,
} from 'revops/connector';

import type { CollectorOptions } from './options.ts';

import type { Kind } from './server/parts.ts';
import { claimSpool } from './spool/owner.ts';
import { readSpool, removeRead, type SpoolPage, type SpoolPosition } from './spool/reader.ts';

/** Folder of the spools. */
export type CollectorClient = string;

export function collectorStreams(_options: CollectorOptions, project: ProjectFacts): AppendStream<CollectorClient>[] {
  return [
    feedStream('events', 'What people did, as it was sent to the collector.', feedNamed(project.feeds, 'events')),
    feedStream(
      'consents',
      'Consents given and withdrawn, as they were sent to the collector.',
      feedNamed(project.feeds, 'consents'),
    ),
    spoolStream('webhooks', 'What platforms said by their webhooks.', WEBHOOKS, ['source', 'event_id']),
  ];
}

// --- internal ---

const WEBHOOKS: Record<string, ColumnSchema> = {
  source: column.text(),
  event_id: column.text(),
  event_type: column.text(),
  occurred_at: column.timestamp(),
  received_at: column.timestamp(),
  email: column.text(),
  phone: column.text(),
  payload: column.json(),
};

function feedStream(name: Kind, description: string, feed: FeedContract): AppendStream<CollectorClient> {
  return { ...spoolStream(name, description, feedSchema(feed), feed.grain), feed: feed.name };
}

function spoolStream(
  name: Kind,
  description: string,
  schema: Record<string, ColumnSchema>,
  primaryKey: readonly string[],
): AppendStream<CollectorClient> {
  return {
    name,
    description,
    mode: 'append',
    repeats: true,
    primaryKey,
    schema,
    async *read({ client, signal, note, warehouse }, { since }) {
      const folder = path.join(client, name);
      await claimSpool(folder, warehouse);
      for await (const page of readSpool(folder, positionOf(since), signal)) {
        for (const segment of page.torn)
          note(
            `${name}: segment ${segment} ends in the middle of a line, as one does that was being written when the collector was killed; nobody was told that this line is safe`,
          );
        yield { records: rowsOf(page), unreadable: refusedOf(page), cursor: page.position };
      }
    },
    async release({ client, warehouse }, cursor) {
      const folder = path.join(client, name);
      await claimSpool(folder, warehouse);
      await removeRead(folder, positionOf(cursor));
    },
  };
}

function positionOf(cursor: Cursor | null): SpoolPosition {
  return (cursor ?? {}) as SpoolPosition;
}

function rowsOf({ entries }: SpoolPage): Record<string, unknown>[] {
  return entries.filter(({ rejected }) => rejected === undefined).map(({ record }) => record);
}

function refusedOf({ entries, damaged }: SpoolPage): { reason: string; record: Record<string, unknown> }[] {
  return [
    ...entries.flatMap(({ record, rejected }) => (rejected === undefined ? [] : [{ reason: rejected, record }])),
    ...damaged.map((place) => ({ reason: 'damaged on the disk', record: { ...place } })),
  ];
}
