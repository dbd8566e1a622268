/**
 * The files that the company's other systems leave in its project each night: what the site's collectors received, spend
 * of a platform without a connector, invoices, exchange rates.
 */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventRow } from '../../../fixtures/world/index.ts';
import { hash, randomFor } from '../../../fixtures/world/random.ts';
import type { CrmObject, WorldView } from '../../../fixtures/world/types.ts';

export type FileRow = Record<string, string | number | null | Record<string, string>>;

/** Rows of a day (UTC) by feed; null: no file comes. */
export interface Delivery {
  day: string;
  events: FileRow[] | null;
  ad_spend: FileRow[] | null;
  invoices: FileRow[] | null;
  fx_rates: FileRow[] | null;
}

export const DELIVERED = ['events', 'ad_spend', 'invoices', 'fx_rates'] as const;

/** What is delivered for the days from `first` to before `end`, by what is known then; `view` is of no earlier instant. */
export function deliveriesOf(view: WorldView, first: string, end: string): Delivery[] {
  const days = daysBetween(first, end);
  const events = Map.groupBy(view.webEvents(), ({ receivedAt }) => receivedAt.slice(0, 10));
  const invoices = Map.groupBy(invoicesOf(view), ({ issued_at }) => String(issued_at).slice(0, 10));
  return days.map((day) => ({
    day,
    events: (events.get(day) ?? []).map((event) => withDevice(eventRow(event))),
    ad_spend: socialSpend(day),
    invoices: invoices.get(day) ?? [],
    fx_rates: [{ rate_date: day, from_currency: 'USD', to_currency: 'EUR', rate: '0.9' }],
  }));
}

/** One file per feed for all of the deliveries, named and dated by the last day. */
export function writeDeliveries(folder: string, deliveries: readonly Delivery[]): void {
  const last = deliveries.at(-1);
  if (last === undefined) return;
  for (const feed of DELIVERED) {
    if (deliveries.every((delivery) => delivery[feed] === null)) continue;
    const rows = deliveries.flatMap((delivery) => delivery[feed] ?? []);
    const file = join(folder, 'data', feed, `${last.day}.jsonl`);
    mkdirSync(join(folder, 'data', feed), { recursive: true });
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const midnight = new Date(Date.parse(last.day) + DAY_MS);
    utimesSync(file, midnight, midnight);
  }
}

/** Days from `first` to before `end`. */
export function daysBetween(first: string, end: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first.slice(0, 10)); at < Date.parse(end.slice(0, 10)); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

// --- internal ---

const DAY_MS = 86_400_000;

/** Trackers tell the device; forms their id, and what nobody gives is not asked for. A tool of its own has its own event. */
function withDevice(row: ReturnType<typeof eventRow>): FileRow {
  const isForm = row['event_name'] === 'form_submit';
  const isMobile = (hash('device', row['anonymous_id'] ?? '') & 7) < 3;
  return {
    ...row,
    ...(isForm ? { email: row['email'] ?? `visitor-${row['message_id'] ?? row['event_id']}@visitor.internal` } : {}),
    ...(isForm && row['source'] === 'forms' ? { event_name: 'form_submission' } : {}),
    properties: { device_type: isMobile ? 'mobile' : 'desktop', ...(isForm ? { form_id: 'demo' } : {}) },
  };
}

/** The campaigns whose links the simulated company's paid social visits come by. */
function socialSpend(day: string): FileRow[] {
  return [1, 2, 3, 4, 5].map((number) => {
    const random = randomFor('social', number, day);
    return {
      platform: 'meta_ads',
      account_id: 'social',
      account_name: 'Example Social',
      account_time_zone: 'Europe/Berlin',
      currency: 'EUR',
      campaign_id: `social-${number}`,
      campaign_name: `Social ${number} – "Frühling"`,
      campaign_type: 'social',
      spend_date: day,
      source_grain: 'day',
      spend: random.between(15, 25).toFixed(2),
      impressions: random.integer(800, 1200),
      clicks: random.integer(1, 3),
    };
  });
}

/** Each win is invoiced within the hour, and paid. */
function invoicesOf(view: WorldView): FileRow[] {
  return view
    .crmObjects('deals')
    .flatMap((deal) =>
      (deal.history['stage'] ?? [])
        .filter(({ value }) => value?.endsWith('won') === true)
        .map((win, index) => invoiceOf(view, deal, win.at, index)),
    );
}

function invoiceOf(view: WorldView, deal: CrmObject, wonAt: string, index: number): FileRow {
  const company = view.associations('deals', deal.id, 'companies').find(({ isPrimary }) => isPrimary)?.toId;
  const colleagues = company === undefined ? [] : view.associations('companies', company, 'contacts');
  const contact = [...view.associations('deals', deal.id, 'contacts'), ...colleagues][0]?.toId;
  const paidAt = new Date(Date.parse(wonAt) + 1_800_000).toISOString();
  return {
    source: 'billing',
    document_type: 'invoice',
    document_id: `${deal.id}-${index}`,
    customer_id: company ?? deal.id,
    customer_email: contact === undefined ? null : (view.crmObject('contacts', contact)?.properties['email'] ?? null),
    company_name: company === undefined ? null : (view.crmObject('companies', company)?.properties['name'] ?? null),
    status: 'paid',
    currency: 'EUR',
    amount: deal.properties['amount'] ?? '0',
    tax_amount: '0',
    amount_paid: deal.properties['amount'] ?? '0',
    issued_at: paidAt,
    paid_at: paidAt,
    created_at: paidAt,
  };
}
