/**
 * Small random companies as rows of the feeds: few ids and few days, so that ties, gaps and collisions are common.
 */
import fc from 'fast-check';

import type { InputRow } from '../../src/model/contract.ts';

export type SmallWorld = Record<string, InputRow[]>;

/** Rows of feeds and inputs by relation name; unique on each feed's grain. */
export const smallWorld: fc.Arbitrary<SmallWorld> = fc
  .record({
    settings: fc.record({
      time_zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland'),
      reporting_currency: fc.constant('EUR'),
      week_start: fc.constantFrom('monday', 'sunday'),
      lookback_days: fc.constantFrom(1, 30, 90),
      primary_model: fc.constantFrom('first_touch', 'last_touch', 'linear'),
      conversion_owner: fc.constantFrom('company', 'person'),
      session_timeout_minutes: fc.constantFrom(30, 60),
      session_splits_on_source: fc.constantFrom(true, true, false),
      settle_days: fc.constant(14),
      position_first: fc.constant('0.4'),
      position_last: fc.constant('0.4'),
      w_first: fc.constant('0.3'),
      w_lead: fc.constant('0.3'),
      w_opportunity: fc.constant('0.3'),
      half_life_days: fc.constant(7),
      booking_basis: fc.constantFrom('conversion', 'touch'),
      closed_to: fc.constantFrom(null, '2024-03-31'),
      has_baseline: fc.constantFrom(true, true, false),
      baseline_id: fc.constantFrom('b1', null),
      baseline_from: fc.constantFrom(null, '2024-03-01'),
      baseline_date: fc.constantFrom(null, '2024-02-20'),
      first_date: fc.constantFrom(null, '2024-02-20'),
    }),
    exchange_rates: rows(['rate_date', 'currency'], {
      rate_date: day(),
      currency: fc.constantFrom('USD', 'JPY'),
      rate: fc.integer({ min: 1, max: 2_000_000_000 }).map((rate) => (rate / 1e9).toFixed(9)),
    }),
    fx_rates_feed: rows(['rate_date', 'from_currency', 'to_currency'], {
      source: fc.constant('ecb'),
      rate_date: day(),
      from_currency: fc.constantFrom('EUR', 'USD'),
      to_currency: fc.constantFrom('EUR', 'JPY', 'USD', 'KWD'),
      rate: fc.integer({ min: 1_000_000, max: 200_000_000_000 }).map((rate) => (rate / 1e9).toFixed(9)),
    }),
    ad_spend_feed: spendRows({
      campaign_id: fc.constantFrom('10', '20', '30'),
      spend_level: fc.constantFrom('campaign', 'segment'),
      segment_id: fc.constantFrom('a', 'b', 'B'),
      spend_date: day(),
      spend: fc.integer({ min: 0, max: 500_000_000 }).map((micros) => (micros / 1e6).toFixed(6)),
      impressions: fc.nat(1000),
      clicks: fc.nat(50),
    }),
    fixed_costs_feed: rows(['cost_id'], {
      source: fc.constant('files'),
      cost_id: fc.constantFrom('team', 'tools', 'agency'),
      category: fc.constant('salaries'),
      channel: fc.constantFrom(null, null, 'Paid Search', 'Email'),
      from_date: day(),
      to_date: day(),
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
      amount: fc.integer({ min: 0, max: 900_000_000 }).map((micros) => (micros / 1e6).toFixed(6)),
    }),
    ad_clicks_feed: rows(['click_id'], {
      platform: fc.constant('google_ads'),
      account_id: fc.constant('1'),
      click_id_type: fc.constant('gclid'),
      click_id: fc.constantFrom('g1', 'G1', 'g2'),
      campaign_id: fc.constantFrom('10', '20', '30', '40'),
    }),
    contacts_feed: rows(['contact_id'], {
      contact_id: fc.constantFrom('1', '2', '3', '4', '5', '10', 'é', 'Z'),
      company_id: company(),
      email: fc.constantFrom(
        null,
        'one@Company.internal',
        'two@company.internal',
        'info@company.internal',
        'd@gmail.com',
      ),
      phone: fc.constantFrom(null, null, '030 23125 001', '+49 30 23125001', 'n/a'),
      original_source: fc.constantFrom(null, 'PAID_SEARCH', 'ORGANIC_SEARCH', 'DIRECT_TRAFFIC', 'OFFLINE', 'NEW'),
      latest_source: fc.constantFrom(null, 'PAID_SEARCH', 'EMAIL_MARKETING'),
      first_seen_at: fc.option(instant()),
      latest_seen_at: fc.option(instant()),
      gclid: fc.constantFrom(null, null, 'g1', 'G1', 'g2', 'unlisted'),
      created_at: instant(),
      is_deleted: fc.constantFrom(false, false, false, true),
    }),
    deals_feed: rows(['deal_id'], {
      deal_id: fc.constantFrom('1', '2', '3', '4', '5', '6', 'a', 'B'),
      company_id: company(),
      pipeline_id: fc.constant('sales'),
      stage_id: fc.constantFrom('new', 'won', 'won', 'won', 'lost', 'gone'),
      amount: fc.option(fc.integer({ min: 0, max: 9_999_999 }).map((cents) => (cents / 100).toFixed(2))),
      currency: fc.constantFrom(null, 'EUR', 'USD'),
      close_date_at: fc.option(instant()),
      created_at: instant(),
      is_deleted: fc.constantFrom(false, false, false, true),
    }),
    deal_stage_changes_feed: rows(['deal_id', 'entered_at'], {
      deal_id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      stage_id: fc.constantFrom('new', 'won', 'lost', 'gone'),
      entered_at: instant(),
      recorded_at: fc.option(instant()),
    }),
    deal_contacts_feed: rows(['deal_id', 'contact_id'], {
      deal_id: fc.constantFrom('1', '2', '3', '4', '5'),
      contact_id: fc.constantFrom('1', '2', '3', '4', '10', 'é', 'missing'),
      is_primary: fc.boolean(),
    }),
    campaign_touches_feed: rows(['touch_id'], {
      touch_id: fc.constantFrom('t1', 't2', 't3', 't4'),
      contact_id: fc.constantFrom('1', '2', '3', 'missing'),
      campaign_name: fc.constantFrom('Fair', 'fair', null),
      campaign_type: fc.constantFrom('Email', 'Webinar', null),
      touched_at: fc.option(instant()),
      is_date_only: fc.constantFrom(true, false, null),
    }),
    events_feed: rows(['source', 'event_id'], {
      source: fc.constantFrom('site', 'server'),
      event_id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', 'é', 'Z'),
      message_id: fc.constantFrom(null, 'm1', 'm2', 'M2', 'm3', ' '),
      event_name: fc.constantFrom('page_view', 'page_view', 'form_submit', 'login', ' ', null),
      occurred_at: fc.option(instant()),
      sent_at: fc.option(instant()),
      received_at: fc.option(instant()),
      anonymous_id: fc.constantFrom(null, 'a', 'b', 'B'),
      user_id: fc.constantFrom(null, null, 'u1', 'u2'),
      email: fc.constantFrom(null, null, 'One@company.internal', 'two@company.internal', 'info@company.internal'),
      url: fc.constantFrom(
        null,
        'https://www.example.com/?utm_source=News&utm_medium=E-Mail&utm_campaign=Caf%C3%A9',
        'https://www.example.com/?gclid=g1',
        'https://example.com/?utm_source=facebook&utm_medium=cpc&fbclid=f%zz',
        'https://example.com/?utm_source=google&utm_medium=cpc&utm_campaign=10&utm_content=10a1',
      ),
      referrer: fc.constantFrom(null, 'https://www.google.de/', 'https://blog.example.com/', 'partner.example.net/x'),
    }),
    contact_stage_changes_feed: rows(['contact_id', 'entered_at'], {
      contact_id: fc.constantFrom('1', '2', '3'),
      lifecycle_stage: fc.constantFrom('lead', 'marketingqualifiedlead', 'salesqualifiedlead'),
      entered_at: instant(),
    }),
  })
  .map(({ settings, ...feeds }) => ({
    ...Object.fromEntries(
      Object.entries(feeds).map(([name, given]) => [
        name,
        name === 'exchange_rates' || name === 'fx_rates_feed' || name === 'events_feed' || name.startsWith('ad_')
          ? given
          : given.map(ofCrm),
      ]),
    ),
    settings: [settings],
    identity_settings: [
      { key_id: 'cases', default_country: 'DE', most_identities: 2, most_devices: 2, joins_mailbox_aliases: false },
    ],
    // strict ones, so that few rows are enough for something to be found
    check_settings: [
      {
        freshness_hours: 26,
        volume_change: '0.2',
        drift_hours: 1,
        ...{ least_identified: '1', least_emails: '1' },
        ...{
          most_unattributed: '0',
          most_mismatched: '0',
          most_duplicates: '0',
          most_orphans: '0',
          most_rejected: '0',
          most_irregular: '0',
        },
        ...{
          most_restated: 0.01,
          most_refunded: 0.1,
          most_givers: 3,
          most_contaminated: 0.05,
          most_unmapped: 0,
          least_linked: 1,
          most_vanished: 0,
          least_touches: 1,
          untouched_clicks: 1,
          spreadsheet_conversions: 1,
          definition_warning_days: 1,
          definition_error_days: 2,
        },
      },
    ],
    stage_definitions: definitions(settings.week_start === 'sunday'),
    stage_criteria: [
      { definition_version: '1', criterion: 1, stage_id: 'won', needs: 'contact' },
      { definition_version: '1', criterion: 2, stage_id: 'new', needs: 'amount', source: 'hubspot' },
    ],
    planned_events: ['page_view', 'login', 'bought'].map((name) => ({
      ...{ event_name: name, capture: 'server', priority: 'critical', purpose: null, consent: 'none' },
      ...{ needs_user_id: true, needs_email: false, needs_phone: false, needs_device: name === 'login' },
    })),
    planned_properties: ['device_type', 'form_id'].map((property) => ({
      ...{ event_name: 'page_view', property, type: 'text', is_required: true, has_values: property === 'device_type' },
    })),
    event_sources: [{ source: 'site', side: 'client' }],
    clock: [{ now_at: '2024-05-05T12:00:00Z', today: '2024-05-05' }],
    companies_feed: ['hubspot', 'salesforce'].flatMap((source) =>
      ['A', 'B', 'C'].map((id) => ({
        source,
        company_id: id,
        employees: id === 'A' ? 50 : null,
        domain: id === 'C' ? null : `www.${id}.example`,
      })),
    ),
    contacts_feed: [...feeds.contacts_feed.map(ofCrm), ...feeds.contacts_feed.flatMap(inOtherCrm)],
    events_feed: feeds.events_feed.map((row) => ({ ...row, properties: propertiesOf(String(row['event_id'])) })),
    deals_feed: [...feeds.deals_feed.map(ofCrm), ...feeds.deals_feed.flatMap(inOtherCrm)],
    creative_spend_feed: feeds.ad_spend_feed.flatMap(creativesOf),
    // of deals that are there and deleted, of such that are not, and of such that were never there
    deal_merges_feed: ['1', '3', '5', 'none'].map((id) => ({ source: 'hubspot', deal_id: id, merged_into_id: '2' })),
    invoices_feed: [...feeds.contacts_feed, ...feeds.deals_feed].flatMap(invoicesOf),
    subscriptions_feed: [...feeds.contacts_feed, ...feeds.deals_feed].flatMap(subscriptionsOf),
    pipeline_stages_feed: ['hubspot', 'salesforce'].flatMap((source) =>
      ['new', 'won', 'lost'].map((stage, order) => ({
        source,
        pipeline_id: 'sales',
        stage_id: stage,
        stage_label: stage,
        stage_order: order,
        is_closed: stage !== 'new',
        is_won: stage === 'won',
      })),
    ),
  }));

