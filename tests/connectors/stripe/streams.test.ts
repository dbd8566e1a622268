import { describe, expect, test } from 'vitest';

import { shareOf, unitOf } from '../../../connectors/stripe/money.ts';
import { billingAt } from '../../../fixtures/world/billing.ts';
import { billingLog } from '../../../fixtures/world/billing-log.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type { SourceRecord } from '../../../src/connector/contract.ts';
import { land, landAll, live, nothingLanded, streamOf } from '../hubspot/reading.ts';
import {
  charge,
  connectTo,
  creditNote,
  customer,
  day,
  emulate,
  invoice,
  NOW,
  open,
  payment,
  refund,
  subscription,
  tinyBilling,
} from './connection.ts';

const log = billingLog(createWorld({ seed: 7, start: '2025-09-01', months: 6 }));
const state = billingAt(log, NOW);
const byId = (rows: SourceRecord[]): Map<unknown, SourceRecord> => new Map(rows.map((row) => [row['id'], row]));

describe('a first read', () => {
  test('gives every object of every stream, whatever the size of pages', async () => {
    const emulator = await emulate(log, NOW);
    const connection = await connectTo(emulator, NOW);
    const counts = {
      customers: state.all('customer').length,
      subscriptions: state.all('subscription').length,
      invoices: state.all('invoice').length,
      invoice_line_items: state.all('invoice').flatMap(({ lines }) => lines).length,
      charges: state.all('charge').length,
      refunds: state.all('refund').length,
      credit_notes: state.all('credit_note').length,
    };
    for (const [name, rows] of Object.entries(counts))
      expect([name, (await landAll(connection, name)).rows.size]).toEqual([name, rows]);
    emulator.setLargestPage(7);
    expect((await landAll(connection, 'customers')).rows.size).toBe(counts.customers);
  });

  test('gives amounts in smallest units, ids of relations, instants, and the time of service of all lines', async () => {
    const connection = await connectTo(await emulate(log, NOW), NOW);
    const long = state.all('invoice').find(({ lines }) => lines.length === 12);
    const rows = byId(live(await landAll(connection, 'invoices')));
    expect(rows.get(long?.id)).toMatchObject({
      status: long?.status,
      number: long?.number,
      customer_id: long?.customerId,
      currency: long?.currency.toLowerCase(),
      smallest_unit: '0.01',
      service_start_at: long?.lines[0]?.periodStartAt,
      service_end_at: long?.lines[11]?.periodEndAt,
      finalized_at: long?.finalizedAt,
      created_at: long?.createdAt,
    });
    const subscribed = state.all('invoice').find(({ subscriptionId }) => subscriptionId !== null);
    expect(rows.get(subscribed?.id)?.['subscription_id']).toBe(subscribed?.subscriptionId);
    const units = new Set(
      [...rows.values()].map((row) => `${String(row['currency'])} ${String(row['smallest_unit'])}`),
    );
    expect(units).toEqual(new Set(['eur 0.01', 'usd 0.01', 'jpy 1', 'kwd 0.001', 'bhd 0.001']));
  });

  test('knows the invoice of each charge, and of each refund its credit note', async () => {
    const connection = await connectTo(await emulate(log, NOW), NOW);
    const invoices = new Map(state.all('invoice_payment').map((paid) => [paid.paymentId, paid.invoiceId]));
    const charges = byId(live(await landAll(connection, 'charges')));
    for (const one of state.all('charge'))
      expect(charges.get(one.id)?.['invoice_id']).toBe(one.paymentId === null ? null : invoices.get(one.paymentId));
    const notes = new Map(state.all('credit_note').flatMap((note) => note.refundIds.map((id) => [id, note.id])));
    const refunds = byId(live(await landAll(connection, 'refunds')));
    for (const one of state.all('refund')) {
      expect(refunds.get(one.id)).toMatchObject({
        invoice_id: invoices.get(one.paymentId ?? ''),
        credit_note_id: notes.get(one.id) ?? null,
      });
    }
    expect(notes.size).toBeGreaterThan(3);
  });

  test('asks for canceled subscriptions too', async () => {
    const billing = tinyBilling();
    billing.put(day(0), 'created', subscription('sub_1', day(0)));
    billing.put(day(1), 'canceled', subscription('sub_1', day(0), { status: 'canceled', canceledAt: day(1) }));
    const connection = await connectTo(await emulate(billing, day(2)), day(2));
    expect(live(await landAll(connection, 'subscriptions'))).toMatchObject([
      { status: 'canceled', canceled_at: day(1) },
    ]);
  });

  test('tells what each subscription brings in a month, less coupons that stay, or why its prices do not tell', async () => {
    const billing = tinyBilling();
    const month = { interval: 'month' as const };
    const kinds: Record<string, Parameters<typeof subscription>[2]> = {
      yearly: { amount: 10_000 },
      parts: {
        prices: [
          { ...month, unitAmount: '1000', quantity: 3 },
          { interval: 'week', unitAmount: '12.5' },
        ],
      },
      quarterly: { prices: [{ ...month, intervalCount: 3, unitAmount: '1000' }] },
      daily: { prices: [{ interval: 'day', unitAmount: '12' }] },
      half: { prices: [{ ...month, unitAmount: '1000' }], coupons: [{ percentOff: 50, duration: 'forever' }] },
      off: {
        coupons: [{ amountOff: 1_200, duration: 'forever' }],
        prices: [{ interval: 'year', unitAmount: '12000' }],
      },
      less: { coupons: [{ amountOff: 5_000, duration: 'forever' }], prices: [{ ...month, unitAmount: '1000' }] },
      once: { prices: [{ ...month, unitAmount: '1000' }], coupons: [{ percentOff: 50, duration: 'once' }] },
      metered: {
        prices: [
          { ...month, unitAmount: '1000' },
          { ...month, unitAmount: '1', usage: 'metered' },
        ],
      },
      tiered: { prices: [{ ...month, unitAmount: null, scheme: 'tiered' }] },
      mixed: {
        coupons: [{ amountOff: 5, duration: 'forever' }],
        prices: [
          { ...month, unitAmount: '1000' },
          { interval: 'year', unitAmount: '1000' },
        ],
      },
      paused: { isCollectionPaused: true, prices: [{ ...month, unitAmount: '0' }] },
    };
    for (const [name, more] of Object.entries(kinds))
      billing.put(day(0), 'created', subscription(`sub_${name}`, day(0), more));
    const connection = await connectTo(await emulate(billing, day(2)), day(2));
    const rows = live(await landAll(connection, 'subscriptions'));
    expect(
      Object.fromEntries(
        rows.map((row) => [String(row['id']).slice(4), row['monthly_amount'] ?? row['no_amount_reason']]),
      ),
    ).toEqual({
      yearly: '833.333333',
      parts: '3054.166667',
      quarterly: '333.333333',
      daily: '365.000000',
      half: '500.000000',
      off: '900.000000',
      less: '0.000000',
      once: '1000.000000',
      metered: 'metered',
      tiered: 'tiered',
      mixed: 'mixed_intervals',
      paused: '0.000000',
    });
    expect(rows.filter((row) => row['is_collection_paused'] === true).map(({ id }) => id)).toEqual(['sub_paused']);
  });

  test('goes on behind the last page after an interruption, also where that object is deleted by then', async () => {
    const billing = tinyBilling();
    for (let at = 0; at < 350; at += 1) billing.put(day(0), 'created', charge(`ch_${at}`, day(-at / 100)));
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'charges', landed, { stopAfter: 2 });
    expect([landed.rows.size, landed.cursor]).toMatchObject([200, { everything: { after: 'ch_199' } }]);
    billing.put(day(1), 'deleted', charge('ch_199', day(-1.99)));
    const requests = emulator.requests.length;
    await land(await open(emulator, day(1)), 'charges', landed);
    expect(landed.rows.size).toBe(350);
    const asked = emulator.requests.slice(requests).filter(({ url }) => url.pathname === '/v1/charges');
    const created = Math.floor(Date.parse(day(-1.99)) / 1000);
    expect(asked.map(({ url }) => decodeURIComponent(url.search))).toEqual([
      '?limit=100&starting_after=ch_199',
      `?limit=100&created[lte]=${created}`,
      expect.stringMatching(/^\?limit=100&created\[lte\]=\d+&starting_after=ch_/),
    ]);
    expect(landed.cursor).toEqual({ since: new Date(Date.parse(day(1)) - 3_600_000).toISOString() });
  });
});

