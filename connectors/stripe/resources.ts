/**
 * The kinds of objects that streams are made of: how they are listed, read by id, and what tells that one changed.
 */
import type { Stripe } from 'stripe';

import type { List } from './pages.ts';
import { idOf } from './values.ts';

export interface Resource<T> {
  /** For messages. */
  label: string;
  list: List<T>;
  /** Throws where it is gone, or gives what is left of it. */
  retrieve(sdk: Stripe, id: string): Promise<T | { id: string; deleted: true }>;
  /** Which events to ask for: a pattern, or up to 20 types. */
  events: { type: string } | { types: string[] };
  /** Ids of the objects that an event is about. Its other fields are of the API version of its day. */
  changedBy(event: Stripe.Event): string[];
}

export const customers: Resource<Stripe.Customer> = {
  label: 'customers',
  list: (sdk, parameters) => sdk.customers.list(parameters),
  retrieve: (sdk, id) => sdk.customers.retrieve(id),
  events: { types: ['customer.created', 'customer.updated', 'customer.deleted'] },
  changedBy: (event) => ofObject(event, 'customer'),
};

export const invoices: Resource<Stripe.Invoice> = {
  label: 'invoices',
  list: (sdk, parameters) => sdk.invoices.list(parameters),
  retrieve: (sdk, id) => sdk.invoices.retrieve(id),
  events: { type: 'invoice.*' },
  // A preview of what will be invoiced is told like an invoice and is none.
  changedBy: (event) => (event.type === 'invoice.upcoming' ? [] : ofObject(event, 'invoice')),
};

export const charges: Resource<Stripe.Charge> = {
  label: 'charges',
  list: (sdk, parameters) => sdk.charges.list(parameters),
  retrieve: (sdk, id) => sdk.charges.retrieve(id),
  events: { type: 'charge.*' },
  // `charge.dispute.*` and `charge.refund.updated` carry the dispute or refund, which names the charge.
  changedBy: (event) => [...ofObject(event, 'charge'), ...named(objectOf(event)['charge'])],
};

export const refunds: Resource<Stripe.Refund> = {
  label: 'refunds',
  list: (sdk, parameters) => sdk.refunds.list(parameters),
  retrieve: (sdk, id) => sdk.refunds.retrieve(id),
  events: {
    types: [
      'refund.created',
      'refund.updated',
      'refund.failed',
      'charge.refund.updated',
      'credit_note.created',
      'credit_note.updated',
      'credit_note.voided',
    ],
  },
  // Whether a credit note stands for a refund is part of its record here.
  changedBy: (event) => [...ofObject(event, 'refund'), ...refundsOfNote(objectOf(event))],
};

export const creditNotes: Resource<Stripe.CreditNote> = {
  label: 'credit notes',
  list: (sdk, parameters) => sdk.creditNotes.list(parameters),
  retrieve: (sdk, id) => sdk.creditNotes.retrieve(id),
  events: { type: 'credit_note.*' },
  changedBy: (event) => ofObject(event, 'credit_note'),
};

export const subscriptions: Resource<Stripe.Subscription> = {
  label: 'subscriptions',
  // Canceled ones are left out unless all are asked for.
  list: (sdk, parameters) => sdk.subscriptions.list({ ...parameters, status: 'all' }),
  retrieve: (sdk, id) => sdk.subscriptions.retrieve(id),
  // `customer.subscription.deleted` says that it was canceled: it is still there.
  events: { type: 'customer.subscription.*' },
  changedBy: (event) => ofObject(event, 'subscription'),
};

// --- internal ---

function objectOf(event: Stripe.Event): Record<string, unknown> {
  return event.data.object as unknown as Record<string, unknown>;
}

function ofObject(event: Stripe.Event, kind: string): string[] {
  const object = objectOf(event);
  return object['object'] === kind && typeof object['id'] === 'string' ? [object['id']] : [];
}

function named(value: unknown): string[] {
  const id = idOf(value as string | { id: string } | null | undefined);
  return typeof id === 'string' ? [id] : [];
}

/** Older versions name one refund, newer ones a list. */
function refundsOfNote(object: Record<string, unknown>): string[] {
  if (object['object'] !== 'credit_note') return [];
  const list = Array.isArray(object['refunds']) ? (object['refunds'] as { refund?: unknown }[]) : [];
  return [...named(object['refund']), ...list.flatMap(({ refund }) => named(refund))];
}
