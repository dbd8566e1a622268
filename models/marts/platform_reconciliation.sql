/*
description: >-
  What ad platforms claim, held against the conversions that happened: per platform and campaign, by day, week, month and
  quarter of the project's time zone. Claims are those of a platform's canonical action alone, on the day to which the
  platform books them; conversions are on their own day. The campaign (all) is the platform, the platform (all) everything
  together. Platforms and types of conversions without any claim are absent. One row per platform, campaign, conversion
  type, period grain and period.
grain: [platform, campaign_id, conversion_type, period_grain, period_start]
columns:
  platform: { type: text, description: "Platform, as the connector is named; (all): every platform.", tests: [not_null] }
  campaign_id: { type: text, description: "Campaign; (all): the whole platform; (unknown): only the platform is known.", tests: [not_null] }
  campaign_name: { type: text, description: "Name of the campaign as last seen; NULL where not known." }
  conversion_type: { type: text, description: "What is claimed, by the action's category (`conversion_type_by_action`); (unmapped) where that is not listed.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  claimed: { type: 'decimal(18,6)', description: Conversions that the platform claims., tests: [not_null] }
  claimed_amount: { type: 'decimal(18,6)', description: "Their value in the project's currency; NULL where an exchange rate is missing." }
  in_path: { type: bigint, description: "Conversions with the platform (campaign) in their path.", tests: [not_null] }
  in_path_amount: { type: 'decimal(18,6)', description: "Their amount in the project's currency; NULL where one is missing." }
  matched: { type: bigint, description: "Those in whose path it was the last platform (campaign): over all platforms never more than actual.", tests: [not_null] }
  attributed: { type: double, description: "Credit under the primary attribution model, as reported, of the conversions that stand: over all never more than actual.", tests: [not_null] }
  actual: { type: bigint, description: "All conversions of the type, whoever had part in them.", tests: [not_null] }
  actual_amount: { type: 'decimal(18,6)', description: "Their amount in the project's currency; NULL where one is missing." }
  unmatched_claims: { type: 'decimal(18,6)', description: "Claims beyond in_path; 0 where there are none.", tests: [not_null] }
  excess: { type: 'decimal(18,6)', description: "claimed less actual: claims beyond all that happened; negative where less was claimed.", tests: [not_null] }
  overclaim_ratio: { type: double, description: "claimed / actual; NULL where nothing happened." }
  difference: { type: double, description: "Share by which claimed differs from what it is judged by: in_path, or actual of (all); NULL where that is 0." }
  status: { type: text, description: "ok: within the tolerance; overclaimed; underclaimed; unmapped_action: what is claimed is not known; incomplete_period.", tests: [not_null, { accepted_values: [ok, overclaimed, underclaimed, unmapped_action, incomplete_period] }] }
  amount_status: { type: text, description: "The same of the amounts of customers; no_amounts where no value is claimed, or of other types; missing_amount where an amount or a rate is missing.", tests: [not_null, { accepted_values: [ok, overclaimed, underclaimed, unmapped_action, incomplete_period, no_amounts, missing_amount] }] }
  is_complete: { type: boolean, description: "Whether the period is over in the project's time zone and claims, deals and contacts cover it.", tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
tests:
  - expression: "matched <= in_path and in_path <= actual and attributed <= actual + 0.000001"
*/
with grains as (
  select period_grain
  from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),

by_period as (
  select
    reconciliation_days.platform,
    reconciliation_days.campaign_id,
    reconciliation_days.conversion_type,
    grains.period_grain,
    cast(sum(reconciliation_days.claimed) as decimal(18,6)) as claimed,
    cast(sum(reconciliation_days.claimed_value) as decimal(18,6)) as claimed_value,
    -- One amount that is missing leaves the sum unknown.
    case
      when count(*) = count(reconciliation_days.claimed_amount)
        then cast(sum(reconciliation_days.claimed_amount) as decimal(18,6))
    end as claimed_amount,
    cast(sum(reconciliation_days.in_path) as bigint) as in_path,
    case
      when count(*) = count(reconciliation_days.in_path_amount)
        then cast(sum(reconciliation_days.in_path_amount) as decimal(18,6))
    end as in_path_amount,
    cast(sum(reconciliation_days.matched) as bigint) as matched,
    cast(round(sum(reconciliation_days.attributed), 9) as double precision) as attributed,
    cast(sum(reconciliation_days.actual) as bigint) as actual,
    case
      when count(*) = count(reconciliation_days.actual_amount)
        then cast(sum(reconciliation_days.actual_amount) as decimal(18,6))
    end as actual_amount,
    period_start(reconciliation_days.day, grains.period_grain, settings.week_start) as period_start
  from reconciliation_days
  cross join grains
  cross join settings
  group by
    reconciliation_days.platform,
    reconciliation_days.campaign_id,
    reconciliation_days.conversion_type,
    grains.period_grain,
    period_start(reconciliation_days.day, grains.period_grain, settings.week_start)
),

