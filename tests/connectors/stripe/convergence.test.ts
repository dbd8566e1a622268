/** Whenever it is run and wherever it dies, what has landed after a whole run is what the platform has. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { stripe } from '../../../connectors/stripe/index.ts';
import { billingAt, type BillingKind } from '../../../fixtures/world/billing.ts';
import { billingLog } from '../../../fixtures/world/billing-log.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { type Landed, land, live, nothingLanded, streamOf } from '../hubspot/reading.ts';
import { emulate, optionsFor } from './connection.ts';

const log = billingLog(createWorld({ seed: 7, start: '2025-09-01', months: 3 }));
const START = Date.parse('2025-10-01T00:00:00.000Z');
const KINDS: Record<string, BillingKind> = {
  customers: 'customer',
  subscriptions: 'subscription',
  invoices: 'invoice',
  charges: 'charge',
  refunds: 'refund',
  credit_notes: 'credit_note',
};

test('runs at any times, some of which die, land what is there', async () => {
  const emulator = await emulate(log, new Date(START).toISOString());
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          days: fc.oneof(fc.nat(3), fc.nat(40)),
          /** That pass with every page: objects change, come and go while they are read. */
          pageMinutes: fc.constantFrom(0, 7, 300),
          stopAfter: fc.option(fc.nat(3), { freq: 1 }),
        }),
        { minLength: 3, maxLength: 6 },
      ),
      fc.constantFrom(...Object.keys(KINDS)),
      fc.constantFrom(3, 100),
      async (runs, name, largestPage) => {
        emulator.setLargestPage(largestPage);
        const landed = nothingLanded();
        let instant = START;
        for (const { days, pageMinutes, stopAfter } of [...runs, { days: 0, pageMinutes: 0, stopAfter: null }]) {
          instant += days * 86_400_000;
          const now = (): Date => new Date(instant);
          const afterPage = (): void => {
            instant += pageMinutes * 60_000;
            emulator.setNow(now().toISOString());
          };
          await landAt(now, name, landed, { afterPage, stopAfter });
        }
        expect(idsAndStates(live(landed))).toEqual(there(KINDS[name] ?? 'charge', new Date(instant).toISOString()));
      },
    ),
    { numRuns: 60, seed: 4 },
  );

  async function landAt(
    now: () => Date,
    name: string,
    landed: Landed,
    { afterPage, stopAfter }: { afterPage: () => void; stopAfter: number | null },
  ): Promise<void> {
    emulator.setNow(now().toISOString());
    const signal = new AbortController().signal;
    const connection = await stripe(optionsFor(emulator)).open({ now, signal, note: () => undefined });
    const stream = streamOf(connection, name);
    const isOutdated =
      stream.mode === 'upsert' &&
      landed.cursor !== null &&
      (await stream.isOutdated?.(connection.context, landed.cursor)) === true;
    const dies = stopAfter === null ? {} : { stopAfter };
    await land(connection, name, landed, { full: isOutdated, afterPage, ...dies });
  }
}, 60_000);

// --- internal ---

function idsAndStates(rows: Record<string, unknown>[]): string[] {
  return rows
    .map(
      (row) => `${String(row['id'])} ${String(row['status'] ?? row['email'])} ${String(row['amount_refunded'] ?? '')}`,
    )
    .toSorted();
}

function there(kind: BillingKind, now: string): string[] {
  return billingAt(log, now)
    .all(kind)
    .map((record) => {
      const state = record.kind === 'customer' ? record.email : 'status' in record ? record.status : '';
      return `${record.id} ${String(state)} ${record.kind === 'charge' ? record.amountRefunded : ''}`;
    })
    .toSorted();
}
