/*
description: >-
  Wins that ended, and when: the deal was re-opened, lost, deleted (or merged into another) after its credits had
  settled, or all that was paid was given back. From then on the customer is known as none; what was reported stays as it
  was. One row per win, cause and time.
grain: [conversion_id, cause, reversed_at]
key: [source, deal_id]
columns:
  conversion_id: { type: text, description: "The win, as `conversions` had it.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  deal_id: { type: text, description: "The deal; NULL where a contact was won." }
  company_id: { type: text, description: Company of the deal; NULL where none. }
  cause: { type: text, description: "reopened, lost, deleted or refunded.", tests: [not_null, { accepted_values: [reopened, lost, deleted, refunded] }] }
  actor: { type: text, description: "Who moved the deal: manual, automation or import; NULL where that is not told." }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: "Amount of the deal, as known now." }
  is_won_again: { type: boolean, description: "Whether the deal was won again afterwards: its conversion then stands, from the last win.", tests: [not_null] }
  reversed_date: { type: date, description: "Day of reversed_at in the project's time zone.", tests: [not_null] }
  won_at: { type: timestamptz, description: When it had been won. }
  reversed_at: { type: timestamptz, description: When it ended., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When the system learnt of it; NULL where it does not tell. }
*/
with entries as (
  select
    source,
    deal_id,
    outcome,
    actor,
    entered_at,
    recorded_at,
    lag(outcome) over (partition by source, deal_id order by entered_at) as previous_outcome
  from deal_stages
),

marked_entries as (
  select
    source,
    deal_id,
    outcome,
    actor,
    entered_at,
    recorded_at,
    outcome <> 'won' and previous_outcome = 'won' as is_end,
    case when outcome = 'won' and coalesce(previous_outcome, '') <> 'won' then entered_at end as won_at
  from entries
),

wins as (
  select
    source,
    deal_id,
    outcome,
    actor,
    entered_at,
    recorded_at,
    is_end,
    max(won_at) over (partition by source, deal_id order by entered_at) as won_at,
    max(won_at) over (partition by source, deal_id) as last_won_at
  from marked_entries
),

ends as (
  select
    source,
    deal_id,
    case outcome when 'lost' then 'lost' else 'reopened' end as cause,
    actor,
    last_won_at > entered_at as is_won_again,
    won_at,
    entered_at as reversed_at,
    recorded_at
  from wins
  where is_end

  union all

  -- What is deleted before its credits settle never was.
  select
    deals.source,
    deals.deal_id,
    'deleted' as cause,
    cast(null as text) as actor,
    false as is_won_again,
    deals.won_at,
    deals.updated_at as reversed_at,
    deals.updated_at as recorded_at
  from deals
  cross join settings
  where deals.is_deleted
    and deals.outcome = 'won'
    and deals.updated_at >= deals.won_at + elapsed_days(settings.settle_days)
),

reversals as (
  select
    'customer:' || ends.source || ':' || ends.deal_id as conversion_id,
    ends.source,
    ends.deal_id,
    ends.cause,
    ends.actor,
    ends.is_won_again,
    ends.won_at,
    ends.reversed_at,
    ends.recorded_at
  from ends

  union all

  select
    refunded_conversions.conversion_id,
    refunded_conversions.source,
    refunded_conversions.deal_id,
    'refunded' as cause,
    cast(null as text) as actor,
    false as is_won_again,
    deals.won_at,
    refunded_conversions.refunded_at as reversed_at,
    refunded_conversions.refunded_at as recorded_at
  from refunded_conversions
  left join deals
    on deals.source = refunded_conversions.source
    and deals.deal_id = refunded_conversions.deal_id
)

select
  reversals.conversion_id,
  reversals.source,
  reversals.deal_id,
  deals.company_id,
  reversals.cause,
  reversals.actor,
  deals.currency,
  deals.amount,
  reversals.is_won_again,
  local_date(reversals.reversed_at, settings.time_zone) as reversed_date,
  reversals.won_at,
  reversals.reversed_at,
  reversals.recorded_at
from reversals
cross join settings
left join deals
  on deals.source = reversals.source
  and deals.deal_id = reversals.deal_id
