/**
 * The connector against its emulator and a small world, and a stream read the way the engine reads it.
 */
import type { z } from 'zod';

import { googleAds } from '../../../connectors/google-ads/index.ts';
import {
  EMULATED_CREDENTIALS,
  startGoogleAdsEmulator,
  type GoogleAdsEmulator,
  type GoogleAdsEmulatorOptions,
} from '../../../fixtures/emulators/google-ads/index.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type {
  Connection,
  DayWindowStream,
  Partition,
  SourceRecord,
  UpsertStream,
  WindowSlice,
} from '../../../src/connector/contract.ts';

export const NOW = '2026-06-15T12:00:00.000Z';
export const EUROPE = '2000000001';
export const AMERICA = '2000000002';

export const world = createWorld({
  seed: 7,
  start: '2025-01-01',
  months: 18,
  scale: 1,
  timeZone: 'Europe/Paris',
  currency: 'EUR',
});

export interface Setting {
  emulator: GoogleAdsEmulator;
  connection: Connection;
  notes: string[];
  close(): Promise<void>;
}

export function optionsFor(emulator: { url: string }) {
  return { ...EMULATED_CREDENTIALS, endpoint: emulator.url, tokenEndpoint: emulator.url };
}

export async function connectTo(
  emulator: GoogleAdsEmulator,
  options: object = {},
  now = NOW,
  signal = new AbortController().signal,
) {
  const notes: string[] = [];
  const connector = googleAds({ ...optionsFor(emulator), ...options });
  const connection = await connector.open({ now: () => new Date(now), signal, note: (line) => notes.push(line) });
  return { connection, notes };
}

export async function startSetting(
  emulation: Partial<GoogleAdsEmulatorOptions> = {},
  options: object = {},
): Promise<Setting> {
  const emulator = await startGoogleAdsEmulator({ world, now: () => NOW, ...emulation });
  const { connection, notes } = await connectTo(emulator, options);
  return { emulator, connection, notes, close: () => emulator.close() };
}

export function windowStream(connection: Connection, name: string): DayWindowStream<unknown> {
  return connection.streams.find((stream) => stream.name === name) as DayWindowStream<unknown>;
}

export async function partitionsOf(connection: Connection, name: string): Promise<Partition[]> {
  return (await connection.streams.find((stream) => stream.name === name)?.partitions?.(connection.context)) ?? [];
}

/** The rows of some days, in the columns' canonical form. */
export async function readDays(
  connection: Connection,
  name: string,
  accountId: string,
  from: string,
  to: string,
): Promise<SourceRecord[]> {
  const stream = windowStream(connection, name);
  const slice: WindowSlice = {
    kind: 'window',
    partition: { key: { account_id: accountId }, label: accountId },
    from,
    to,
  };
  const rows: SourceRecord[] = [];
  for await (const page of stream.read(connection.context, slice)) rows.push(...page.records);
  return rows.map((row) => canonical(stream, row));
}

export async function readSnapshot(
  connection: Connection,
  name: string,
  key: Record<string, string> = {},
): Promise<SourceRecord[]> {
  const stream = connection.streams.find((candidate) => candidate.name === name) as UpsertStream<unknown>;
  const rows: SourceRecord[] = [];
  const slice = { kind: 'changes' as const, partition: { key, label: '' }, since: null, start: '2025-01-01' };
  for await (const page of stream.read(connection.context, slice)) rows.push(...page.records);
  return rows.map((row) => canonical(stream, row));
}

/** Every day of a range in slices as the engine makes them, a failed slice read again. */
export async function readDaysAgain(
  connection: Connection,
  name: string,
  accountId: string,
  from: string,
  to: string,
): Promise<{ rows: SourceRecord[]; failures: unknown[] }> {
  const failures: unknown[] = [];
  for (;;) {
    try {
      return { rows: await readDays(connection, name, accountId, from, to), failures };
    } catch (error) {
      failures.push(error);
      const fault = connection.classify(error);
      if (fault.kind !== 'transient' || failures.length > 5) throw error;
    }
  }
}

export function micros(decimal: unknown): bigint {
  const [whole = '0', fraction = ''] = String(decimal).split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

export function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

export async function thrown(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; hint?: string; retryable?: boolean }> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => error as Error,
  );
}

// --- internal ---

function canonical(stream: { schema: Record<string, z.ZodType> }, row: SourceRecord): SourceRecord {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, stream.schema[name]?.parse(value)]),
  );
}
