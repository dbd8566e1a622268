/*
description: >-
  Quarters, of the last four complete ones, of whose won deals too few can be traced back to a touchpoint. One row per
  quarter.
grain: [subject]
tags: [attribution]
check:
  remedy: "`revops query \"select reason, count(*) from unattributed_conversions group by reason\"` says where the chains break, `revops trace deal` of one of them where it does."
columns:
  subject: { type: text, description: "The quarter, by its first day.", tests: [not_null, unique] }
  day: { type: date, description: First day of the quarter., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: "The shares of deals and of their amounts, in percent.", tests: [not_null] }
  conversions: { type: bigint, description: Deals won in the quarter., tests: [not_null] }
*/
select
  'quarter of ' || cast(revenue_sources.period_start as text) as subject,
  revenue_sources.period_start as day,
  'warning' as severity,
  'of ' || cast(revenue_sources.conversions as text) || ' won deals ' || cast(revenue_sources.traceable_conversions as text)
    || ' (' || cast(cast(round(100 * cast(revenue_sources.traceable_share as decimal(18,6)), 0) as bigint) as text)
    || ' %) have a touchpoint'
    || coalesce(
      ', and ' || cast(cast(round(100 * cast(revenue_sources.traceable_amount_share as decimal(18,6)), 0) as bigint) as text)
        || ' % of their amount',
      ''
    ) as detail,
  revenue_sources.conversions
from revenue_sources
cross join check_settings
cross join settings
cross join clock
where revenue_sources.conversion_type = 'customer'
  and revenue_sources.period_grain = 'quarter'
  and revenue_sources.period_end < clock.today
  and revenue_sources.period_end >= period_start(clock.today, 'quarter', settings.week_start) - 366
  and revenue_sources.conversions >= 10
  and revenue_sources.traceable_share < check_settings.least_identified
