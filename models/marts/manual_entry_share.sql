/*
description: >-
  How much of what the CRM's history holds was entered by people, and how much by workflows, integrations and imports. One
  row per source and field.
grain: [source, field]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  field: { type: text, description: "deal_stage or lifecycle_stage.", tests: [not_null, { accepted_values: [deal_stage, lifecycle_stage] }] }
  entries: { type: bigint, description: Entries into a stage., tests: [not_null] }
  manual_entries: { type: bigint, description: By people., tests: [not_null] }
  automation_entries: { type: bigint, description: By workflows and integrations., tests: [not_null] }
  import_entries: { type: bigint, description: By imports., tests: [not_null] }
  unknown_entries: { type: bigint, description: Those of which the CRM does not tell., tests: [not_null] }
  manual_share: { type: double, description: "manual_entries over all of which the CRM tells; NULL where it tells of none." }
  last_entered_at: { type: timestamptz, description: The latest entry. }
*/
with entries as (
  select source, 'deal_stage' as field, actor, entered_at
  from deal_stage_changes_feed

  union all

  select source, 'lifecycle_stage' as field, actor, entered_at
  from contact_stage_changes_feed
),

counted as (
  select
    source,
    field,
    count(*) as entries,
    count(*) filter (where actor = 'manual') as manual_entries,
    count(*) filter (where actor = 'automation') as automation_entries,
    count(*) filter (where actor = 'import') as import_entries,
    count(*) filter (where actor is null) as unknown_entries,
    max(entered_at) as last_entered_at
  from entries
  group by source, field
)

select
  source,
  field,
  entries,
  manual_entries,
  automation_entries,
  import_entries,
  unknown_entries,
  case
    when entries > unknown_entries
      then cast(manual_entries as double precision) / cast(entries - unknown_entries as double precision)
  end as manual_share,
  last_entered_at
from counted
