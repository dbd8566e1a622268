/**
 * A company's raw tables as SQL over a row number `i`: what the shipped connectors would have loaded of three years, in
 * realistic proportions. Portable but for `/`, which divides whole numbers here.
 */

export interface RawRows {
  connector: string;
  stream: string;
  /** Rows after three years, and those that one day more adds. */
  rows: number;
  more: number;
  /** An expression over `i` per column that is not NULL; `i` grows with time. */
  columns: Record<string, string>;
  /** A condition on `i`: the others are left out. */
  where?: string;
  /** What one day more changes in rows that are there: a condition on the table's columns, and the new values. */
  changed?: { where: string; set: Record<string, string> };
}

/** The first day, the days that are there, and the morning after each. */
export const FIRST_DAY = '2023-03-01';
export const DAYS = 1095;
export const MORNINGS = ['2026-02-28T06:00:00Z', '2026-03-01T06:00:00Z'] as const;

/** Accounts, with the currency of each. */
export const ACCOUNTS = { '1000000001': 'EUR', '1000000002': 'USD' } as const;

/**
 * The tables of a company with about `events` rows of what happens: web events 40 %, ad clicks 25 %, spend of ad groups
 * and campaigns by day 18 %, stages of deals and contacts 11 %; people, companies and deals come on top.
 */
export function companyRows(events: number): RawRows[] {
  const share = (part: number): number => Math.max(20, Math.round(events * part));
  const campaigns = Math.max(5, Math.round((events * 0.03) / DAYS));
  const sizes = {
    campaigns,
    adGroups: campaigns * 5,
    clicks: share(0.25),
    contacts: share(0.1),
    companies: share(0.03),
    deals: share(0.015),
    events: share(0.4),
  };
  return [...adRows(sizes), ...crmRows(sizes), ...fileRows(sizes)];
}

// --- internal ---

type Sizes = Record<'campaigns' | 'adGroups' | 'clicks' | 'contacts' | 'companies' | 'deals' | 'events', number>;

function adRows({ campaigns, adGroups, clicks }: Sizes): RawRows[] {
  const common = { connector: 'google-ads' };
  const ofCampaign = (campaign: string): Record<string, string> => ({
    ...accountOf(campaign),
    campaign_id: `cast(20000000 + ${campaign} as text)`,
    campaign_name: `'Campaign ' || cast(${campaign} as text)`,
    campaign_status: `'ENABLED'`,
    channel_type: kindOf(campaign),
  });
  const spend = { where: restated(), set: { cost: 'cost + 0.25', conversions: 'conversions + 1' } };
  return [
    {
      ...common,
      stream: 'accounts',
      rows: 2,
      more: 0,
      columns: { account_id: accountIdOf('i'), name: `'Account ' || cast(i as text)`, is_manager: 'false' },
    },
    {
      ...common,
      stream: 'campaigns',
      rows: campaigns,
      more: 0,
      columns: {
        account_id: accountIdOf('i'),
        campaign_id: 'cast(20000000 + i as text)',
        name: `'Campaign ' || cast(i as text)`,
        status: `'ENABLED'`,
        channel_type: kindOf('i'),
      },
    },
    {
      ...common,
      stream: 'campaign_days',
      rows: campaigns * DAYS,
      more: campaigns,
      columns: {
        ...ofCampaign(`(i % ${campaigns})`),
        date: dayOf(`(i / ${campaigns})`),
        ...metrics('i'),
      },
      changed: spend,
    },
    {
      ...common,
      stream: 'ad_group_days',
      rows: adGroups * DAYS,
      more: adGroups,
      // Performance Max has no ad groups
      where: `((i % ${adGroups}) / 5) % 5 <> 0`,
      columns: {
        ...ofCampaign(`((i % ${adGroups}) / 5)`),
        ad_group_id: `cast(30000000 + i % ${adGroups} as text)`,
        ad_group_name: `'Ad group ' || cast(i % ${adGroups} as text)`,
        ad_group_status: `'ENABLED'`,
        date: dayOf(`(i / ${adGroups})`),
        ...metrics('i'),
      },
      changed: spend,
    },
    {
      ...common,
      stream: 'clicks',
      rows: clicks,
      more: dailyOf(clicks),
      columns: {
        account_id: accountIdOf(`(i % ${campaigns})`),
        account_time_zone: `'Europe/Berlin'`,
        gclid: clickId('i'),
        date: dayOf(`(i * ${DAYS} / ${clicks})`),
        campaign_id: `cast(20000000 + i % ${campaigns} as text)`,
        campaign_name: `'Campaign ' || cast(i % ${campaigns} as text)`,
        ad_group_id: `cast(30000000 + i % ${adGroups} as text)`,
        keyword: `'keyword ' || cast(i % 5000 as text)`,
        device: oneOf('i', ['MOBILE', 'DESKTOP', 'TABLET']),
      },
    },
  ];
}

