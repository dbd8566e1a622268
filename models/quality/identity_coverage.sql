/*
description: >-
  Conversions of the last 90 days that too seldom have a touchpoint before them, and so no channel. One row per type of
  conversion.
grain: [subject]
tags: [attribution]
check:
  gates: coverage
  remedy: "Look with `revops explain conversion` at some of `revops query \"select * from unattributed_conversions\"`: no e-mail on the contact, no hidden fields in the form, or no tracking on the page."
columns:
  subject: { type: text, description: Type of conversion., tests: [not_null, unique] }
  day: { type: date, description: Day of the latest one., tests: [not_null] }
  severity: { type: text, description: error., tests: [not_null] }
  detail: { type: text, description: The share and the one wanted., tests: [not_null] }
  conversions: { type: bigint, description: Conversions of the last 90 days., tests: [not_null] }
  with_touch: { type: bigint, description: Of them with a touchpoint before., tests: [not_null] }
*/
with paths as (
  select distinct conversion_id
  from conversion_touchpoints
),

shares as (
  select
    conversions.conversion_type,
    max(conversions.converted_date) as day,
    count(*) as conversions,
    count(paths.conversion_id) as with_touch
  from conversions
  cross join clock
  left join paths
    on paths.conversion_id = conversions.conversion_id
  where conversions.converted_date > clock.today - 90
  group by conversions.conversion_type
)

select
  shares.conversion_type as subject,
  shares.day,
  'error' as severity,
  cast(shares.with_touch as text) || ' of ' || cast(shares.conversions as text) || ' have a touchpoint before them, '
    || rtrim(rtrim(cast(cast(100 * check_settings.least_identified as decimal(9,4)) as text), '0'), '.') || ' % are wanted' as detail,
  shares.conversions,
  shares.with_touch
from shares
cross join check_settings
-- Of fewer than twenty the share says little.
where shares.conversions >= 20
  and shares.with_touch < check_settings.least_identified * shares.conversions
