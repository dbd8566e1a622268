/**
 * A library of made-up models, as long and as linked as the shipped ones: blocks of ten, each reading the block before.
 */

/** Text by path below a project's folder; `count` is rounded up to whole blocks. */
export function generatedModels(count: number): Map<string, string> {
  const files = new Map<string, string>([['models/reference/inputs.yml', INPUTS]]);
  for (let block = 0; block * 10 < count; block += 1) {
    for (const [path, text] of blockOf(block)) files.set(path, text);
  }
  return files;
}

/** The columns of every raw table that they read. */
export const GENERATED_READS = {
  id: 'text',
  customer: 'text',
  mail: 'text',
  utm: 'text',
  money: 'text',
  pieces: 'bigint',
  happened: 'timestamptz',
  loaded: 'timestamptz',
} as const;

/** Rows of the inputs that the engine would fill. */
export const GENERATED_INPUTS = {
  settings: [{ time_zone: 'Europe/Berlin', reporting_currency: 'EUR', lookback_days: 90 }],
  clock: [{ now_at: '2026-11-01T06:00:00Z', today: '2026-11-01' }],
};

// --- internal ---

const INPUTS = `settings:
  filled_by: engine
  description: The project's choices. One row.
  columns:
    time_zone: { type: text, description: Zone. }
    reporting_currency: { type: text, description: Currency. }
    lookback_days: { type: integer, description: Days. }
clock:
  filled_by: engine
  description: The moment. One row.
  columns:
    now_at: { type: timestamptz, description: Now. }
    today: { type: date, description: Today. }
`;

function blockOf(block: number): [string, string][] {
  const before = block === 0 ? 'orders_0' : `orders_${block - 1}`;
  const at = (name: string): string => `${name}_${block}`;
  const connector = `shop_${block}`;
  return [
    [`models/feeds/${at('sales')}.yml`, feed()],
    ...['orders', 'refunds', 'imports'].map((table): [string, string] => [
      `models/staging/${connector}/${table}.sql`,
      staging(connector, table, at('sales')),
    ]),
    [`models/core/${at('orders')}.sql`, orders(`sales_${block}_feed`)],
    [`models/core/${at('customers')}.sql`, customers(at('orders'), before)],
    [`models/core/${at('repeats')}.sql`, repeats(at('orders'), at('customers'))],
    [`models/core/${at('journeys')}.sql`, journeys(at('orders'), at('repeats'), before)],
    [`models/marts/${at('revenue')}.sql`, revenue(at('orders'), at('customers'))],
    [`models/marts/${at('cohorts')}.sql`, cohorts(at('customers'), at('repeats'))],
    [`models/marts/${at('summary')}.sql`, summary(at('revenue'), at('cohorts'))],
  ];
}

function header(columns: Record<string, string>, grain: string[], more = ''): string {
  const lines = Object.entries(columns).map(
    ([name, type]) =>
      `  ${name}: { type: '${type}', description: "What ${name} holds, in a sentence of usual length."${grain.includes(name) ? ', tests: [not_null]' : ''} }`,
  );
  return `/*\ndescription: >-\n  A model of the bench, described in two lines as the shipped ones are, with what it holds and what it leaves out.\n  One row per ${grain.join(' and ')}.\ngrain: [${grain.join(', ')}]\n${more}columns:\n${lines.join('\n')}\n*/\n`;
}

const SALES = {
  source: 'text',
  sale_id: 'text',
  customer_id: 'text',
  email: 'text',
  channel: 'text',
  currency: 'text',
  amount: 'decimal(18,6)',
  quantity: 'bigint',
  is_refund: 'boolean',
  sold_at: 'timestamptz',
  recorded_at: 'timestamptz',
};

function feed(): string {
  const columns = Object.entries(SALES).map(
    ([name, type]) => `  ${name}: { type: '${type}', description: The ${name}. }`,
  );
  return `description: Sales. One row per source and sale.\ngrain: [source, sale_id]\ncolumns:\n${columns.join('\n')}\n`;
}

