/**
 * Refunds.
 */
import { column } from 'revops/connector';

import { creditNoteOf, invoiceOf } from '../links.ts';
import { shareOf, unitOf } from '../money.ts';
import { refunds as resource } from '../resources.ts';
import { upserts } from '../upserts.ts';
import { idOf, instant } from '../values.ts';

export const refunds = upserts({
  name: 'refunds',
  description:
    'Refunds with the invoice whose payment they give back, and the credit note that stands for them. Amounts in units of smallest_unit. One row per refund.',
  columns: {
    status: column.text(),
    reason: column.text(),
    customer_id: column.text(),
    charge_id: column.text(),
    payment_intent_id: column.text(),
    invoice_id: column.text(),
    credit_note_id: column.text(),
    currency: column.text(),
    smallest_unit: column.decimal(),
    amount: column.bigint(),
    amount_excluding_tax: column.bigint(),
  },
  resource,
  canVanish: false,
  records: (client) => (visit) =>
    Promise.all(
      visit.objects.map(async (refund) => {
        const paymentIntent = idOf(refund.payment_intent);
        const invoice = await invoiceOf(client, paymentIntent);
        return {
          id: refund.id,
          status: refund.status,
          reason: refund.reason,
          customer_id: idOf(refund.customer) ?? idOf(invoice?.customer),
          charge_id: idOf(refund.charge),
          payment_intent_id: paymentIntent,
          invoice_id: invoice?.id ?? null,
          credit_note_id: invoice === null ? null : await creditNoteOf(client, invoice.id, refund.id),
          currency: refund.currency,
          smallest_unit: unitOf(refund.currency),
          amount: refund.amount,
          // A refund does not say which part of it is tax: the same as of its invoice.
          amount_excluding_tax:
            invoice === null
              ? refund.amount
              : shareOf(refund.amount, invoice.total_excluding_tax ?? invoice.total, invoice.total),
          metadata: refund.metadata,
          created_at: instant(refund.created),
        };
      }),
    ),
});
