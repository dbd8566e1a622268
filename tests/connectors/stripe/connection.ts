/**
 * The connector against its emulator, a world's bills, and a log of a few bills made by hand.
 */
import { onTestFinished } from 'vitest';

import { stripe } from '../../../connectors/stripe/index.ts';
import { EMULATED_KEY, startStripeEmulator, type StripeEmulator } from '../../../fixtures/emulators/stripe/index.ts';
import type {
  BillingChange,
  BillingCharge,
  BillingCreditNote,
  BillingCustomer,
  BillingInvoice,
  BillingInvoicePayment,
  BillingLog,
  BillingRecord,
  BillingRefund,
  BillingSubscription,
} from '../../../fixtures/world/billing.ts';
import type { Connection } from '../../../src/connector/contract.ts';

export const NOW = '2026-03-15T12:00:00.000Z';
/** An instant so many days after the start of the hand-made logs. */
export const day = (days: number): string =>
  new Date(Date.parse('2026-03-01T08:00:00.000Z') + days * 86_400_000).toISOString();

export async function emulate(log: BillingLog, now: string): Promise<StripeEmulator> {
  const emulator = await startStripeEmulator({ log, now: () => now });
  onTestFinished(() => emulator.close());
  return emulator;
}

export function optionsFor(emulator: { url: string }) {
  return { apiKey: EMULATED_KEY, endpoint: emulator.url, requestsPerSecond: 1000 };
}

/** A connection as of an instant, which also becomes the platform's. */
export async function open(emulator: StripeEmulator, now: string, options: object = {}): Promise<Connection> {
  emulator.setNow(now);
  return connectTo(emulator, now, options);
}

export function connectTo(
  emulator: { url: string },
  now: string,
  options: object = {},
  signal = new AbortController().signal,
): Promise<Connection> {
  const connector = stripe({ ...optionsFor(emulator), ...options });
  return connector.open({ now: () => new Date(now), signal, note: () => undefined });
}

/** A log that tests write: what is put in keeps the order of time. */
export function tinyBilling(): BillingLog & { put(at: string, action: string, record: BillingRecord): void } {
  const changes: BillingChange[] = [];
  return { changes, put: (at, action, record) => void changes.push({ at, action, record }) };
}

export function customer(id: string, createdAt: string, more: Partial<BillingCustomer> = {}): BillingCustomer {
  return {
    kind: 'customer',
    id,
    createdAt,
    currency: 'EUR',
    companyId: '1',
    email: `${id}@example-customer.com`,
    name: id,
    ...more,
  };
}

export function invoice(id: string, createdAt: string, more: Partial<BillingInvoice> = {}): BillingInvoice {
  return {
    kind: 'invoice',
    id,
    createdAt,
    currency: 'EUR',
    customerId: 'cus_1',
    customerEmail: null,
    customerName: null,
    subscriptionId: null,
    number: null,
    status: 'draft',
    lines: [
      { id: `il_${id}`, description: 'x', amount: 10_000, tax: 1900, periodStartAt: createdAt, periodEndAt: createdAt },
    ],
    amountPaid: 0,
    dueAt: null,
    finalizedAt: null,
    paidAt: null,
    voidedAt: null,
    uncollectibleAt: null,
    ...more,
  };
}

export function payment(invoiceId: string, paymentId: string, createdAt: string): BillingInvoicePayment {
  return {
    kind: 'invoice_payment',
    id: `inpay_${paymentId}`,
    createdAt,
    currency: 'EUR',
    invoiceId,
    paymentId,
    amount: 11_900,
    status: 'paid',
    paidAt: createdAt,
  };
}

export function charge(id: string, createdAt: string, more: Partial<BillingCharge> = {}): BillingCharge {
  return {
    kind: 'charge',
    id,
    createdAt,
    currency: 'EUR',
    customerId: 'cus_1',
    paymentId: null,
    email: null,
    status: 'succeeded',
    amount: 11_900,
    amountCaptured: 11_900,
    amountRefunded: 0,
    ...more,
  };
}

export function refund(id: string, createdAt: string, more: Partial<BillingRefund> = {}): BillingRefund {
  return {
    kind: 'refund',
    id,
    createdAt,
    currency: 'EUR',
    chargeId: 'ch_1',
    paymentId: null,
    status: 'succeeded',
    amount: 1190,
    ...more,
  };
}

export function creditNote(id: string, createdAt: string, more: Partial<BillingCreditNote> = {}): BillingCreditNote {
  return {
    kind: 'credit_note',
    id,
    createdAt,
    currency: 'EUR',
    number: `${id}-CN`,
    customerId: 'cus_1',
    invoiceId: 'in_1',
    status: 'issued',
    amount: 1000,
    tax: 190,
    refundIds: [],
    voidedAt: null,
    ...more,
  };
}

export function subscription(
  id: string,
  createdAt: string,
  more: Partial<BillingSubscription> = {},
): BillingSubscription {
  return {
    kind: 'subscription',
    id,
    createdAt,
    currency: 'EUR',
    customerId: 'cus_1',
    status: 'active',
    amount: 10_000,
    periodStartAt: createdAt,
    periodEndAt: createdAt,
    canceledAt: null,
    ...more,
  };
}
