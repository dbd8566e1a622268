/**
 * Lines of invoices.
 */
import type { Stripe } from 'stripe';

import { column, type SetStream, type SourceRecord } from 'revops/connector';

import type { StripeClient } from '../client.ts';
import { linesOf } from '../lines.ts';
import { unitOf } from '../money.ts';
import { invoices } from '../resources.ts';
import { idOf, instant } from '../values.ts';
import { walk } from '../walk.ts';

export const invoiceLineItems: SetStream<StripeClient> = {
  name: 'invoice_line_items',
  description:
    'Lines of invoices: what was sold, for which time. Amounts without tax on top, in units of smallest_unit. One row per line.',
  mode: 'set',
  schema: {
    invoice_id: column.text(),
    id: column.text(),
    description: column.text(),
    subscription_id: column.text(),
    price_id: column.text(),
    product_id: column.text(),
    quantity: column.bigint(),
    currency: column.text(),
    smallest_unit: column.decimal(),
    amount: column.bigint(),
    discount_amount: column.bigint(),
    tax_amount: column.bigint(),
    is_proration: column.boolean(),
    period_start_at: column.timestamp(),
    period_end_at: column.timestamp(),
  },
  primaryKey: ['invoice_id', 'id'],
  partitionBy: ['invoice_id'],
  fullEvery: 30,
  async *read(context, { since }) {
    for await (const visit of walk(context, invoices, since)) {
      const lines = await Promise.all(
        visit.objects.map(async (invoice) =>
          (await linesOf(context.client, invoice)).map((line) => recordOf(invoice, line)),
        ),
      );
      yield {
        records: lines.flat(),
        replaces: [...visit.objects.map(({ id }) => id), ...visit.gone].map((id) => ({ invoice_id: id })),
        ...(visit.cursor === undefined ? {} : { cursor: visit.cursor }),
      };
    }
  },
};

// --- internal ---

function recordOf(invoice: Stripe.Invoice, line: Stripe.InvoiceLineItem): SourceRecord {
  const details = line.parent?.subscription_item_details ?? line.parent?.invoice_item_details;
  const price = line.pricing?.price_details;
  return {
    invoice_id: invoice.id,
    id: line.id,
    description: line.description,
    subscription_id: idOf(line.subscription),
    price_id: idOf(price?.price),
    product_id: price?.product ?? null,
    quantity: line.quantity,
    currency: line.currency,
    smallest_unit: unitOf(line.currency),
    amount: line.amount,
    discount_amount: sum(line.discount_amounts),
    tax_amount: sum(line.taxes),
    is_proration: details?.proration ?? null,
    period_start_at: instant(line.period.start),
    period_end_at: instant(line.period.end),
  };
}

function sum(parts: readonly { amount: number }[] | null): number {
  return (parts ?? []).reduce((all, { amount }) => all + amount, 0);
}
