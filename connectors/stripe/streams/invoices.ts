/**
 * Invoices, drafts included.
 */
import { column } from 'revops/connector';

import { linesOf } from '../lines.ts';
import { unitOf } from '../money.ts';
import { invoices as resource } from '../resources.ts';
import { upserts } from '../upserts.ts';
import { idOf, instant } from '../values.ts';

export const invoices = upserts({
  name: 'invoices',
  description:
    'Invoices, drafts included, with the time of service of their lines. Amounts in units of smallest_unit. One row per invoice.',
  columns: {
    number: column.text(),
    status: column.text(),
    customer_id: column.text(),
    customer_email: column.text(),
    customer_name: column.text(),
    subscription_id: column.text(),
    billing_reason: column.text(),
    collection_method: column.text(),
    currency: column.text(),
    smallest_unit: column.decimal(),
    subtotal: column.bigint(),
    total: column.bigint(),
    total_excluding_tax: column.bigint(),
    amount_due: column.bigint(),
    amount_paid: column.bigint(),
    amount_remaining: column.bigint(),
    pre_payment_credit_notes_amount: column.bigint(),
    post_payment_credit_notes_amount: column.bigint(),
    service_start_at: column.timestamp(),
    service_end_at: column.timestamp(),
    due_at: column.timestamp(),
    effective_at: column.timestamp(),
    finalized_at: column.timestamp(),
    paid_at: column.timestamp(),
    voided_at: column.timestamp(),
    marked_uncollectible_at: column.timestamp(),
  },
  resource,
  canVanish: true,
  records: (client) => (visit) =>
    Promise.all(
      visit.objects.map(async (invoice) => {
        // The invoice's own period is when its items were collected, not what they are for.
        const periods = (await linesOf(client, invoice)).map(({ period }) => period);
        const moved = invoice.status_transitions;
        return {
          id: invoice.id,
          number: invoice.number,
          status: invoice.status,
          customer_id: idOf(invoice.customer),
          customer_email: invoice.customer_email,
          customer_name: invoice.customer_name,
          subscription_id: idOf(invoice.parent?.subscription_details?.subscription),
          billing_reason: invoice.billing_reason,
          collection_method: invoice.collection_method,
          currency: invoice.currency,
          smallest_unit: unitOf(invoice.currency),
          subtotal: invoice.subtotal,
          total: invoice.total,
          total_excluding_tax: invoice.total_excluding_tax,
          amount_due: invoice.amount_due,
          amount_paid: invoice.amount_paid,
          amount_remaining: invoice.amount_remaining,
          pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount,
          post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount,
          service_start_at: instant(periods.length === 0 ? null : Math.min(...periods.map(({ start }) => start))),
          service_end_at: instant(periods.length === 0 ? null : Math.max(...periods.map(({ end }) => end))),
          due_at: instant(invoice.due_date),
          effective_at: instant(invoice.effective_at),
          finalized_at: instant(moved.finalized_at),
          paid_at: instant(moved.paid_at),
          voided_at: instant(moved.voided_at),
          marked_uncollectible_at: instant(moved.marked_uncollectible_at),
          is_live: invoice.livemode,
          metadata: invoice.metadata,
          created_at: instant(invoice.created),
        };
      }),
    ),
});
