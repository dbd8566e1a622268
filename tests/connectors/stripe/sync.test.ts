/** The whole way into a warehouse, on both engines: the bills of the world to the cent, in the columns of the feed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { stripe } from '../../../connectors/stripe/index.ts';
import { startStripeEmulator, type StripeEmulator } from '../../../fixtures/emulators/stripe/index.ts';
import { billingAt, totalOf } from '../../../fixtures/world/billing.ts';
import { billingLog } from '../../../fixtures/world/billing-log.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { build } from '../../../src/model/index.ts';
import type { SyncReport } from '../../../src/sync/contract.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { openBench, type Bench } from '../../sync/support.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { enginesOrOne } from '../../support/warehouses.ts';
import { optionsFor } from './connection.ts';

const FIRST = '2026-01-15T12:00:00.000Z';
const TEN_DAYS_LATER = '2026-01-25T12:00:00.000Z';
const MONTHS_LATER = '2026-06-15T12:00:00.000Z';
const log = billingLog(createWorld({ seed: 7, start: '2025-09-01', months: 6 }));
const STREAMS = ['customers', 'subscriptions', 'invoices', 'invoice_line_items', 'charges', 'refunds', 'credit_notes'];

for (const engine of enginesOrOne('duckdb')) {
  describe(`on ${engine}, a sync`, () => {
    let bench: Bench;
    let emulator: StripeEmulator;
    beforeEach(async () => {
      bench = await openBench(engine);
      emulator = await startStripeEmulator({ log, now: () => FIRST });
    });
    afterEach(async () => {
      await emulator.close();
      await bench.dispose();
    });

    async function run(now: string): Promise<SyncReport> {
      emulator.setNow(now);
      const report = await bench.sync([stripe(optionsFor(emulator))], { now: () => new Date(now) });
      expect(report.streams.map(({ stream, status, error }) => [stream, status, error?.message])).toEqual(
        STREAMS.map((stream) => [stream, 'ok', undefined]),
      );
      return report;
    }

    /** Builds the staging models, with their own tests, and gives the documents of the feed. */
    async function documents(now: string): Promise<Row[]> {
      const { project: all } = await shippedLibrary();
      const project = { ...all, models: all.models.filter(({ name }) => name.startsWith('stripe_')), inputs: [] };
      expect(project.models).toHaveLength(STREAMS.length);
      await build({ warehouse: bench.warehouse, project, inputs: {}, now: () => new Date(now), runId: 'run' });
      return bench.query('select * from feeds.invoices_feed');
    }

    it('gives every document of the feed to the cent: by events, and when these no longer reach back', async () => {
      await run(FIRST);
      expect(await bench.query('select * from revops.rejected_rows')).toEqual([]);
      const before = emulator.requests.length;
      await run(TEN_DAYS_LATER);
      expect(linesOf(await documents(TEN_DAYS_LATER))).toEqual(truth(TEN_DAYS_LATER));
      const listed = emulator.requests.slice(before).map(({ url }) => url.pathname);
      expect(listed.filter((path) => /^\/v1\/(customers|invoices|charges|subscriptions|refunds)$/.test(path))).toEqual(
        [],
      );
      expect(listed).toContain('/v1/events');
      const again = await run(TEN_DAYS_LATER);
      expect(again.streams.map(({ rows }) => [rows.loaded, rows.deleted, rows.vanished])).toEqual(
        STREAMS.map(() => [0, 0, 0]),
      );
      await run(MONTHS_LATER);
      expect(linesOf(await documents(MONTHS_LATER))).toEqual(truth(MONTHS_LATER));
      expect(await staged('customers', 'where not is_deleted')).toBe(
        billingAt(log, MONTHS_LATER).all('customer').length,
      );
      expect(await staged('invoice_line_items', '')).toBeGreaterThan(100);
      const kept = await bench.query(
        'select email from staging.stripe_customers where is_deleted and email is not null',
      );
      expect(kept.length).toBeGreaterThan(0);
    });

    async function staged(model: string, where: string): Promise<number> {
      const [row] = await bench.query(`select count(*) as n from staging.stripe_${model} ${where}`);
      return Number(row?.['n']);
    }
  });
}

