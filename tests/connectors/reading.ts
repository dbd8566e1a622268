/**
 * Streams read the way the engine reads them, with rows in the columns' canonical form.
 */
import type { z } from 'zod';

import type {
  Connection,
  DayWindowStream,
  Partition,
  SourceRecord,
  UpsertStream,
  WindowSlice,
} from '../../src/connector/contract.ts';

export function windowStream(connection: Connection, name: string): DayWindowStream<unknown> {
  return connection.streams.find((stream) => stream.name === name) as DayWindowStream<unknown>;
}

export async function partitionsOf(connection: Connection, name: string): Promise<Partition[]> {
  return (await connection.streams.find((stream) => stream.name === name)?.partitions?.(connection.context)) ?? [];
}

export function sliceOf(accountId: string, from: string, to: string): WindowSlice {
  return { kind: 'window', partition: { key: { account_id: accountId }, label: accountId }, from, to };
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
  const rows: SourceRecord[] = [];
  for await (const page of stream.read(connection.context, sliceOf(accountId, from, to))) rows.push(...page.records);
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

/** An amount in millionths, however many zeros the warehouse writes behind it; a seventh digit is refused. */
export function micros(decimal: unknown): bigint {
  const [, sign = '', whole = '0', fraction = ''] =
    /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/.exec(String(decimal)) ?? notMicros(decimal);
  return BigInt(sign + whole + fraction.padEnd(6, '0'));
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

function notMicros(decimal: unknown): never {
  throw new Error(`${String(decimal)} is not an amount in millionths`);
}

function canonical(stream: { schema: Record<string, z.ZodType> }, row: SourceRecord): SourceRecord {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, stream.schema[name]?.parse(value)]),
  );
}
