/**
 * Which invoice a payment is for, and which credit note a refund. Since 2025 neither charges nor refunds name them: invoice
 * payments stand between.
 */
import type { Stripe } from 'stripe';

import type { StripeClient } from './client.ts';
import { listed } from './pages.ts';
import { idOf } from './values.ts';

/** The invoice that was paid by a payment intent; null where there is none. */
export async function invoiceOf(client: StripeClient, paymentIntent: string | null): Promise<Stripe.Invoice | null> {
  if (paymentIntent === null) return null;
  const found = await client.call('invoice payments', (sdk) =>
    sdk.invoicePayments.list({
      limit: 100,
      payment: { type: 'payment_intent', payment_intent: paymentIntent },
      expand: ['data.invoice'],
    }),
  );
  const payment = found.data.find(({ status }) => status === 'paid') ?? found.data[0];
  const invoice = payment?.invoice;
  return typeof invoice === 'object' && invoice.deleted !== true ? invoice : null;
}

/** Every payment's invoice, by the id of the payment intent or charge: for reads of all charges. */
export async function allInvoiceLinks(client: StripeClient): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  const pages = listed(client, 'invoice payments', (sdk, parameters) => sdk.invoicePayments.list(parameters));
  for await (const payments of pages) {
    for (const { payment, invoice } of payments) {
      const paid = idOf(payment.payment_intent) ?? idOf(payment.charge);
      const id = idOf(invoice);
      if (paid !== null && id !== null) links.set(paid, id);
    }
  }
  return links;
}

/** The credit note that stands for a refund; null where none does. */
export async function creditNoteOf(client: StripeClient, invoice: string, refund: string): Promise<string | null> {
  const pages = listed(client, 'credit notes', (sdk, parameters) => sdk.creditNotes.list({ ...parameters, invoice }));
  for await (const notes of pages) {
    const note = notes.find(
      ({ status, refunds }) => status !== 'void' && refunds.some((part) => idOf(part.refund) === refund),
    );
    if (note !== undefined) return note.id;
  }
  return null;
}
