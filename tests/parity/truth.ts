/**
 * CAC and marginal CAC of a company recomputed from its truth, in plain arithmetic: what the marts must say.
 */
import type { World } from '../../fixtures/world/index.ts';
import type { Row } from '../../src/warehouse/types.ts';

export interface TrueSpend {
  campaignId: string;
  channel: string;
  day: string;
  micros: bigint;
}

export interface TrueCustomer {
  dealId: string;
  wonAt: string;
  channel: string;
  /** Day of the win, or of its end, in the company's zone. */
  day: string;
  /** One that was won, or one who was lost. */
  sign: 1 | -1;
}

/** Spend as the platform knew it at an instant, by campaign and day, from the campaign grain. */
export function trueSpend(world: World, now: string, to: string): TrueSpend[] {
  const channels = new Map(
    [...world.truth.spend('2000-01-01', '2099-12-31')].map((row) => [row.campaignId, row.channel]),
  );
  const view = world.at(now);
  return view
    .adAccounts()
    .filter(({ isManager }) => !isManager)
    .flatMap(({ id }) => [...view.campaignFacts(id, world.options.start, to)])
    .map(({ campaignId, day, costMicros }) => ({
      campaignId,
      channel: channels.get(campaignId) ?? 'unknown',
      day,
      micros: costMicros,
    }));
}

/** New customers under first touch, and those of them who were lost again. */
export function trueCustomers(world: World, now: string): TrueCustomer[] {
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: world.options.timeZone });
  const { start } = world.options;
  return [...world.truth.customers(now), ...world.truth.endedCustomers(now)]
    .filter(({ isNewCustomer, wonAt }) => isNewCustomer && days.format(new Date(wonAt)) >= start)
    .flatMap((customer) => {
      const win = {
        dealId: customer.dealId,
        wonAt: customer.wonAt,
        channel: customer.firstTouchChannel ?? '(unattributed)',
      };
      const won: TrueCustomer = { ...win, day: days.format(new Date(customer.wonAt)), sign: 1 };
      if (!('endedAt' in customer)) return [won];
      return [won, { ...win, day: days.format(new Date(String(customer.endedAt))), sign: -1 }];
    });
}

/** Rows of `marginal_cac` at month grain, the columns that follow from the definitions, by channel and month. */
export function trueMarginalCac(
  spend: readonly TrueSpend[],
  customers: readonly TrueCustomer[],
  lastDay: string,
): Row[] {
  const channels = new Set([...spend, ...customers].map(({ channel }) => channel));
  return [...channels, '(all)'].toSorted().flatMap((channel) => {
    const micros = sums(
      spend.filter((row) => isOf(row, channel)),
      (row) => row.micros,
      0n,
    );
    const own = customers.filter((row) => isOf(row, channel));
    const counts = sums(own, ({ sign }) => sign, 0);
    return judged(channel, micros, { counts, variances: variancesOf(own) }, lastDay);
  });
}

// --- internal ---

function isOf(row: { channel: string }, channel: string): boolean {
  return channel === '(all)' || row.channel === channel;
}

function sums<T extends { day: string }, N extends number | bigint>(
  rows: readonly T[],
  value: (row: T) => N,
  zero: N,
): Map<string, N> {
  const byMonth = new Map<string, N>();
  for (const row of rows) {
    const month = `${row.day.slice(0, 7)}-01`;
    byMonth.set(month, (((byMonth.get(month) ?? zero) as number) + (value(row) as number)) as N);
  }
  return byMonth;
}

/** Customers are counted events, and so are those who were lost; who was won and lost in one month is none. */
function variancesOf(customers: readonly TrueCustomer[]): Map<string, number> {
  const months = Map.groupBy(customers, ({ dealId, wonAt, day }) => `${day.slice(0, 7)} ${dealId} ${wonAt}`);
  const net = [...months].map(([key, rows]) => ({
    day: key.slice(0, 7),
    square: rows.reduce((sum, { sign }) => sum + sign, 0) ** 2,
  }));
  return sums(net, ({ square }) => square, 0);
}

interface Month {
  start: string;
  spend: number;
  customers: number;
  variance: number;
  isComplete: boolean;
}

function judged(
  channel: string,
  micros: Map<string, bigint>,
  { counts, variances }: { counts: Map<string, number>; variances: Map<string, number> },
  lastDay: string,
): Row[] {
  const active = [...micros.keys(), ...counts.keys()].toSorted();
  const lastComplete = previousMonth(`${nextDay(lastDay).slice(0, 7)}-01`);
  const last = [active.at(-1) ?? '', lastComplete].toSorted().at(-1) ?? '';
  const months: Month[] = [];
  for (let start = active[0] ?? ''; start <= last; start = nextMonth(start)) {
    const spend = Number(micros.get(start) ?? 0n) / 1e6;
    months.push({
      start,
      spend,
      customers: counts.get(start) ?? 0,
      variance: variances.get(start) ?? 0,
      isComplete: nextMonth(start) <= nextDay(lastDay),
    });
  }
  return months.map((month, index) => compared(channel, month, months[index - 1]));
}

function compared(channel: string, month: Month, before: Month | undefined): Row {
  const { start, spend, customers } = month;
  const common = {
    channel,
    period_start: start,
    spend,
    customers,
    cac: spend > 0 && customers > 0 ? spend / customers : null,
    is_complete: month.isComplete,
  };
  if (before === undefined)
    return { ...common, marginal_cac: null, ci_low: null, ci_high: null, status: 'no_baseline' };
  if (!month.isComplete || !before.isComplete) {
    return { ...common, marginal_cac: null, ci_low: null, ci_high: null, status: 'incomplete_period' };
  }
  const spent = Math.round((spend - before.spend) * 1e6) / 1e6;
  const won = customers - before.customers;
  const margin = 1.96 * Math.sqrt(month.variance + before.variance);
  const [low, high] = [won - margin, won + margin];
  const isCertain = low > 0 || high < 0;
  const status = statusOf(spent, won, isCertain);
  const hasValue = ['ok', 'scale_back', 'not_significant'].includes(status);
  const far = spent > 0 ? high : low;
  const near = spent > 0 ? low : high;
  return {
    ...common,
    marginal_cac: hasValue ? spent / won : null,
    ci_low: spent !== 0 && Math.sign(far) === Math.sign(spent) ? spent / far : null,
    ci_high: status === 'ok' || status === 'scale_back' ? spent / near : null,
    status,
  };
}

function statusOf(spent: number, won: number, isCertain: boolean): string {
  if (spent === 0) return 'no_spend_change';
  if (spent > 0 && won <= 0) return 'saturated';
  if (spent < 0 && won >= 0) return 'efficiency_gain';
  if (!isCertain) return 'not_significant';
  return spent > 0 ? 'ok' : 'scale_back';
}

function nextMonth(start: string): string {
  return monthFrom(start, 1);
}

function previousMonth(start: string): string {
  return monthFrom(start, -1);
}

function monthFrom(start: string, months: number): string {
  const date = new Date(`${start}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