describe('what changed since', () => {
  test('is found by events and read as it is now, though events carry old states in old versions', async () => {
    const billing = tinyBilling();
    for (const id of ['in_1', 'in_2']) billing.put(day(0), 'created', invoice(id, day(0)));
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'invoices', landed);
    const open_ = { status: 'open' as const, number: 'N-1', finalizedAt: day(2) };
    billing.put(day(2), 'finalized', invoice('in_1', day(0), open_));
    billing.put(
      day(2.5),
      'paid',
      invoice('in_1', day(0), { ...open_, status: 'paid', paidAt: day(2.5), amountPaid: 11_900 }),
    );
    const before = emulator.requests.length;
    await land(await open(emulator, day(4)), 'invoices', landed);
    expect(byId(live(landed)).get('in_1')).toMatchObject({
      status: 'paid',
      paid_at: day(2.5),
      total_excluding_tax: 10_000,
    });
    const asked = emulator.requests.slice(before).map(({ url }) => url.pathname);
    expect(asked.filter((path) => path !== '/v1/events')).toEqual(['/v1/invoices/in_1']);
  });

  test('is not a preview of what will be invoiced', async () => {
    const billing = tinyBilling();
    billing.put(day(0), 'created', invoice('in_1', day(0)));
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'invoices', landed);
    billing.put(day(2), 'upcoming', invoice('upcoming_in_1', day(2)));
    const before = emulator.requests.length;
    await land(await open(emulator, day(3)), 'invoices', landed);
    expect(emulator.requests.slice(before).filter(({ url }) => url.pathname.startsWith('/v1/invoices'))).toEqual([]);
  });

  test('becomes a tombstone where it is deleted: customers, drafts; and the lines of a draft go with it', async () => {
    const billing = tinyBilling();
    for (const id of ['cus_1', 'cus_2']) billing.put(day(0), 'created', customer(id, day(0)));
    billing.put(day(0), 'created', invoice('in_1', day(0)));
    const emulator = await emulate(billing, day(1));
    const names = ['customers', 'invoices', 'invoice_line_items'];
    const landed = new Map(names.map((name) => [name, nothingLanded()]));
    const landThem = async (now: string) => {
      const connection = await open(emulator, now);
      for (const [name, where] of landed) await land(connection, name, where);
    };
    await landThem(day(1));
    billing.put(day(2), 'deleted', customer('cus_1', day(0)));
    billing.put(day(2), 'deleted', invoice('in_1', day(0)));
    await landThem(day(3));
    expect(names.map((name) => live(landed.get(name) ?? nothingLanded()).length)).toEqual([1, 0, 0]);
    expect(landed.get('customers')?.deleted).toEqual(new Set(['cus_1']));
  });

  test('is a subscription that was canceled, which its event calls deleted', async () => {
    const billing = tinyBilling();
    billing.put(day(0), 'created', subscription('sub_1', day(0)));
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'subscriptions', landed);
    billing.put(day(2), 'canceled', subscription('sub_1', day(0), { status: 'canceled', canceledAt: day(2) }));
    await land(await open(emulator, day(3)), 'subscriptions', landed);
    expect(live(landed)).toMatchObject([{ id: 'sub_1', status: 'canceled' }]);
  });

  test('is a refund for which a credit note is made later, until that is voided', async () => {
    const billing = tinyBilling();
    billing.put(day(0), 'created', invoice('in_1', day(0)));
    billing.put(day(0), 'paid', payment('in_1', 'pi_1', day(0)));
    billing.put(day(0), 'created', refund('re_1', day(0), { paymentId: 'pi_1' }));
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'refunds', landed);
    expect(live(landed)).toMatchObject([{ credit_note_id: null, amount: 1190, amount_excluding_tax: '1000' }]);
    billing.put(day(2), 'created', creditNote('cn_1', day(2), { refundIds: ['re_1'] }));
    await land(await open(emulator, day(3)), 'refunds', landed);
    expect(live(landed)).toMatchObject([{ credit_note_id: 'cn_1' }]);
    billing.put(
      day(4),
      'voided',
      creditNote('cn_1', day(2), { refundIds: ['re_1'], status: 'void', voidedAt: day(4) }),
    );
    await land(await open(emulator, day(5)), 'refunds', landed);
    expect(live(landed)).toMatchObject([{ credit_note_id: null }]);
  });

  test('is a charge whose invoice is found by its payment', async () => {
    const billing = tinyBilling();
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'charges', landed);
    billing.put(day(2), 'paid', payment('in_1', 'pi_1', day(2)));
    billing.put(day(2), 'created', invoice('in_1', day(2)));
    billing.put(day(2), 'succeeded', charge('ch_1', day(2), { paymentId: 'pi_1' }));
    billing.put(day(2), 'succeeded', charge('ch_2', day(2), { paymentId: 'pi_2' }));
    billing.put(day(2), 'paid', payment('in_0', 'ch_3', day(2)));
    billing.put(day(2), 'succeeded', charge('ch_3', day(2)));
    billing.put(day(2), 'succeeded', charge('ch_4', day(2)));
    await land(await open(emulator, day(3)), 'charges', landed);
    expect(live(landed).map((row) => row['invoice_id'])).toEqual(['in_1', null, 'in_0', null]);
  });

  test('is not missed when its event shows late, and no cursor comes closer to the present than an hour', async () => {
    const billing = tinyBilling();
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'customers', landed);
    // It happened before the first read, which did not see it.
    billing.put(day(0.99), 'created', customer('cus_1', day(0.99)));
    await land(await open(emulator, day(1.01)), 'customers', landed);
    expect(live(landed)).toHaveLength(1);
    await land(await open(emulator, day(1.01)), 'customers', landed);
    expect(landed.cursor).toEqual({ since: new Date(Date.parse(day(1.01)) - 3_600_000).toISOString() });
  });

  test('is not missed by a machine whose clock is hours ahead', async () => {
    const billing = tinyBilling();
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await connectTo(emulator, day(1.5)), 'customers', landed);
    billing.put(day(1.1), 'created', customer('cus_1', day(1.1)));
    emulator.setNow(day(1.2));
    await land(await connectTo(emulator, day(1.7)), 'customers', landed);
    expect(live(landed)).toHaveLength(1);
  });

  test('is taken day by day, each a place to go on from', async () => {
    const billing = tinyBilling();
    const emulator = await emulate(billing, day(0));
    const landed = nothingLanded();
    await land(await open(emulator, day(0)), 'customers', landed);
    for (let at = 1; at <= 5; at += 1) billing.put(day(at), 'created', customer(`cus_${at}`, day(at)));
    await land(await open(emulator, day(6)), 'customers', landed, { stopAfter: 5 });
    expect([live(landed).length, landed.cursor]).toEqual([
      2,
      { since: new Date(Date.parse(day(3)) - 3_600_000).toISOString() },
    ]);
    await land(await open(emulator, day(6)), 'customers', landed);
    expect(live(landed)).toHaveLength(5);
  });
});

