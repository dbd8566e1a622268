/*
description: >-
  What every deal was, in turn: open, won, lost, from when to when. Moving on between stages that mean the same begins
  nothing new, so a deal that is re-opened and won again has two times won. One row per source, deal and beginning.
grain: [source, deal_id, began_at]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  outcome: { type: text, description: "As in `deal_stages`: open, won, lost or closed.", tests: [not_null, { accepted_values: [open, won, lost, closed] }] }
  definition_version: { type: text, description: "Version of the definition by which it is won; NULL where it is not." }
  actor: { type: text, description: "Who moved the deal: manual, automation or import; NULL where that is not told." }
  ended_by: { type: text, description: "The outcome after it; NULL of the last." }
  ended_by_actor: { type: text, description: "Who moved the deal on; NULL where that is not told." }
  wins: { type: bigint, description: "How often the deal was won up to here, this time included.", tests: [not_null] }
  began_at: { type: timestamptz, description: When its first stage was entered., tests: [not_null] }
  ended_at: { type: timestamptz, description: "When the first stage of another outcome was entered; NULL of the last." }
  recorded_at: { type: timestamptz, description: "When the CRM learnt of began_at; NULL where it does not tell." }
  end_recorded_at: { type: timestamptz, description: "When the CRM learnt of ended_at; NULL where it does not tell." }
*/
with entries as (
  select
    source,
    deal_id,
    outcome,
    definition_version,
    actor,
    entered_at,
    recorded_at,
    lag(outcome) over (partition by source, deal_id order by entered_at) as previous_outcome
  from deal_stages
)

select
  source,
  deal_id,
  outcome,
  definition_version,
  actor,
  lead(outcome) over (partition by source, deal_id order by entered_at) as ended_by,
  lead(actor) over (partition by source, deal_id order by entered_at) as ended_by_actor,
  cast(
    sum(case when outcome = 'won' then 1 else 0 end) over (partition by source, deal_id order by entered_at) as bigint
  ) as wins,
  entered_at as began_at,
  lead(entered_at) over (partition by source, deal_id order by entered_at) as ended_at,
  recorded_at,
  lead(recorded_at) over (partition by source, deal_id order by entered_at) as end_recorded_at
from entries
where previous_outcome is null or previous_outcome <> outcome
