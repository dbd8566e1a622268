/*
description: >-
  What ad platforms claim by their canonical action, beside the conversions that they had part in and all that happened, by
  day: claims on the day to which the platform books them, conversions on their own. The campaign (all) is the platform, the
  platform (all) everything together. Platforms and types of conversions without any claim are absent. One row per platform,
  campaign, conversion type and day.
grain: [platform, campaign_id, conversion_type, day]
columns:
  platform: { type: text, description: "Platform, as the connector is named; (all): every platform.", tests: [not_null] }
  campaign_id: { type: text, description: "Campaign; (all): the whole platform; (unknown): only the platform is known." }
  conversion_type: { type: text, description: "What is claimed, as in `claims_daily`.", tests: [not_null] }
  claimed: { type: 'decimal(18,6)', description: Conversions that the platform claims., tests: [not_null] }
  claimed_value: { type: 'decimal(18,6)', description: "Their value, whatever its currency: only whether there is any.", tests: [not_null] }
  claimed_amount: { type: 'decimal(18,6)', description: "Their value in the project's currency; NULL where an exchange rate is missing." }
  in_path: { type: bigint, description: "Conversions with the platform (campaign) in their path.", tests: [not_null] }
  in_path_amount: { type: 'decimal(18,6)', description: "Their amount in the project's currency; NULL where one is missing." }
  matched: { type: bigint, description: "Those in whose path it was the last platform (campaign).", tests: [not_null] }
  attributed: { type: 'decimal(18,12)', description: "Credit under the primary attribution model, as reported, of the conversions that stand.", tests: [not_null] }
  actual: { type: bigint, description: "Of (all): conversions of the type, whoever had part in them; else 0.", tests: [not_null] }
  actual_amount: { type: 'decimal(18,6)', description: "Their amount in the project's currency; NULL where one is missing." }
  day: { type: date, description: Day., tests: [not_null] }
*/
with claims as (
  select
    claims_daily.platform,
    claims_daily.campaign_id,
    claims_daily.conversion_type,
    claims_daily.claimed_conversions as claimed,
    claims_daily.claimed_value,
    claims_daily.claimed_value_reporting as claimed_amount,
    claims_daily.claim_date as day
  from claims_daily
  cross join settings
  where claims_daily.is_canonical
    and (settings.first_date is null or claims_daily.claim_date >= settings.first_date)
),

claimed_types as (
  select distinct platform, conversion_type
  from claims
),

counted_conversions as (
  select
    conversions.conversion_id,
    conversions.conversion_type,
    case when conversions.amount is null then 0 else conversions.amount_reporting end as amount,
    conversions.converted_date as day
  from conversions
  cross join settings
  where conversions.conversion_type in (select conversion_type from claimed_types)
    and (settings.first_date is null or conversions.converted_date >= settings.first_date)
),

-- A conversion in the path of whose people a platform is, once for the platform and once for each of its campaigns.
parts as (
  select
    conversion_platforms.conversion_id,
    conversion_platforms.platform,
    conversion_platforms.campaign_id,
    conversion_platforms.is_last
  from conversion_platforms
  inner join counted_conversions
    on counted_conversions.conversion_id = conversion_platforms.conversion_id
  inner join claimed_types
    on claimed_types.platform = conversion_platforms.platform
    and claimed_types.conversion_type = counted_conversions.conversion_type
),

parts_with_totals as (
  select conversion_id, platform, campaign_id, is_last
  from parts

  union all

  select conversion_id, platform, '(all)' as campaign_id, bool_or(is_last) as is_last
  from parts
  group by conversion_id, platform

  union all

  select conversion_id, '(all)' as platform, '(all)' as campaign_id, bool_or(is_last) as is_last
  from parts
  group by conversion_id
),

credits as (
  select
    coalesce(ad_touches.platform, attribution_credits.platform) as platform,
    coalesce(ad_touches.campaign_id, attribution_credits.campaign_id, '(unknown)') as campaign_id,
    attribution_credits.conversion_type,
    cast(attribution_credits.credit as decimal(18,12)) as credit,
    counted_conversions.day
  from attribution_credits
  cross join settings
  inner join counted_conversions
    on counted_conversions.conversion_id = attribution_credits.conversion_id
  left join ad_touches
    on ad_touches.touchpoint_id = attribution_credits.touchpoint_id
  inner join claimed_types
    on claimed_types.platform = coalesce(ad_touches.platform, attribution_credits.platform)
    and claimed_types.conversion_type = attribution_credits.conversion_type
  where attribution_credits.attribution_model = settings.primary_model
),

measures as (
  select
    platform,
    campaign_id,
    conversion_type,
    claimed,
    claimed_value,
    claimed_amount,
    cast(0 as bigint) as in_path,
    cast(0 as decimal(18,6)) as in_path_amount,
    cast(0 as bigint) as matched,
    cast(0 as decimal(18,12)) as attributed,
    cast(0 as bigint) as actual,
    cast(0 as decimal(18,6)) as actual_amount,
    day
  from claims

  union all

  select platform, '(all)', conversion_type, claimed, claimed_value, claimed_amount, 0, 0, 0, 0, 0, 0, day
  from claims

  union all

  select '(all)', '(all)', conversion_type, claimed, claimed_value, claimed_amount, 0, 0, 0, 0, 0, 0, day
  from claims

  union all

  select
    parts_with_totals.platform,
    parts_with_totals.campaign_id,
    counted_conversions.conversion_type,
    0,
    0,
    0,
    1,
    counted_conversions.amount,
    case when parts_with_totals.is_last then 1 else 0 end,
    0,
    0,
    0,
    counted_conversions.day
  from parts_with_totals
  inner join counted_conversions
    on counted_conversions.conversion_id = parts_with_totals.conversion_id

  union all

  select platform, campaign_id, conversion_type, 0, 0, 0, 0, 0, 0, credit, 0, 0, day
  from credits

  union all

  select platform, '(all)', conversion_type, 0, 0, 0, 0, 0, 0, credit, 0, 0, day
  from credits

  union all

  select '(all)', '(all)', conversion_type, 0, 0, 0, 0, 0, 0, credit, 0, 0, day
  from credits

  union all

  select '(all)', '(all)', conversion_type, 0, 0, 0, 0, 0, 0, 0, 1, amount, day
  from counted_conversions
)

select
  platform,
  campaign_id,
  conversion_type,
  cast(sum(claimed) as decimal(18,6)) as claimed,
  cast(sum(claimed_value) as decimal(18,6)) as claimed_value,
  case when count(*) = count(claimed_amount) then cast(sum(claimed_amount) as decimal(18,6)) end as claimed_amount,
  cast(sum(in_path) as bigint) as in_path,
  case when count(*) = count(in_path_amount) then cast(sum(in_path_amount) as decimal(18,6)) end as in_path_amount,
  cast(sum(matched) as bigint) as matched,
  cast(sum(attributed) as decimal(18,12)) as attributed,
  cast(sum(actual) as bigint) as actual,
  case when count(*) = count(actual_amount) then cast(sum(actual_amount) as decimal(18,6)) end as actual_amount,
  day
from measures
group by platform, campaign_id, conversion_type, day
