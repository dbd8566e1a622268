/**
 * A collector that really listens, in a folder of its own, and syncs of it.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connector, ListenContext } from '../../../src/connector/index.ts';
import { collectorIn, KEY, type Options } from './connector.ts';

export const ORIGIN = 'https://www.example.com';

export interface Collecting {
  folder: string;
  connector: Connector;
  url: string;
  /** Lines of the log as objects. */
  lines: Record<string, unknown>[];
  /** Posts JSON (or a text as it is) with the write key. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Segments left on the disk. */
  segments(): string[];
  /** Stops as SIGTERM does and waits for the end. */
  stop(): Promise<void>;
  dispose(): Promise<void>;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { items?: { status: string; id?: string; reason?: string }[] };
}

export async function startCollecting(
  options: Partial<Options> = {},
  { now = () => new Date(), folder = mkdtempSync(join(tmpdir(), 'revops-collector-')) } = {},
): Promise<Collecting> {
  const connector = collectorIn(folder, options);
  const stop = new AbortController();
  const lines: Record<string, unknown>[] = [];
  const write = (fields: object, message: string): void => void lines.push({ ...fields, message });
  const ready = Promise.withResolvers<string>();
  const context: ListenContext = {
    now,
    signal: stop.signal,
    log: { debug: write, info: write, warn: write, error: write },
    port: 0,
    onReady: ({ host, port }) => ready.resolve(`http://${host}:${port}`),
  };
  const ended = (connector.listen as NonNullable<Connector['listen']>)(context);
  ended.catch((error: unknown) => ready.reject(error));
  const url = await ready.promise;
  const halt = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  return {
    folder,
    connector,
    url,
    lines,
    post: (path, body, headers = {}) => post(url + path, body, { authorization: `Bearer ${KEY}`, ...headers }),
    segments: () =>
      readdirSync(join(folder, '.revops/collector'), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(open|log)$/.test(name))
        .toSorted(),
    stop: halt,
    async dispose() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function post(address: string, body: unknown, headers: Record<string, string>): Promise<Answered> {
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(address, { method: 'POST', body: Buffer.from(sent), headers });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: answer === '' ? {} : JSON.parse(answer) };
}

/** An event that is taken. */
export function event(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { event_id: id, event_name: 'sign_up', occurred_at: '2026-10-01T08:00:00Z', user_id: `user-${id}`, ...more };
}
