/*
description: >-
  Platforms whose claims of the last complete month are outside of the tolerance of what happened, by
  `platform_reconciliation`: number or value. Claims enter no CAC; who steers bids by them steers by these. One row per
  platform and type of conversion.
grain: [subject]
tags: [attribution]
check:
  remedy: "See `revops reconcile --campaigns` and docs/reconciliation.md for where the difference comes from."
columns:
  subject: { type: text, description: "Platform, or (all) for everything together, and type of conversion.", tests: [not_null, unique] }
  day: { type: date, description: First day of the month., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: What is claimed and what happened., tests: [not_null] }
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
  case
    when platform_reconciliation.status = 'ok' then 'the value is ' || platform_reconciliation.amount_status
    else cast(cast(platform_reconciliation.claimed as decimal(18,2)) as text) || ' claimed, '
      || cast(case when platform_reconciliation.platform = '(all)' then platform_reconciliation.actual else platform_reconciliation.in_path end as text)
      || case when platform_reconciliation.platform = '(all)' then ' happened' else ' with it in their path' end
      || case
        when platform_reconciliation.amount_status in ('overclaimed', 'underclaimed')
          then '; the value is ' || platform_reconciliation.amount_status
        else ''
      end
  end as detail
from platform_reconciliation
inner join last_month
  on last_month.period_start = platform_reconciliation.period_start
where platform_reconciliation.period_grain = 'month'
  and platform_reconciliation.campaign_id = '(all)'
  and (
    platform_reconciliation.status in ('overclaimed', 'underclaimed')
    or platform_reconciliation.amount_status in ('overclaimed', 'underclaimed')
  )
