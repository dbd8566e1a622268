/**
 * What customers bought and what they are worth to date, from what a CRM and billing tell: with money given back, documents
 * that were cancelled, and two currencies. The totals are made by hand.
 */
import { expect, test } from 'vitest';

import type { InputRow } from '../../src/model/contract.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { enginesOrOne, openTestWarehouse } from '../support/warehouses.ts';
import { neededFor } from './needed-models.ts';
import { LIBRARY_SETTINGS } from './library-settings.ts';

for (const engine of enginesOrOne('postgres')) {
  test(`Refunds, cancelled documents and other currencies come out as made by hand, on ${engine}.`, async () => {
    const compiled = neededFor(await shippedLibrary(engine), ['customer_revenue', 'customer_history']);
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await installFunctions(warehouse, compiled);
      const library = await buildLibrary(warehouse, compiled, 'order_history', GIVEN);
      expect(await library.failures()).toEqual([]);
      const asked = async (sql: string): Promise<string[]> =>
        (await library.query(sql)).map((row) => Object.values(row).map(String).join(' | '));
      expect(
        await asked(
          `select owner_id, wins, cast(won_amount as decimal(9,2)) as won, payers, documents, cast(paid as decimal(9,2)) as paid,
             cast(given_back as decimal(9,2)) as given_back, cast(revenue as decimal(9,2)) as revenue
           from customer_revenue order by owner_id`,
        ),
      ).toEqual([
        // 1000 paid, 100 given back; what is void, open or pending is nothing
        'company:acme.io | 1 | 1000.00 | 1 | 2 | 1000.00 | 100.00 | 900.00',
        // 500 USD at 0.9 and 200 USD at 0.8; of the second 100 USD credited, at the rate of the day before
        'company:globex.io | 2 | 610.00 | 1 | 3 | 610.00 | 80.00 | 530.00',
        // the only invoice was cancelled: billing knows nobody who paid
        'company:hooli.io | 1 | 70.00 | 0 | 0 | null | null | null',
        // got all back
        'company:initech.io | 0 | 0.00 | 1 | 2 | 300.00 | 300.00 | 0.00',
      ]);
      expect(
        await asked(
          `select conversion_id, wins_before, cast(amount_before as decimal(9,2)) as before, cast(amount as decimal(9,2)) as amount
           from customer_history order by converted_at`,
        ),
      ).toEqual([
        'customer:crm:acme | 0 | 0.00 | 1000.00',
        'customer:crm:globex1 | 0 | 0.00 | 450.00',
        'customer:crm:hooli | 0 | 0.00 | 70.00',
        'customer:crm:globex2 | 1 | 450.00 | 160.00',
      ]);
      // money given back lowers the day on which it was, and all days add up to what all customers are worth
      expect(
        await asked(
          `select issued_date, cast(sum(amount_reporting) as decimal(9,2)) as revenue from invoices
           where status in ('paid', 'succeeded') group by 1 order by 1`,
        ),
      ).toEqual([
        '2024-01-10 | 1000.00',
        '2024-02-01 | 450.00',
        '2024-02-10 | 300.00',
        '2024-02-15 | -100.00',
        '2024-03-01 | 160.00',
        '2024-03-02 | -80.00',
        '2024-04-01 | -300.00',
      ]);
    } finally {
      await dispose();
    }
  }, 120_000);
}

// --- internal ---

function deal(id: string, company: string, day: string, amount: string, currency = 'EUR'): InputRow {
  return {
    source: 'crm',
    deal_id: id,
    company_id: company,
    pipeline_id: 'sales',
    stage_id: 'won',
    amount,
    currency,
    close_date_at: `2024-${day}T09:00:00Z`,
    created_at: '2024-01-01T00:00:00Z',
    is_deleted: false,
  };
}

function document(id: string, customer: string, day: string, amount: string, rest: InputRow = {}): InputRow {
  const at = `2024-${day}T10:00:00Z`;
  return {
    source: 'stripe',
    document_type: 'invoice',
    document_id: id,
    customer_id: customer,
    customer_email: `${customer}@${customer}.io`,
    status: 'paid',
    currency: 'EUR',
    amount,
    issued_at: at,
    paid_at: at,
    created_at: at,
    is_deleted: false,
    ...rest,
  };
}

const COMPANIES = ['acme', 'globex', 'initech', 'hooli'];
const DOLLARS = { currency: 'USD' };
const GIVEN_BACK = { document_type: 'refund', status: 'succeeded' };
const rate = (day: string, value: string): InputRow => ({
  ...{ source: 'ecb', rate_date: `2024-${day}`, from_currency: 'USD', to_currency: 'EUR', rate: value },
});

const GIVEN: Record<string, InputRow[]> = {
  ...LIBRARY_SETTINGS,
  clock: [{ now_at: '2024-06-01T00:00:00Z', today: '2024-06-01' }],
  exchange_rates: [],
  fx_rates_feed: [rate('02-01', '0.9'), rate('03-01', '0.8')],
  companies_feed: COMPANIES.map((id) => ({ source: 'crm', company_id: id, domain: `${id}.io`, is_deleted: false })),
  contacts_feed: COMPANIES.map((id) => ({
    ...{ source: 'crm', contact_id: id, company_id: id, email: `${id}@${id}.io` },
    ...{ created_at: '2024-01-01T00:00:00Z', is_deleted: false },
  })),
  deals_feed: [
    deal('acme', 'acme', '01-10', '1000'),
    deal('globex1', 'globex', '02-01', '500', 'USD'),
    deal('globex2', 'globex', '03-01', '200', 'USD'),
    deal('initech', 'initech', '02-10', '300'),
    deal('hooli', 'hooli', '02-20', '70'),
  ],
  deal_contacts_feed: ['acme', 'globex1', 'globex2', 'initech', 'hooli'].map((id) => ({
    ...{ source: 'crm', deal_id: id, contact_id: id.replace(/\d$/, '') },
  })),
  pipeline_stages_feed: [{ source: 'crm', pipeline_id: 'sales', stage_id: 'won', is_closed: true, is_won: true }],
  invoices_feed: [
    document('i1', 'acme', '01-10', '1000'),
    document('r1', 'acme', '02-15', '-100', { ...GIVEN_BACK, parent_id: 'i1' }),
    document('i2', 'acme', '02-20', '300', { status: 'void', paid_at: null }),
    document('i3', 'acme', '02-21', '400', { status: 'open', paid_at: null }),
    document('r2', 'acme', '02-22', '-50', { ...GIVEN_BACK, status: 'pending', parent_id: 'i1' }),
    document('i4', 'globex', '02-01', '500', DOLLARS),
    document('i5', 'globex', '03-01', '200', DOLLARS),
    document('c1', 'globex', '03-02', '-100', {
      ...DOLLARS,
      ...{ document_type: 'credit_note', status: 'succeeded', parent_id: 'i5' },
    }),
    document('i6', 'initech', '02-10', '300'),
    document('r3', 'initech', '04-01', '-300', { ...GIVEN_BACK, parent_id: 'i6' }),
    document('i7', 'hooli', '02-20', '70', { status: 'void', paid_at: null }),
  ],
};
