/**
 * Subscriptions, ended ones included.
 */
import type { Stripe } from 'stripe';

import { column } from 'revops/connector';

import type { StripeClient } from '../client.ts';
import { monthlyAmount } from '../monthly-amount.ts';
import { wholeList } from '../pages.ts';
import { unitOf } from '../money.ts';
import { subscriptions as resource } from '../resources.ts';
import { upserts } from '../upserts.ts';
import { idOf, instant } from '../values.ts';

export const subscriptions = upserts({
  name: 'subscriptions',
  description: 'Subscriptions with their items, ended ones included. One row per subscription.',
  columns: {
    status: column.text(),
    customer_id: column.text(),
    currency: column.text(),
    smallest_unit: column.decimal(),
    collection_method: column.text(),
    is_cancelled_at_period_end: column.boolean(),
    is_collection_paused: column.boolean(),
    monthly_amount: column.decimal(),
    no_amount_reason: column.text(),
    items: column.json(),
    started_at: column.timestamp(),
    trial_start_at: column.timestamp(),
    trial_end_at: column.timestamp(),
    cancel_at: column.timestamp(),
    canceled_at: column.timestamp(),
    ended_at: column.timestamp(),
  },
  resource,
  canVanish: false,
  records: (client) => (visit) =>
    Promise.all(
      visit.objects.map(async (subscription) => {
        const items = await wholeList(client, 'items of a subscription', subscription.items, (sdk, parameters) =>
          sdk.subscriptionItems.list({ ...parameters, subscription: subscription.id }),
        );
        const { amount, reason } = monthlyAmount(items, await discountsOf(client, subscription));
        return {
          id: subscription.id,
          status: subscription.status,
          customer_id: idOf(subscription.customer),
          currency: subscription.currency,
          smallest_unit: unitOf(subscription.currency),
          collection_method: subscription.collection_method,
          is_cancelled_at_period_end: subscription.cancel_at_period_end,
          is_collection_paused: subscription.pause_collection !== null,
          monthly_amount: amount,
          no_amount_reason: reason,
          items: items.map((item) => ({
            id: item.id,
            price_id: item.price.id,
            product_id: idOf(item.price.product),
            quantity: item.quantity ?? null,
            unit_amount: item.price.unit_amount,
            billing_scheme: item.price.billing_scheme,
            usage_type: item.price.recurring?.usage_type ?? null,
            interval: item.price.recurring?.interval ?? null,
            interval_count: item.price.recurring?.interval_count ?? null,
            period_start_at: instant(item.current_period_start),
            period_end_at: instant(item.current_period_end),
          })),
          started_at: instant(subscription.start_date),
          trial_start_at: instant(subscription.trial_start),
          trial_end_at: instant(subscription.trial_end),
          cancel_at: instant(subscription.cancel_at),
          canceled_at: instant(subscription.canceled_at),
          ended_at: instant(subscription.ended_at),
          is_live: subscription.livemode,
          metadata: subscription.metadata,
          created_at: instant(subscription.created),
        };
      }),
    ),
});

// --- internal ---

/** Lists name discounts by ids that cannot be fetched; they come with their subscription. */
async function discountsOf(client: StripeClient, subscription: Stripe.Subscription): Promise<Stripe.Discount[]> {
  if (subscription.discounts.length === 0) return [];
  const { discounts } = await client.call('discounts of a subscription', (sdk) =>
    sdk.subscriptions.retrieve(subscription.id, { expand: ['discounts.source.coupon'] }),
  );
  return discounts.filter((discount) => typeof discount === 'object');
}
