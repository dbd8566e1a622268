/**
 * Charges, failed ones included.
 */
import { column } from 'revops/connector';

import { allInvoiceLinks, invoiceOf } from '../links.ts';
import { unitOf } from '../money.ts';
import { charges as resource } from '../resources.ts';
import { upserts } from '../upserts.ts';
import { idOf, instant } from '../values.ts';

export const charges = upserts({
  name: 'charges',
  description:
    'Charges, failed ones included, with the invoice they pay. Amounts in units of smallest_unit. One row per charge.',
  columns: {
    status: column.text(),
    customer_id: column.text(),
    invoice_id: column.text(),
    payment_intent_id: column.text(),
    billing_email: column.text(),
    billing_name: column.text(),
    currency: column.text(),
    smallest_unit: column.decimal(),
    amount: column.bigint(),
    amount_captured: column.bigint(),
    amount_refunded: column.bigint(),
    is_captured: column.boolean(),
    is_paid: column.boolean(),
    is_disputed: column.boolean(),
    failure_code: column.text(),
  },
  resource,
  canVanish: false,
  records: (client) => {
    // Asked for once, after the first page: charges of later pages are older, so their invoices are in it. Charges from
    // before there were payment intents cannot be asked about one by one.
    let links: ReturnType<typeof allInvoiceLinks> | undefined;
    return (visit) =>
      Promise.all(
        visit.objects.map(async (charge) => {
          const paymentIntent = idOf(charge.payment_intent);
          const invoice =
            visit.isFull || paymentIntent === null
              ? (await (links ??= allInvoiceLinks(client))).get(paymentIntent ?? charge.id)
              : (await invoiceOf(client, paymentIntent))?.id;
          return {
            id: charge.id,
            status: charge.status,
            customer_id: idOf(charge.customer),
            invoice_id: invoice ?? null,
            payment_intent_id: paymentIntent,
            billing_email: charge.billing_details.email ?? charge.receipt_email,
            billing_name: charge.billing_details.name,
            currency: charge.currency,
            smallest_unit: unitOf(charge.currency),
            amount: charge.amount,
            amount_captured: charge.amount_captured,
            amount_refunded: charge.amount_refunded,
            is_captured: charge.captured,
            is_paid: charge.paid,
            is_disputed: charge.disputed,
            failure_code: charge.failure_code,
            is_live: charge.livemode,
            metadata: charge.metadata,
            created_at: instant(charge.created),
          };
        }),
      );
  },
});