// --- internal ---

/** As shipped, or where events and payments make conversions, too. */
function definitions(hasOthers: boolean): InputRow[] {
  const shipped = [
    ['lead', 'contact', 'created'],
    ['lead', 'contact', 'stage', 'lead'],
    ['lead', 'contact', 'form'],
    ['mql', 'contact', 'stage', 'marketingqualifiedlead'],
    ['sql', 'contact', 'stage', 'salesqualifiedlead'],
    ['opportunity', 'deal', 'created'],
    ['customer', 'deal', 'outcome', 'won'],
  ];
  const others = [
    ['lead', 'event', 'form'],
    ['sql', 'event', 'event', 'login'],
    ['customer', 'event', 'event', 'page_view'],
    ['customer', 'payment', 'each'],
  ];
  return [...shipped, ...(hasOthers ? others : [])].map(([conversion_type, record, happening, stage_id], index) => ({
    definition_version: 'small',
    alternative: index,
    ...{ conversion_type: conversion_type!, record: record!, happening: happening!, stage_id: stage_id ?? null },
  }));
}

/** Odd ones, by the event's id: as the trackers of this world send them. */
function propertiesOf(eventId: string): string | null {
  const all = [
    null,
    '{"device_type":"Mobile","form_id":7,"value":7}',
    '{"device_type":["x"],"form_id":null,"order_id":1}',
    '[1]',
  ];
  return all[eventId.charCodeAt(0) % all.length] ?? null;
}