// --- internal ---

/** One text per live document: kind, id, parent, status, currency, amount, tax and paid in millionths, days. */
function linesOf(rows: Row[]): string[] {
  return rows
    .filter((row) => row['is_deleted'] !== true)
    .map((row) =>
      line(
        [row['document_type'], row['document_id'], row['parent_id'], row['status'], row['currency']],
        [micros(row['amount']), micros(row['tax_amount']), micros(row['amount_paid'])],
        [row['issued_at'], row['paid_at'], row['voided_at'], row['period_end_at']],
      ),
    )
    .toSorted();
}

/** What the feed must hold, from the bills themselves. */
function truth(now: string): string[] {
  const state = billingAt(log, now);
  const paidBy = new Map(state.all('invoice_payment').map(({ paymentId, invoiceId }) => [paymentId, invoiceId]));
  const credited = new Set(state.all('credit_note').flatMap(({ refundIds }) => refundIds));
  const invoices = state.all('invoice').map((invoice) => {
    const { amount, tax } = totalOf(invoice);
    return line(
      ['invoice', invoice.id, null, invoice.status, invoice.currency],
      [amount, tax, invoice.amountPaid].map((units) => worth(units, invoice.currency)),
      [
        invoice.finalizedAt,
        invoice.paidAt,
        invoice.voidedAt ?? invoice.uncollectibleAt,
        invoice.lines
          .map(({ periodEndAt }) => periodEndAt)
          .toSorted()
          .at(-1) ?? null,
      ],
    );
  });
  const charges = state.all('charge').filter(({ paymentId }) => paymentId === null);
  const sales = charges.map(({ id, status, currency, amount, amountCaptured, createdAt }) => {
    const when = status === 'succeeded' ? createdAt : null;
    const figures = [amount, 0, amountCaptured].map((units) => worth(units, currency));
    return line(['charge', id, null, status, currency], figures, [when, when, null, null]);
  });
  const notes = state.all('credit_note').map(({ id, invoiceId, currency, amount, tax, createdAt }) => {
    const figures = [-amount, -tax, 0].map((units) => worth(units, currency));
    return line(['credit_note', id, invoiceId, 'succeeded', currency], figures, [createdAt, null, null, null]);
  });
  const refunds = state
    .all('refund')
    .filter(({ id }) => !credited.has(id))
    .map(({ id, paymentId, status, currency, amount, createdAt }) => {
      const invoice = state.find('invoice', paidBy.get(paymentId ?? '') ?? '')?.record;
      if (invoice === undefined) throw new Error(`${id} gives back no invoice`);
      const total = totalOf(invoice);
      const net = Math.round((amount * total.amount) / (total.amount + total.tax));
      const isDone = status === 'succeeded';
      const figures = [-net, net - amount, isDone ? -amount : 0].map((units) => worth(units, currency));
      const dates = [createdAt, isDone ? createdAt : null, null, null];
      return line(['refund', id, invoice.id, status, currency], figures, dates);
    });
  expect(refunds.length).toBeGreaterThan(3);
  return [...invoices, ...sales, ...notes, ...refunds].toSorted();
}

function line(names: unknown[], figures: bigint[], instants: unknown[]): string {
  const times = instants.map((value) => (value === null ? '-' : new Date(value as string).toISOString()));
  return [...names.map((name) => name ?? '-'), ...figures, ...times].join(' ');
}

/** By ISO 4217: of the world's currencies the platform counts alike. */
function worth(units: number, currency: string): bigint {
  return BigInt(units) * ({ JPY: 1_000_000n, KWD: 1000n, BHD: 1000n }[currency] ?? 10_000n);
}

function micros(written: unknown): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/.exec(String(written));
  if (match === null) throw new Error(`no amount: ${String(written)}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  return BigInt(`${sign}${whole}${fraction.padEnd(6, '0')}`);
}
