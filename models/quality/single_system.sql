/*
description: >-
  Conversions that one system alone knows: what a platform claims in the last complete month beyond all conversions with it
  in their path, where that is more than half of what it claims. One row per platform and type of conversion.
grain: [subject]
tags: [data]
check:
  remedy: "The platform's own tag sees what your tracking does not: let forms and checkouts hand click ids to the CRM, and see `revops reconcile --campaigns`."
columns:
  subject: { type: text, description: Platform and type of conversion., tests: [not_null, unique] }
  day: { type: date, description: First day of the month., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many of how many., tests: [not_null] }
  known_to_platform_only: { type: 'decimal(18,6)', description: Claims beyond the conversions with the platform in their path., tests: [not_null] }
*/
with last_month as (
  select max(period_start) as period_start
  from platform_reconciliation
  where period_grain = 'month'
    and is_complete
)

select
  platform_reconciliation.platform || ', ' || platform_reconciliation.conversion_type as subject,
  platform_reconciliation.period_start as day,
  'warning' as severity,
  cast(cast(platform_reconciliation.unmatched_claims as decimal(18,2)) as text) || ' of '
    || cast(cast(platform_reconciliation.claimed as decimal(18,2)) as text) || ' conversions are known to it alone' as detail,
  platform_reconciliation.unmatched_claims as known_to_platform_only
from platform_reconciliation
inner join last_month
  on last_month.period_start = platform_reconciliation.period_start
where platform_reconciliation.period_grain = 'month'
  and platform_reconciliation.campaign_id = '(all)'
  and platform_reconciliation.platform <> '(all)'
  and platform_reconciliation.unmatched_claims >= 5
  and 2 * platform_reconciliation.unmatched_claims > platform_reconciliation.claimed