function staging(connector: string, table: string, feedName: string): string {
  return `${header(
    SALES,
    ['source', 'sale_id'],
    `source: ${connector}.${table}\nreads: { ${Object.entries(GENERATED_READS)
      .map(([name, type]) => `${name}: ${type}`)
      .join(', ')} }\nfeeds: ${feedName}\n`,
  )}select
  '${connector}' as source,
  '${table}:' || id as sale_id,
  nullif(customer, '') as customer_id,
  lower(trim(mail)) as email,
  case
    when utm like '%gclid%' then 'Paid Search'
    when utm like '%fbclid%' then 'Paid Social'
    else coalesce(nullif(split_part(utm, '/', 1), ''), 'Direct')
  end as channel,
  'EUR' as currency,
  cast(cast(money as decimal(18,6)) / cast(100 as decimal(18,6)) as decimal(18,6)) as amount,
  coalesce(pieces, 1) as quantity,
  ${table === 'refunds'} as is_refund,
  happened as sold_at,
  coalesce(loaded, happened) as recorded_at
from source
where id is not null
`;
}

function orders(from: string): string {
  return `${header({ ...SALES, position: 'bigint', sold_date: 'date' }, ['source', 'sale_id'], 'key: customer_id\ntests:\n  - { expression: quantity >= 0, severity: warning }\n')}with ranked as (
  select
    source,
    sale_id,
    customer_id,
    email,
    channel,
    currency,
    amount,
    quantity,
    is_refund,
    sold_at,
    recorded_at,
    row_number() over (partition by customer_id order by sold_at, sale_id) as position
  from ${from}
)

select
  ranked.source,
  ranked.sale_id,
  ranked.customer_id,
  ranked.email,
  ranked.channel,
  coalesce(ranked.currency, settings.reporting_currency) as currency,
  ranked.amount,
  ranked.quantity,
  ranked.is_refund,
  ranked.sold_at,
  ranked.recorded_at,
  ranked.position,
  cast(timezone(settings.time_zone, ranked.sold_at) as date) as sold_date
from ranked
cross join settings
`;
}

function customers(own: string, before: string): string {
  const columns = {
    customer_id: 'text',
    email: 'text',
    first_channel: 'text',
    sales: 'bigint',
    refunds: 'bigint',
    earlier_sales: 'bigint',
    amount: 'decimal(18,6)',
    first_sold_at: 'timestamptz',
    last_sold_at: 'timestamptz',
  };
  return `${header(columns, ['customer_id'], 'key: customer_id\n')}with own_orders as (
  select * from ${own} where customer_id is not null
),

totals as (
  select
    customer_id,
    min(email) as email,
    count(*) filter (where not is_refund) as sales,
    count(*) filter (where is_refund) as refunds,
    cast(sum(case when is_refund then -amount else amount end) as decimal(18,6)) as amount,
    min(sold_at) as first_sold_at,
    max(sold_at) as last_sold_at
  from own_orders
  group by customer_id
),

earlier as (
  select customer_id, count(*) as sales
  from ${before}
  group by customer_id
)

select
  totals.customer_id,
  totals.email,
  first_orders.channel as first_channel,
  totals.sales,
  totals.refunds,
  coalesce(earlier.sales, 0) as earlier_sales,
  totals.amount,
  totals.first_sold_at,
  totals.last_sold_at
from totals
left join own_orders as first_orders
  on first_orders.customer_id = totals.customer_id
  and first_orders.position = 1
left join earlier
  on earlier.customer_id = totals.customer_id
`;
}

function repeats(own: string, people: string): string {
  const columns = {
    customer_id: 'text',
    sale_id: 'text',
    previous_sale_id: 'text',
    channel: 'text',
    days_between: 'double',
    is_same_channel: 'boolean',
    sold_at: 'timestamptz',
  };
  return `${header(columns, ['customer_id', 'sale_id'], 'key: customer_id\n')}with followed as (
  select
    ${own}.customer_id,
    ${own}.sale_id,
    lag(${own}.sale_id) over by_time as previous_sale_id,
    ${own}.channel,
    lag(${own}.channel) over by_time as previous_channel,
    ${own}.sold_at,
    lag(${own}.sold_at) over by_time as previous_sold_at
  from ${own}
  inner join ${people} on ${people}.customer_id = ${own}.customer_id
  where ${people}.sales > 1
  window by_time as (partition by ${own}.customer_id order by ${own}.sold_at, ${own}.sale_id)
)

select
  customer_id,
  sale_id,
  previous_sale_id,
  channel,
  cast(date_part('epoch', sold_at) - date_part('epoch', previous_sold_at) as double precision) / cast(86400 as double precision) as days_between,
  coalesce(channel = previous_channel, false) as is_same_channel,
  sold_at
from followed
`;
}

