/**
 * Opens the connector on an emulator and lands what a stream gives, the way the engine does: rows by primary key,
 * tombstones, sets, cursors; what comes after the last cursor of an interrupted read is forgotten.
 */
import { isDeepStrictEqual } from 'node:util';

import { onTestFinished } from 'vitest';

import { hubspot } from '../../../connectors/hubspot/index.ts';
import { type HubspotEmulator, startHubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import type { HubspotKnobs } from '../../../fixtures/emulators/hubspot/knobs.ts';
import type { World } from '../../../fixtures/world/types.ts';
import type { Connection, Cursor, Page, Partition, SourceRecord, Stream } from '../../../src/connector/contract.ts';

export const UNLIMITED: Partial<HubspotKnobs> = {
  callsPerTenSeconds: Number.POSITIVE_INFINITY,
  searchesPerSecond: Number.POSITIVE_INFINITY,
  indexLagMs: 0,
};

/** An emulator without rate limits and index lag, closed when the test ends. */
export async function emulate(
  world: Pick<World, 'at'>,
  now: string,
  knobs: Partial<HubspotKnobs> = {},
): Promise<HubspotEmulator> {
  const emulator = await startHubspotEmulator({ world, now: () => now, knobs: { ...UNLIMITED, ...knobs } });
  onTestFinished(() => emulator.close());
  return emulator;
}

export type Options = Partial<Parameters<typeof hubspot>[0]>;

/** A connection as of an instant, with the static token unless the options have another. */
export async function open(
  emulator: HubspotEmulator,
  now: string,
  options: Options = {},
  note: (message: string) => void = () => undefined,
): Promise<Connection> {
  const connector = hubspot({
    ...(options.oauth === undefined ? { accessToken: emulator.knobs.accessToken } : {}),
    endpoint: emulator.url,
    requestsPerTenSeconds: 1_000_000,
    searchesPerSecond: 1_000_000,
    ...options,
  });
  return connector.open({ now: () => new Date(now), signal: new AbortController().signal, note });
}

export interface Landed {
  rows: Map<string, SourceRecord>;
  deleted: Set<string>;
  cursor: Cursor | null;
}

export function nothingLanded(): Landed {
  return { rows: new Map(), deleted: new Set(), cursor: null };
}

export function streamOf(connection: Connection, name: string): Exclude<Stream, { mode: 'window' }> {
  const stream = connection.streams.find((candidate) => candidate.name === name);
  if (stream === undefined || stream.mode === 'window') throw new Error(`no stream ${name}`);
  return stream;
}

export async function partitionsOf(connection: Connection, name: string): Promise<Partition[]> {
  return (await streamOf(connection, name).partitions?.(connection.context)) ?? [{ key: {}, label: '' }];
}

/**
 * Reads a stream from where it stands and lands it. `full`: from the beginning. `stopAfter`: pages, then the run dies.
 * `afterPage`: what happens at the platform while it is read.
 */
export async function land(
  connection: Connection,
  name: string,
  landed: Landed,
  how: { full?: boolean; stopAfter?: number; key?: Partition['key']; afterPage?: () => void } = {},
): Promise<void> {
  const stream = streamOf(connection, name);
  const since = how.full === true ? null : landed.cursor;
  const isSnapshot = since === null && stream.mode === 'upsert' && stream.snapshot === true;
  const given = new Set<string>();
  let waiting: Page[] = [];
  let pages = 0;
  const partition = (await partitionsOf(connection, name)).find(({ key }) => isDeepStrictEqual(key, how.key ?? {}));
  if (partition === undefined) throw new Error(`no such partition of ${name}`);
  const slice = { kind: 'changes' as const, partition, since, start: '2024-01-01' };
  for await (const page of stream.read(connection.context, slice)) {
    if (pages === how.stopAfter) return;
    pages += 1;
    how.afterPage?.();
    waiting.push(page);
    if (page.cursor === undefined || isSnapshot) continue;
    for (const landing of waiting) apply(stream, landing, landed, given);
    landed.cursor = page.cursor;
    waiting = [];
  }
  for (const page of waiting) {
    apply(stream, page, landed, given);
    landed.cursor = page.cursor ?? landed.cursor;
  }
  if (isSnapshot) for (const key of landed.rows.keys()) if (!given.has(key)) landed.deleted.add(key);
}

/** Live rows, by key. */
export function live(landed: Landed): SourceRecord[] {
  return [...landed.rows].filter(([key]) => !landed.deleted.has(key)).map(([, row]) => row);
}

export async function landAll(connection: Connection, name: string, key: Partition['key'] = {}): Promise<Landed> {
  const landed = nothingLanded();
  await land(connection, name, landed, { key });
  return landed;
}

// --- internal ---

function apply(stream: Exclude<Stream, { mode: 'window' }>, page: Page, landed: Landed, given: Set<string>): void {
  const keyOf = (record: SourceRecord): string => stream.primaryKey.map((column) => String(record[column])).join('|');
  if (stream.mode === 'set') {
    for (const owner of page.replaces ?? []) {
      for (const [key, row] of landed.rows) {
        if (stream.partitionBy.every((column) => row[column] === owner[column])) landed.rows.delete(key);
      }
    }
  }
  for (const record of page.records) {
    if (stream.mode !== 'append' || !landed.rows.has(keyOf(record))) landed.rows.set(keyOf(record), record);
    landed.deleted.delete(keyOf(record));
    given.add(keyOf(record));
  }
  for (const record of page.deleted ?? []) {
    if (!landed.rows.has(keyOf(record))) landed.rows.set(keyOf(record), record);
    landed.deleted.add(keyOf(record));
    given.add(keyOf(record));
  }
}
