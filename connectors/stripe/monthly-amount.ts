/**
 * What a subscription brings in a month, as far as its prices tell: MRR before anybody's exchange rate.
 */
import type { Stripe } from 'stripe';

/** Why a subscription has no such amount. */
export type NoAmount =
  | 'metered'
  | 'tiered'
  | 'customer_chooses'
  | 'not_recurring'
  | 'item_discount'
  | 'mixed_intervals';

export interface MonthlyAmount {
  /** Decimal text in the currency's smallest unit, without tax; null where prices do not tell. */
  amount: string | null;
  reason: NoAmount | null;
}

/**
 * Sum of the items, less the coupons that stay for ever; a coupon for one or some invoices changes what is paid, not what
 * recurs. A year has 12 months, 52 weeks and 365 days. Six decimals, halves up; never less than nothing.
 *
 * `discounts` are the subscription's own, expanded with their coupons.
 */
export function monthlyAmount(
  items: readonly Stripe.SubscriptionItem[],
  discounts: readonly Stripe.Discount[],
): MonthlyAmount {
  const reason = items.map(reasonOf).find((found) => found !== null);
  if (reason !== undefined) return { amount: null, reason };
  const lasting = discounts.flatMap(lastingCoupon);
  const shares = items.map(({ price }) => perMonth(price.recurring));
  // An amount off is off each invoice, and a subscription with several intervals has invoices of several.
  if (lasting.some(({ amount_off }) => amount_off !== null) && new Set(shares.map(rounded)).size > 1)
    return { amount: null, reason: 'mixed_intervals' };
  const sum = items.map((item, index) => times(amountOf(item), shares[index] ?? ONE)).reduce(plus, ZERO);
  const net = lasting.reduce((left, coupon) => lessCoupon(left, coupon, shares[0] ?? ONE), sum);
  return { amount: rounded(net.of < 0n ? ZERO : net), reason: null };
}

// --- internal ---

/** A fraction, so that a third of a year is nothing else. */
interface Ratio {
  of: bigint;
  by: bigint;
}

const ZERO: Ratio = { of: 0n, by: 1n };
const ONE: Ratio = { of: 1n, by: 1n };
const DECIMALS = 6;

/** How much of a price falls on a month. */
const PER_MONTH: Readonly<Record<string, Ratio>> = {
  day: { of: 365n, by: 12n },
  week: { of: 52n, by: 12n },
  month: ONE,
  year: { of: 1n, by: 12n },
};

function reasonOf({ price, discounts }: Stripe.SubscriptionItem): NoAmount | null {
  if (price.recurring === null || PER_MONTH[price.recurring.interval] === undefined) return 'not_recurring';
  if (price.recurring.usage_type === 'metered') return 'metered';
  if (price.billing_scheme === 'tiered') return 'tiered';
  if (price.unit_amount_decimal === null) return 'customer_chooses';
  return (discounts ?? []).length > 0 ? 'item_discount' : null;
}

function lastingCoupon(discount: Stripe.Discount): Stripe.Coupon[] {
  const { coupon } = discount.source;
  return typeof coupon === 'object' && coupon?.duration === 'forever' ? [coupon] : [];
}

function perMonth(recurring: Stripe.Price.Recurring | null): Ratio {
  const { of, by } = PER_MONTH[recurring?.interval ?? ''] ?? ONE;
  return { of, by: by * BigInt(recurring?.interval_count ?? 1) };
}

function amountOf({ price, quantity }: Stripe.SubscriptionItem): Ratio {
  return times(decimal(String(price.unit_amount_decimal)), {
    of: units(quantity ?? 1, price.transform_quantity),
    by: 1n,
  });
}

/** Packages: as many as the quantity fills, or begins. */
function units(quantity: number, packages: Stripe.Price.TransformQuantity | null | undefined): bigint {
  if (packages === null || packages === undefined) return BigInt(quantity);
  const share = quantity / packages.divide_by;
  return BigInt(packages.round === 'up' ? Math.ceil(share) : Math.floor(share));
}

function lessCoupon(amount: Ratio, { percent_off, amount_off }: Stripe.Coupon, share: Ratio): Ratio {
  if (percent_off !== null) return times(amount, plus(ONE, times(decimal(String(percent_off)), { of: -1n, by: 100n })));
  return plus(amount, times({ of: -BigInt(amount_off ?? 0), by: 1n }, share));
}

function decimal(written: string): Ratio {
  const [whole = '0', fraction = ''] = written.split('.');
  return { of: BigInt(whole + fraction), by: 10n ** BigInt(fraction.length) };
}

function times(left: Ratio, right: Ratio): Ratio {
  return { of: left.of * right.of, by: left.by * right.by };
}

function plus(left: Ratio, right: Ratio): Ratio {
  return { of: left.of * right.by + right.of * left.by, by: left.by * right.by };
}

function rounded({ of, by }: Ratio): string {
  const scaled = (of * 10n ** BigInt(DECIMALS) * 2n + by) / (by * 2n);
  const digits = String(scaled).padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}
