/*
description: >-
  Types of conversions of which more than one in ten take longer than the lookback of attribution: their first touchpoints
  get no credit. One row per type of conversion.
grain: [subject]
tags: [attribution]
check:
  remedy: "See `revops query \"select * from cycle_lengths\"`; set attribution.lookbackDays to at least the days named, and agree to it with `revops lock reset --reason \"…\"`; or take the shorter path deliberately, and `revops ack` it."
columns:
  subject: { type: text, description: Type of conversion., tests: [not_null, unique] }
  day: { type: date, description: About no day. }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: Days they take and days that are looked back., tests: [not_null] }
*/
select
  cycle_lengths.conversion_type as subject,
  cast(null as date) as day,
  'warning' as severity,
  'nine of ten come within ' || cast(cast(cycle_lengths.p90_days as decimal(18,1)) as text) || ' days of the first touchpoint, attribution looks back '
    || cast(settings.lookback_days as text) as detail
from cycle_lengths
cross join settings
where cycle_lengths.channel = '(all)'
  and cycle_lengths.conversions >= 20
  and cycle_lengths.p90_days > settings.lookback_days
