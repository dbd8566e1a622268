/**
 * An ad platform's connector against its emulator and a small company.
 */
import type { WorldOptions } from '../../fixtures/world/index.ts';
import type { Connection, Connector } from '../../src/connector/contract.ts';

/** What time it is in these tests. */
export const NOW = '2026-06-15T12:00:00.000Z';

/** The company of these tests. */
export const COMPANY = {
  seed: 7,
  start: '2025-01-01',
  months: 18,
  scale: 1,
  timeZone: 'Europe/Paris',
  currency: 'EUR',
} satisfies WorldOptions;

interface Emulator {
  url: string;
  close(): Promise<void>;
}

export interface AdSetting<E extends Emulator> {
  emulator: E;
  connection: Connection;
  /** What the connector noted. */
  notes: string[];
  close(): Promise<void>;
}

/** Starts a platform's emulator with options of the test, and connects to it with options of the connector. */
export function adPlatform<E extends Emulator, Options>(platform: {
  emulate(options: Partial<Options>): Promise<E>;
  connector(emulator: { url: string }, options: object): Connector;
}) {
  async function connectTo(
    emulator: { url: string },
    options: object = {},
    now = NOW,
    signal = new AbortController().signal,
  ): Promise<Pick<AdSetting<E>, 'connection' | 'notes'>> {
    const notes: string[] = [];
    const connector = platform.connector(emulator, options);
    const connection = await connector.open({ now: () => new Date(now), signal, note: (line) => notes.push(line) });
    return { connection, notes };
  }
  async function startSetting(emulation: Partial<Options> = {}, options: object = {}): Promise<AdSetting<E>> {
    const emulator = await platform.emulate(emulation);
    const { connection, notes } = await connectTo(emulator, options);
    return { emulator, connection, notes, close: () => emulator.close() };
  }
  return { connectTo, startSetting };
}
