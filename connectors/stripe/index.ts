/**
 * Stripe billing: customers, subscriptions, invoices and their lines, charges, refunds, credit notes.
 */
import { defineConnector } from 'revops/connector';

import { check } from './check.ts';
import { connect } from './client.ts';
import { classify } from './faults.ts';
import { options } from './options.ts';
import { charges } from './streams/charges.ts';
import { creditNotes } from './streams/credit-notes.ts';
import { customers } from './streams/customers.ts';
import { invoiceLineItems } from './streams/invoice-line-items.ts';
import { invoices } from './streams/invoices.ts';
import { refunds } from './streams/refunds.ts';
import { subscriptions } from './streams/subscriptions.ts';

export { stripeWebhook } from './webhook.ts';

export const stripe = defineConnector({
  name: 'stripe',
  title: 'Stripe',
  options,
  limits: ({ requestsPerSecond }) => ({ requests: requestsPerSecond, perMilliseconds: 1000, concurrency: 8 }),
  connect,
  classify,
  streams: [customers, subscriptions, invoices, invoiceLineItems, charges, refunds, creditNotes],
  check,
});