describe('when events no longer reach back', () => {
  test('everything is read again, from where that is possible, else from the beginning', async () => {
    const billing = tinyBilling();
    for (let at = 0; at < 150; at += 1) billing.put(day(0), 'succeeded', charge(`ch_${at}`, day(-at / 100)));
    const emulator = await emulate(billing, day(1));
    const landed = nothingLanded();
    await land(await open(emulator, day(1)), 'charges', landed);
    billing.put(day(2), 'refunded', charge('ch_149', day(-1.49), { amountRefunded: 500 }));
    await land(await open(emulator, day(40)), 'charges', landed);
    expect(landed.rows.get('ch_149')).toMatchObject({ amount_refunded: 500 });
    expect(landed.cursor).toEqual({ since: new Date(Date.parse(day(40)) - 3_600_000).toISOString() });
    const half = { ...landed, cursor: { everything: { started_at: day(1), after: 'ch_99', created: 0 } } };
    await land(await open(emulator, day(40)), 'charges', half);
    expect(half.cursor).toEqual(landed.cursor);
  });

  test('snapshots say so before the read, so that deletions nobody told of are found', async () => {
    const connection = await open(await emulate(tinyBilling(), day(40)), day(40));
    for (const name of ['customers', 'invoices']) {
      const stream = streamOf(connection, name);
      if (stream.mode !== 'upsert') throw new Error(`${name} is no upsert`);
      expect(stream.snapshot).toBe(true);
      expect(await stream.isOutdated?.(connection.context, { since: day(10) })).toBe(true);
      expect(await stream.isOutdated?.(connection.context, { since: day(12) })).toBe(false);
    }
  });
});

describe('money', () => {
  test('has the decimals that the platform counts by, not those of ISO 4217', () => {
    expect(['EUR', 'jpy', 'KWD', 'BHD', 'ISK', 'UGX', 'MGA', 'HUF'].map(unitOf)).toEqual([
      '0.01',
      '1',
      '0.001',
      '0.001',
      '0.01',
      '0.01',
      '1',
      '0.01',
    ]);
  });

  test('is parted exactly, half up', () => {
    expect(shareOf(11_900, 10_000, 11_900)).toBe('10000');
    expect(shareOf(1, 1, 2)).toBe('1');
    expect(shareOf(9_007_199_254_740_991, 2, 3)).toBe('6004799503160661');
    expect([shareOf(5, 0, 0), shareOf(-5, 3, 10)]).toEqual(['5', '-1']);
  });
});
