/*
description: >-
  Wins that ended, and when: the deal was re-opened or lost, deleted or merged into another after its credits had
  settled, or all that was paid was given back. From then on the customer is known as none; what was reported stays as it
  was. One row per win, cause and time.
grain: [conversion_id, cause, reversed_at]
key: [source, deal_id]
columns:
  conversion_id: { type: text, description: "The win, as `conversions` had it.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  deal_id: { type: text, description: "The deal; NULL where a contact was won." }
  company_id: { type: text, description: Company of the deal; NULL where none. }
  merged_into_id: { type: text, description: "Deal that it was merged into; NULL where it was not." }
  cause: { type: text, description: "reopened, lost, merged, deleted or refunded.", tests: [not_null, { accepted_values: [reopened, lost, merged, deleted, refunded] }] }
  actor: { type: text, description: "Who moved the deal: manual, automation or import; NULL where that is not told." }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: "Amount of the deal, as known now." }
  is_won_again: { type: boolean, description: "Whether the deal was won again afterwards: that is a conversion of its own.", tests: [not_null] }
  reversed_date: { type: date, description: "Day of reversed_at in the project's time zone.", tests: [not_null] }
  won_at: { type: timestamptz, description: When it had been won. }
  reversed_at: { type: timestamptz, description: When it ended., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When the system learnt of it; NULL where it does not tell. }
*/
with ends as (
  select
    source,
    deal_id,
    wins,
    case ended_by when 'lost' then 'lost' else 'reopened' end as cause,
    cast(null as text) as merged_into_id,
    ended_by_actor as actor,
    began_at as won_at,
    ended_at as reversed_at,
    end_recorded_at as recorded_at
  from deal_outcomes
  where outcome = 'won' and ended_at is not null
),

-- A single touchpoint that is withdrawn is noted, too: all of them are at the last.
withdrawn_conversions as (
  select conversion_id, max(noted_at) as noted_at, min(locked_locked_at) as locked_at
  from settled_credits_restatements
  where change = 'removed'
  group by conversion_id
),

deleted_wins as (
  select
    deals.source,
    deals.deal_id,
    deals.wins,
    case when deal_merges_feed.deal_id is null then 'deleted' else 'merged' end as cause,
    deal_merges_feed.merged_into_id,
    deals.won_at,
    coalesce(deal_merges_feed.merged_at, deals.updated_at) as told_at,
    -- Frozen before that where its period was closed, or a payment dates it earlier.
    least(deals.won_at + elapsed_days(settings.settle_days), withdrawn_conversions.locked_at) as settled_at,
    withdrawn_conversions.noted_at
  from deals
  cross join settings
  left join deal_merges_feed
    on deal_merges_feed.source = deals.source
    and deal_merges_feed.deal_id = deals.deal_id
  left join withdrawn_conversions
    on withdrawn_conversions.conversion_id = customer_id(deals.source, deals.deal_id, coalesce(deals.wins, 1))
  where deals.is_deleted and deals.outcome = 'won'
),

-- What is deleted before its credits settle never was. Where the CRM tells no time after that, it is the one of noticing.
all_ends as (
  select source, deal_id, wins, cause, merged_into_id, actor, won_at, reversed_at, recorded_at
  from ends

  union all

  select
    source,
    deal_id,
    wins,
    cause,
    merged_into_id,
    cast(null as text) as actor,
    won_at,
    case when told_at >= settled_at then told_at else noted_at end as reversed_at,
    case when told_at >= settled_at then told_at else noted_at end as recorded_at
  from deleted_wins
  where told_at >= settled_at or noted_at is not null
),

reversals as (
  select
    customer_id(all_ends.source, all_ends.deal_id, all_ends.wins) as conversion_id,
    all_ends.source,
    all_ends.deal_id,
    all_ends.merged_into_id,
    all_ends.cause,
    all_ends.actor,
    deals.wins > all_ends.wins as is_won_again,
    all_ends.won_at,
    all_ends.reversed_at,
    all_ends.recorded_at
  from all_ends
  left join deals
    on deals.source = all_ends.source
    and deals.deal_id = all_ends.deal_id

  union all

  select
    refunded_conversions.conversion_id,
    refunded_conversions.source,
    refunded_conversions.deal_id,
    cast(null as text) as merged_into_id,
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
  reversals.merged_into_id,
  reversals.cause,
  reversals.actor,
  deals.currency,
  deals.amount,
  coalesce(reversals.is_won_again, false) as is_won_again,
  local_date(reversals.reversed_at, settings.time_zone) as reversed_date,
  reversals.won_at,
  reversals.reversed_at,
  reversals.recorded_at
from reversals
cross join settings
left join deals
  on deals.source = reversals.source
  and deals.deal_id = reversals.deal_id