function rows(
  grain: string[],
  columns: Record<string, fc.Arbitrary<string | number | boolean | null>>,
): fc.Arbitrary<InputRow[]> {
  return fc.uniqueArray(fc.record(columns), {
    maxLength: 25,
    selector: (row) => grain.map((column) => String(row[column])).join('|'),
  });
}

/** A campaign row has no segment, so it is made one before rows are compared. */
function spendRows(columns: Record<string, fc.Arbitrary<string | number | boolean | null>>): fc.Arbitrary<InputRow[]> {
  return fc.uniqueArray(fc.record(columns).map(spendRow), {
    maxLength: 40,
    selector: (row) => ['campaign_id', 'segment_id', 'spend_date'].map((column) => String(row[column])).join('|'),
  });
}

function day(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 80 }).map((offset) => dayOf(Date.UTC(2024, 1, 10 + offset)));
}

/** On few seconds around midnights and changes of clocks, so that borders are hit. */
function instant(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 0, max: 80 }), fc.constantFrom(0, 1, 3_600, 7_200, 39_600, 43_200, 79_199, 79_200, 86_399))
    .map(([offset, second]) => new Date(Date.UTC(2024, 1, 10 + offset) + second * 1000).toISOString());
}

function company(): fc.Arbitrary<string | null> {
  return fc.constantFrom(null, 'A', 'B', 'C');
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** A segment's spend is all of one creative. */
function creativesOf({ campaign_id: campaign, segment_id: segment, ...row }: InputRow): InputRow[] {
  if (row['spend_level'] !== 'segment') return [];
  const { platform, account_id: account, currency, spend_date: spendDate, spend, impressions, clicks } = row;
  return [
    {
      ...{ platform, account_id: account, campaign_id: campaign, segment_id: segment },
      ...{ creative_id: `${String(campaign)}${String(segment)}1`, creative_name: 'Ad' },
      ...{ currency, spend_date: spendDate, spend, impressions, clicks },
    } as InputRow,
  ];
}

function spendRow(row: InputRow): InputRow {
  const kind = { '10': 'search', '20': 'performance_max', '30': 'display' }[String(row['campaign_id'])] ?? 'other';
  return {
    platform: 'google_ads',
    account_id: '1',
    campaign_name: `${kind} > all`,
    campaign_type: kind,
    currency: row['campaign_id'] === '30' ? 'USD' : 'EUR',
    source_grain: 'day',
    ...row,
    segment_id: row['spend_level'] === 'campaign' ? '' : (row['segment_id'] ?? null),
  };
}

/** Some deals and contacts are of a second CRM. */
function ofCrm(row: InputRow): InputRow {
  const id = String(row['deal_id'] ?? row['contact_id']);
  return { source: ['6', 'a', 'B', '10', 'Z'].includes(id) ? 'salesforce' : 'hubspot', ...row };
}

/** Some of the first CRM's are in the second one, too, an hour younger. */
function inOtherCrm(row: InputRow): InputRow[] {
  const id = String(row['deal_id'] ?? row['contact_id']);
  if (!['1', '2', '3', '5'].includes(id)) return [];
  const created = new Date(Date.parse(String(row['created_at'])) + 3_600_000).toISOString();
  const key = row['deal_id'] === undefined ? { contact_id: `m${id}` } : { deal_id: `m${id}` };
  return [{ ...row, ...key, source: 'salesforce', created_at: created }];
}

/** People with an address and companies of deals pay once; who has a click id, or no amount, got it all back. */
function invoicesOf({ contact_id, deal_id, company_id, email, gclid, amount, created_at }: InputRow): InputRow[] {
  const payer = deal_id === undefined ? email : company_id === null ? null : `pay@${String(company_id)}.example`;
  if (payer === null || payer === undefined) return [];
  const paid = {
    source: 'stripe',
    document_id: String(contact_id ?? `d${String(deal_id)}`),
    document_type: 'invoice',
    status: 'paid',
    customer_id: payer,
    customer_email: payer,
    currency: 'EUR',
    amount: '10',
    issued_at: created_at ?? null,
  };
  const isRefunded = deal_id === undefined ? gclid !== null : amount === null;
  return isRefunded ? [paid, { ...paid, document_type: 'refund', status: 'succeeded', amount: '-10' }] : [paid];
}

/** Who pays has a subscription that changes once: deals without an amount end, in dollars there is no rate. */
function subscriptionsOf(row: InputRow): InputRow[] {
  const [invoice] = invoicesOf(row);
  if (invoice === undefined || row['created_at'] === null) return [];
  const { deal_id, amount, gclid } = row;
  const begun = Date.parse(String(row['created_at']));
  const version = (days: number, more: InputRow): InputRow => ({
    source: 'stripe',
    subscription_id: `s${String(invoice['document_id'])}`,
    customer_id: invoice['customer_id'] ?? null,
    status: 'active',
    currency: gclid === null ? 'USD' : 'EUR',
    valid_from: new Date(begun + days * 86_400_000).toISOString(),
    ...more,
  });
  const first = version(0, { amount: '10', billing_interval: 'year' });
  if (deal_id === undefined) return [first, version(3, { amount: '1.5' })];
  if (amount !== null) return [first, version(2, { amount: null, no_amount_reason: 'metered' })];
  const ended = new Date(begun + 86_400_000).toISOString();
  return [first, version(1, { status: 'canceled', amount: '10', ended_at: ended }), version(2, { amount: '7' })];
}
