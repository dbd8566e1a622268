/*
description: >-
  Subscriptions as they were from an instant on, and what each version brings in a month. A year has 12 months, 52 weeks and
  365 days. Counted are versions that are active, past due, or ended later than they began; not before the end of a trial. The
  rate of a subscription is that of its first counted day and stays, so that exchange rates move nothing. Deleted ones are
  absent. One row per source, subscription and start of the version.
grain: [source, subscription_id, valid_from]
key: [source, subscription_id]
lookups:
  daily_rates: { currency: subscriptions_feed.currency }
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  subscription_id: { type: text, description: Id of the subscription., tests: [not_null] }
  customer_id: { type: text, description: Customer in the billing system. }
  customer_email: { type: text, description: E-mail of the customer as entered; NULL where the source names it by id only. }
  status: { type: text, description: "trialing, active, past_due, unpaid, paused, canceled, incomplete or incomplete_expired." }
  mrr_status: { type: text, description: "counted; or why not: not_counted (its status), no_amount (no_amount_reason), missing_rate.", tests: [not_null, { accepted_values: [counted, not_counted, no_amount, missing_rate] }] }
  no_amount_reason: { type: text, description: "Why there is no amount, as the source has it: metered, tiered, …; NULL where there is one." }
  currency: { type: text, description: ISO 4217 currency. }
  monthly_amount: { type: 'decimal(18,6)', description: "What it brings in a month, in its currency; NULL where prices do not tell." }
  mrr: { type: 'decimal(18,6)', description: "The same in the project's currency where it counts; 0 where its status does not; NULL where amount or rate is missing.", tests: [{ not_null: , where: monthly_amount is not null, severity: warning }] }
  standing_mrr: { type: 'decimal(18,6)', description: "mrr of a version that has no end; 0 of others, and where none is known.", tests: [not_null] }
  counts_from: { type: timestamptz, description: From when it counts; NULL where it does not. }
  counts_to: { type: timestamptz, description: "Until when, not included; NULL while that is open." }
  valid_from: { type: timestamptz, description: Since when it is like this., tests: [not_null] }
  started_at: { type: timestamptz, description: When it started. }
  ended_at: { type: timestamptz, description: When it ended; NULL where it has not. }
*/
with versions as (
  select
    source,
    subscription_id,
    customer_id,
    customer_email,
    coalesce(status, 'active') as status,
    currency,
    case
      when coalesce(interval_count, 1) < 1 or amount < 0 then null
      when coalesce(billing_interval, 'month') = 'month' then decimal_ratio(amount, coalesce(interval_count, 1))
      when billing_interval = 'year' then decimal_ratio(amount, 12 * coalesce(interval_count, 1))
      when billing_interval = 'week' then decimal_ratio(52 * amount, 12 * coalesce(interval_count, 1))
      when billing_interval = 'day' then decimal_ratio(365 * amount, 12 * coalesce(interval_count, 1))
    end as monthly_amount,
    no_amount_reason,
    valid_from,
    lead(valid_from) over (partition by source, subscription_id order by valid_from) as next_from,
    started_at,
    trial_ends_at,
    ended_at
  from subscriptions_feed
  where not coalesce(is_deleted, false)
),

-- A version that is canceled was active before it ended: who tells of the present alone has no other.
counted as (
  select
    versions.*,
    case
      when status in ('active', 'past_due') or (status = 'canceled' and ended_at is not null)
        then case when trial_ends_at > valid_from then trial_ends_at else valid_from end
    end as counts_from,
    case when ended_at < next_from or next_from is null then ended_at else next_from end as counts_to
  from versions
),

bounded as (
  select
    counted.*,
    counts_from is not null and (counts_to is null or counts_to > counts_from) as is_counted
  from counted
),

dated as (
  select
    bounded.*,
    min(case when is_counted then local_date(counts_from, settings.time_zone) end)
      over (partition by source, subscription_id) as first_date,
    settings.reporting_currency
  from bounded
  cross join settings
),

valued as (
  select
    dated.source,
    dated.subscription_id,
    dated.customer_id,
    dated.customer_email,
    dated.status,
    dated.is_counted,
    dated.no_amount_reason,
    dated.currency,
    cast(dated.monthly_amount as decimal(18,6)) as monthly_amount,
    cast(
      case
        when not dated.is_counted or dated.monthly_amount = 0 then 0
        when dated.currency = dated.reporting_currency then dated.monthly_amount
        else cast(dated.monthly_amount as decimal(18,6)) * daily_rates.rate
      end as decimal(18,6)
    ) as mrr,
    case when dated.is_counted then dated.counts_from end as counts_from,
    case when dated.is_counted then dated.counts_to end as counts_to,
    dated.valid_from,
    dated.started_at,
    dated.ended_at
  from dated
  left join daily_rates
    on daily_rates.currency = dated.currency
    and daily_rates.rate_date = dated.first_date
)

select
  source,
  subscription_id,
  customer_id,
  customer_email,
  status,
  case
    when not is_counted then 'not_counted'
    when monthly_amount is null then 'no_amount'
    when mrr is null then 'missing_rate'
    else 'counted'
  end as mrr_status,
  case when monthly_amount is null then coalesce(no_amount_reason, 'not told') end as no_amount_reason,
  currency,
  monthly_amount,
  mrr,
  cast(case when is_counted and counts_to is null then coalesce(mrr, 0) else 0 end as decimal(18,6)) as standing_mrr,
  counts_from,
  counts_to,
  valid_from,
  started_at,
  ended_at
from valued
