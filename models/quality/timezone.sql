/*
description: >-
  Ad accounts whose days are not the project's: their spend of a day is some hours apart from the conversions of that
  day. Nothing is shifted. One row per account.
grain: [subject]
tags: [data]
check:
  remedy: "Compare by week or month, where a few hours do not matter, or set the project's timeZone to that of most spend. The rows: `revops query \"select platform, account_id, account_time_zone, count(*) from spend_daily group by 1, 2, 3\"`."
columns:
  subject: { type: text, description: Platform and account., tests: [not_null, unique] }
  day: { type: date, description: Last day with spend., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: Both time zones., tests: [not_null] }
*/
select
  spend_daily.platform || ' ' || spend_daily.account_id as subject,
  max(spend_daily.spend_date) as day,
  'warning' as severity,
  'its days are those of ' || min(spend_daily.account_time_zone) || ', the project''s those of ' || min(settings.time_zone) as detail
from spend_daily
cross join settings
where spend_daily.account_time_zone <> settings.time_zone
group by spend_daily.platform, spend_daily.account_id