-- The day up to which everything is known; NULL where a source was never loaded.
last_days as (
  select today - 1 as last_day
  from clock

  union all

  select covered_to
  from source_coverage
  where feed = 'ad_claims'

  union all

  select local_date(source_coverage.covered_until, settings.time_zone) - 1
  from source_coverage
  cross join settings
  where source_coverage.feed in ('deals', 'deal_stage_changes', 'contacts')
),

complete_range as (
  select
    (select max(covered_from) from source_coverage where feed = 'ad_claims') as claims_from,
    case when count(*) = count(last_day) then min(last_day) end as last_day
  from last_days
),

campaign_names as (
  select platform, campaign_id, max(campaign_name) as campaign_name
  from campaigns
  group by platform, campaign_id
),

compared as (
  select
    by_period.platform,
    by_period.campaign_id,
    campaign_names.campaign_name,
    by_period.conversion_type,
    by_period.period_grain,
    by_period.claimed,
    by_period.claimed_value,
    by_period.claimed_amount,
    by_period.in_path,
    by_period.in_path_amount,
    by_period.matched,
    by_period.attributed,
    everything.actual,
    everything.actual_amount,
    -- Platforms together may claim less than all that happened; one platform neither more nor less than it had part in.
    by_period.platform = '(all)' as is_total,
    case when by_period.platform = '(all)' then everything.actual else by_period.in_path end as expected,
    case
      when by_period.platform = '(all)' then everything.actual_amount
      else by_period.in_path_amount
    end as expected_amount,
    reconciliation_settings.conversion_tolerance,
    reconciliation_settings.amount_tolerance,
    coalesce(next_period_start(by_period.period_start, by_period.period_grain) - 1 <= complete_range.last_day, false)
      and by_period.period_start >= coalesce(complete_range.claims_from, by_period.period_start) as is_complete,
    by_period.period_start,
    next_period_start(by_period.period_start, by_period.period_grain) - 1 as period_end
  from by_period
  cross join complete_range
  cross join reconciliation_settings
  inner join by_period as everything
    on everything.platform = '(all)'
    and everything.conversion_type = by_period.conversion_type
    and everything.period_grain = by_period.period_grain
    and everything.period_start = by_period.period_start
  left join campaign_names
    on campaign_names.platform = by_period.platform
    and campaign_names.campaign_id = by_period.campaign_id
)

select
  platform,
  campaign_id,
  campaign_name,
  conversion_type,
  period_grain,
  claimed,
  claimed_amount,
  in_path,
  in_path_amount,
  matched,
  attributed,
  actual,
  actual_amount,
  cast(greatest(claimed - in_path, 0) as decimal(18,6)) as unmatched_claims,
  cast(claimed - actual as decimal(18,6)) as excess,
  case when actual > 0 then cast(claimed as double precision) / cast(actual as double precision) end as overclaim_ratio,
  case
    when expected > 0 then cast(claimed - expected as double precision) / cast(expected as double precision)
  end as difference,
  case
    when conversion_type = '(unmapped)' then 'unmapped_action'
    when not is_complete then 'incomplete_period'
    when claimed > expected * (1 + conversion_tolerance) then 'overclaimed'
    when not is_total and claimed < expected * (1 - conversion_tolerance) then 'underclaimed'
    else 'ok'
  end as status,
  case
    when conversion_type = '(unmapped)' then 'unmapped_action'
    when conversion_type <> 'customer' or claimed_value = 0 then 'no_amounts'
    when not is_complete then 'incomplete_period'
    when claimed_amount is null or expected_amount is null then 'missing_amount'
    when claimed_amount > cast(expected_amount as decimal(28,6)) * (1 + amount_tolerance) then 'overclaimed'
    when not is_total and claimed_amount < cast(expected_amount as decimal(28,6)) * (1 - amount_tolerance) then 'underclaimed'
    else 'ok'
  end as amount_status,
  is_complete,
  period_start,
  period_end
from compared