function journeys(own: string, again: string, before: string): string {
  const columns = { customer_id: 'text', step: 'bigint', kind: 'text', sale_id: 'text', happened_at: 'timestamptz' };
  return `${header(columns, ['customer_id', 'step'], 'key: customer_id\n')}with steps as (
  select customer_id, 'order' as kind, sale_id, sold_at as happened_at from ${own} where not is_refund
  union all
  select customer_id, 'refund', sale_id, sold_at from ${own} where is_refund
  union all
  select customer_id, 'repeat', sale_id, sold_at from ${again} where days_between < 90
  union all
  select customer_id, 'earlier', sale_id, sold_at from ${before} where channel in ('Paid Search', 'Paid Social')
)

select
  customer_id,
  row_number() over (partition by customer_id order by happened_at, kind, sale_id) as step,
  kind,
  sale_id,
  happened_at
from steps
where customer_id is not null
`;
}

function revenue(own: string, people: string): string {
  const columns = {
    channel: 'text',
    sold_date: 'date',
    sales: 'bigint',
    new_customers: 'bigint',
    amount: 'decimal(18,6)',
    share: 'double',
  };
  return `${header(columns, ['channel', 'sold_date'])}with by_day as (
  select
    ${own}.channel,
    ${own}.sold_date,
    count(*) as sales,
    count(distinct case when ${own}.position = 1 and ${people}.earlier_sales = 0 then ${own}.customer_id end) as new_customers,
    cast(sum(${own}.amount) as decimal(18,6)) as amount
  from ${own}
  left join ${people} on ${people}.customer_id = ${own}.customer_id
  where not ${own}.is_refund
  group by ${own}.channel, ${own}.sold_date
),

days as (
  select sold_date, sum(amount) as amount
  from by_day
  group by sold_date
)

select
  by_day.channel,
  by_day.sold_date,
  by_day.sales,
  by_day.new_customers,
  by_day.amount,
  case when days.amount > 0 then cast(by_day.amount as double precision) / cast(days.amount as double precision) end as share
from by_day
inner join days on days.sold_date = by_day.sold_date
cross join clock
where by_day.sold_date < clock.today
`;
}

function cohorts(people: string, again: string): string {
  const columns = {
    cohort: 'date',
    channel: 'text',
    customers: 'bigint',
    repeaters: 'bigint',
    amount: 'decimal(18,6)',
  };
  return `${header(columns, ['cohort', 'channel'])}select
  cast(date_trunc('month', ${people}.first_sold_at) as date) as cohort,
  coalesce(${people}.first_channel, 'Unassigned') as channel,
  count(*) as customers,
  count(*) filter (
    where exists (select 1 from ${again} where ${again}.customer_id = ${people}.customer_id and ${again}.days_between < 90)
  ) as repeaters,
  cast(coalesce(sum(${people}.amount), 0) as decimal(18,6)) as amount
from ${people}
where ${people}.first_sold_at is not null
group by cast(date_trunc('month', ${people}.first_sold_at) as date), coalesce(${people}.first_channel, 'Unassigned')
`;
}

function summary(money: string, groups: string): string {
  const columns = { channel: 'text', amount: 'decimal(18,6)', customers: 'bigint', best_day: 'date', status: 'text' };
  return `${header(columns, ['channel'])}with money as (
  select channel, cast(sum(amount) as decimal(18,6)) as amount from ${money} group by channel
),

people as (
  select channel, cast(sum(customers) as bigint) as customers from ${groups} group by channel
),

best as (
  select channel, sold_date, row_number() over (partition by channel order by amount desc nulls last, sold_date) as place
  from ${money}
)

select
  money.channel,
  money.amount,
  coalesce(people.customers, 0) as customers,
  best.sold_date as best_day,
  case
    when people.customers is null then 'no_customers'
    when money.amount <= 0 then 'no_revenue'
    else 'ok'
  end as status
from money
left join people on people.channel = money.channel
left join best on best.channel = money.channel and best.place = 1
`;
}
