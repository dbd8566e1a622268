/** Whenever it is run and wherever it dies, what has landed after a whole run is what the platform has. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { billingAt, type BillingKind } from '../../../fixtures/world/billing.ts';
import { billingLog } from '../../../fixtures/world/billing-log.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { type Landed, land, live, nothingLanded, streamOf } from '../hubspot/reading.ts';
import { emulate, open } from './connection.ts';

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
      fc.array(fc.record({ days: fc.integer({ min: 0, max: 40 }), stopAfter: fc.option(fc.nat(3)) }), {
        minLength: 3,
        maxLength: 6,
      }),
      fc.constantFrom(...Object.keys(KINDS)),
      fc.constantFrom(3, 100),
      async (runs, name, largestPage) => {
        emulator.setLargestPage(largestPage);
        const landed = nothingLanded();
        let instant = START;
        for (const { days, stopAfter } of [...runs, { days: 0, stopAfter: null }]) {
          instant += days * 86_400_000;
          await landAt(new Date(instant).toISOString(), name, landed, stopAfter);
        }
        expect(idsAndStates(live(landed))).toEqual(there(KINDS[name] ?? 'charge', new Date(instant).toISOString()));
      },
    ),
    { numRuns: 25, seed: 4 },
  );

  async function landAt(now: string, name: string, landed: Landed, stopAfter: number | null): Promise<void> {
    const connection = await open(emulator, now);
    const stream = streamOf(connection, name);
    const isOutdated =
      stream.mode === 'upsert' &&
      landed.cursor !== null &&
      (await stream.isOutdated?.(connection.context, landed.cursor)) === true;
    await land(connection, name, landed, { full: isOutdated, ...(stopAfter === null ? {} : { stopAfter }) });
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