function crmRows({ clicks, contacts, companies, deals }: Sizes): RawRows[] {
  const common = { connector: 'hubspot' };
  const sources = ['PAID_SEARCH', 'ORGANIC_SEARCH', 'DIRECT_TRAFFIC', 'PAID_SOCIAL', 'EMAIL_MARKETING', 'OFFLINE'];
  const createdAt = momentOf('i', contacts);
  const dealAt = momentOf('i', deals);
  const isMoved = `cast(id as bigint) % 1000 = 7`;
  const stage = `case when i % 4 = 3 then ${outcomeOf('(i / 4)')} else ${oneOf('i', ['new', 'meeting', 'amount', 'offer'])} end`;
  return [
    {
      ...common,
      stream: 'contacts',
      rows: contacts,
      more: dailyOf(contacts),
      columns: {
        id: 'cast(i as text)',
        email: `'person.' || md5(cast(i as text)) || '@company-' || cast(i % ${companies} as text) || '.example'`,
        phone: `'+4930' || cast(10000000 + i as text)`,
        firstname: oneOf('i', ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan']),
        lastname: oneOf('i / 5', ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Turing']),
        lifecyclestage: `'lead'`,
        associatedcompanyid: `case when i % 10 <> 0 then cast(i % ${companies} as text) end`,
        hs_analytics_source: oneOf('i', sources),
        hs_analytics_first_url: `'https://www.example.com/page/' || cast(i % 500 as text) || '?utm_source=google'`,
        hs_analytics_first_timestamp: `${createdAt} - (i % 40) * interval '1 day'`,
        hs_latest_source: `case when i % 2 = 0 then ${oneOf('i / 2', sources)} end`,
        hs_latest_source_timestamp: `case when i % 2 = 0 then ${createdAt} + (i % 20) * interval '1 hour' end`,
        // a click of about the time at which the contact came
        hs_google_click_id: `case when i % 3 = 0 then ${clickId(`(i * ${clicks} / ${contacts})`)} end`,
        created_at: createdAt,
        updated_at: createdAt,
      },
      changed: {
        where: isMoved,
        set: {
          hs_latest_source: `'EMAIL_MARKETING'`,
          hs_latest_source_timestamp: `timestamptz '${MORNINGS[0]}'`,
          updated_at: `timestamptz '${MORNINGS[0]}'`,
        },
      },
    },
    {
      ...common,
      stream: 'companies',
      rows: companies,
      more: dailyOf(companies),
      columns: {
        id: 'cast(i as text)',
        name: `'Company ' || cast(i as text)`,
        domain: `'company-' || cast(i as text) || '.example'`,
        created_at: momentOf('i', companies),
        updated_at: momentOf('i', companies),
      },
    },
    {
      ...common,
      stream: 'contact_lifecycle_history',
      rows: Math.floor(contacts / 2),
      more: dailyOf(contacts / 2),
      columns: {
        contact_id: 'cast(i * 2 as text)',
        property: `'lifecyclestage'`,
        changed_at: `${momentOf('i', contacts / 2)} + interval '3 days'`,
        entry: `cast(i as text)`,
        value: oneOf('i', ['marketingqualifiedlead', 'salesqualifiedlead', 'opportunity']),
        source_type: `'AUTOMATION_PLATFORM'`,
      },
    },
    {
      ...common,
      stream: 'deals',
      rows: deals,
      more: dailyOf(deals),
      columns: {
        id: 'cast(i as text)',
        dealname: `'Deal ' || cast(i as text)`,
        pipeline: `'default'`,
        dealstage: outcomeOf('i'),
        amount: 'cast(1000 + (i * 7919) % 50000 as decimal(38,9))',
        deal_currency_code: oneOf('i', ['EUR', 'EUR', 'EUR', 'USD']),
        closedate: `${dealAt} + interval '30 days'`,
        hs_primary_associated_company: `case when i % 20 <> 0 then cast((i * 31) % ${companies} as text) end`,
        created_at: dealAt,
        updated_at: dealAt,
      },
      changed: { where: isMoved, set: { dealstage: `'won'`, updated_at: `timestamptz '${MORNINGS[0]}'` } },
    },
    {
      ...common,
      stream: 'deal_stage_history',
      rows: deals * 4,
      more: dailyOf(deals) * 4,
      columns: {
        deal_id: 'cast(i / 4 as text)',
        property: `case when i % 4 = 2 then 'amount' else 'dealstage' end`,
        changed_at: `${momentOf('(i / 4)', deals)} + (i % 4) * interval '9 days'`,
        entry: 'cast(i as text)',
        value: stage,
        source_type: `'CRM_UI'`,
      },
    },
    {
      ...common,
      stream: 'deal_contacts',
      rows: deals * 2,
      more: dailyOf(deals) * 2,
      columns: {
        deal_id: 'cast(i / 2 as text)',
        contact_id: `cast((i / 2 * ${contacts} / ${deals} + i % 2 * 17) % ${contacts} as text)`,
        is_primary: 'i % 2 = 0',
      },
    },
    {
      ...common,
      stream: 'deal_pipeline_stages',
      rows: 5,
      more: 0,
      columns: {
        pipeline_id: `'default'`,
        stage_id: oneOf('i', ['new', 'meeting', 'offer', 'won', 'lost']),
        stage_label: oneOf('i', ['New', 'Meeting', 'Offer', 'Won', 'Lost']),
        stage_order: 'i',
        is_closed: 'i >= 3',
        probability: `case when i = 3 then 1 else 0 end`,
      },
    },
  ];
}

function fileRows({ clicks, contacts, events }: Sizes): RawRows[] {
  const common = { connector: 'files' };
  // a person of three devices, some of whom log in
  const device = `((i * 48271) % ${contacts * 3})`;
  const occurredAt = momentOf('i', events);
  return [
    {
      ...common,
      stream: 'events',
      rows: events,
      more: dailyOf(events),
      columns: {
        row_key: `'tracker ' || cast(i as text)`,
        source: `'tracker'`,
        event_id: 'cast(i as text)',
        message_id: 'md5(cast(i as text))',
        event_name: oneOf('i', ['page_view', 'page_view', 'page_view', 'form_submit', 'sign_up']),
        occurred_at: occurredAt,
        sent_at: occurredAt,
        received_at: `${occurredAt} + interval '2 seconds'`,
        anonymous_id: `'device-' || md5(cast(${device} as text))`,
        user_id: `case when i % 9 = 0 then 'user-' || cast(${device} % ${contacts} as text) end`,
        email: `case when i % 15 = 0 then 'person.' || md5(cast(${device} % ${contacts} as text)) || '@mail.example' end`,
        url: `'https://www.example.com/page/' || cast(i % 500 as text) || case when i % 4 = 0 then '?utm_source=google&utm_medium=cpc' else '' end`,
        referrer: oneOf('i', ['https://www.google.com/', 'https://www.linkedin.com/', '']),
        gclid: `case when i % 4 = 0 then ${clickId(`(i * ${clicks} / ${events})`)} end`,
        has_analytics_consent: 'true',
        source_file: `'events.jsonl'`,
        source_line: 'i',
      },
    },
    {
      ...common,
      stream: 'fx_rates',
      rows: DAYS,
      more: 1,
      columns: {
        row_key: 'cast(i as text)',
        source: `'ecb'`,
        rate_date: dayOf('i'),
        from_currency: `'EUR'`,
        to_currency: `'USD'`,
        rate: 'cast(1 as decimal(38,9)) + cast(i % 200 as decimal(38,9)) * 0.001',
        source_file: `'rates.csv'`,
        source_line: 'i',
      },
    },
  ];
}

function dailyOf(rows: number): number {
  return Math.max(1, Math.round(rows / 1000));
}

/** Of the last three days, every tenth campaign or ad group. */
function restated(): string {
  return `date >= date '${FIRST_DAY}' + ${DAYS - 3} and clicks % 10 = 7`;
}

function dayOf(index: string): string {
  return `date '${FIRST_DAY}' + cast(${index} as integer)`;
}

/** A time for the `index`th of so many in three years. */
function momentOf(index: string, of: number): string {
  return `timestamptz '${FIRST_DAY} 00:00:00+00' + (${index} * ${DAYS * 86_400} / ${Math.floor(of)}) * interval '1 second'`;
}

function accountIdOf(campaign: string): string {
  return `cast(1000000001 + ${campaign} % 2 as text)`;
}

function accountOf(campaign: string): Record<string, string> {
  return {
    account_id: accountIdOf(campaign),
    account_name: `'Account ' || cast(${campaign} % 2 as text)`,
    account_time_zone: `'Europe/Berlin'`,
    currency: `case when ${campaign} % 2 = 0 then 'EUR' else 'USD' end`,
  };
}

function kindOf(campaign: string): string {
  return oneOf(campaign, ['PERFORMANCE_MAX', 'SEARCH', 'SEARCH', 'DISPLAY', 'VIDEO']);
}

function outcomeOf(deal: string): string {
  return oneOf(deal, ['won', 'lost', 'offer', 'meeting']);
}

function metrics(row: string): Record<string, string> {
  return {
    cost: `cast((${row} * 7919) % 90000 as decimal(38,9)) * 0.01`,
    impressions: `(${row} * 31) % 9000`,
    clicks: `(${row} * 17) % 400`,
    conversions: `cast(${row} % 7 as double precision)`,
  };
}

function clickId(click: string): string {
  return `'CjwKCAi' || md5(cast(${click} as text)) || md5(cast(-${click} as text))`;
}

function oneOf(index: string, values: readonly string[]): string {
  const arms = values.slice(1).map((value, at) => `when ${at + 1} then '${value}'`);
  return `case (${index}) % ${values.length} ${arms.join(' ')} else '${values[0] ?? ''}' end`;
}
