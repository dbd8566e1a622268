/*
description: >-
  Weeks, of the last eight complete ones, in which too large a share of conversions has no touchpoint, only Direct, or a
  channel that no rule knows. One row per week.
grain: [subject]
tags: [attribution]
check:
  remedy: "See `revops query \"select * from traffic_channels where channel = 'Unassigned'\"` for sources without a rule, and models/reference/own_channel_rules.csv to add one."
columns:
  subject: { type: text, description: "The week, by its first day.", tests: [not_null, unique] }
  day: { type: date, description: First day of the week., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: The shares., tests: [not_null] }
  conversions: { type: bigint, description: Conversions of the week., tests: [not_null] }
*/
with kinds as (
  select
    conversions.conversion_id,
    period_start(conversions.converted_date, 'week', settings.week_start) as week,
    count(conversion_touchpoints.touchpoint_id) as touches,
    count(*) filter (where conversion_touchpoints.channel <> 'Direct') as other_than_direct,
    count(*) filter (where conversion_touchpoints.channel not in ('Direct', 'Unassigned')) as known
  from conversions
  cross join settings
  cross join clock
  left join conversion_touchpoints
    on conversion_touchpoints.conversion_id = conversions.conversion_id
  where conversions.converted_date >= period_start(clock.today, 'week', settings.week_start) - 56
    and conversions.converted_date < period_start(clock.today, 'week', settings.week_start)
  group by conversions.conversion_id, period_start(conversions.converted_date, 'week', settings.week_start)
),

weeks as (
  select
    week,
    count(*) as conversions,
    count(*) filter (where touches = 0) as without_touch,
    count(*) filter (where touches > 0 and other_than_direct = 0) as only_direct,
    count(*) filter (where other_than_direct > 0 and known = 0) as unassigned
  from kinds
  group by week
)

select
  'week of ' || cast(weeks.week as text) as subject,
  weeks.week as day,
  'warning' as severity,
  'of ' || cast(weeks.conversions as text) || ' conversions ' || cast(weeks.without_touch as text) || ' have no touchpoint, '
    || cast(weeks.only_direct as text) || ' only Direct, ' || cast(weeks.unassigned as text) || ' an unassigned channel' as detail,
  weeks.conversions
from weeks
cross join check_settings
where weeks.conversions >= 10
  and weeks.without_touch + weeks.only_direct + weeks.unassigned > check_settings.most_unattributed * weeks.conversions
