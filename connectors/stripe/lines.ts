/**
 * The lines of an invoice: the first ten come with it, the others by a list of their own.
 */
import type { Stripe } from 'stripe';

import type { StripeClient } from './client.ts';
import { wholeList } from './pages.ts';

export function linesOf(client: StripeClient, invoice: Stripe.Invoice): Promise<Stripe.InvoiceLineItem[]> {
  return wholeList(client, 'lines of an invoice', invoice.lines, (sdk, parameters) =>
    sdk.invoices.listLineItems(invoice.id, parameters),
  );
}
