/*
description: >-
  Days (weeks, months) of the last 60 days that are missing between others of an ad account: it spent on the same weekday
  the week before and spends again later, and no load tells that nothing was spent. A file that nobody exported. Of a longer hole those within a week
  of the last spend are found; each says how long it is. And accounts
  that spent on at least five days, the last within 30 days, and that their platform lists no more: closed, or not to be read
  any more. One row per account and day.
grain: [subject, day]
tags: [data]
check:
  gates: coverage
  remedy: "See `revops query \"select * from account_days order by spend_date\"`; export that day again and load it; give the user access to the account; `revops ack gaps --subject …` where nothing was spent."
columns:
  subject: { type: text, description: "Platform, account and grain.", tests: [not_null] }
  day: { type: date, description: "The day that is missing; of a week or month its first.", tests: [not_null] }
  severity: { type: text, description: error., tests: [not_null] }
  detail: { type: text, description: What is there around it., tests: [not_null] }
*/
with expected as (
  select
    platform,
    account_id,
    source_grain,
    spend_date as like_date,
    case source_grain when 'day' then spend_date + 7 else next_period_start(spend_date, source_grain) end as spend_date
  from account_days
),

-- What is missing beyond the days that have a like one is told of with these.
holes as (
  select
    platform,
    account_id,
    source_grain,
    spend_date as before_date,
    case source_grain when 'day' then spend_date + 1 else next_period_start(spend_date, source_grain) end as missing_from,
    lead(spend_date) over (partition by platform, account_id, source_grain order by spend_date) as after_date
  from account_days
),

ends as (
  select platform, account_id, source_grain, max(spend_date) as last_date
  from account_days
  group by platform, account_id, source_grain
),

listed as (
  select replace(connector, '-', '_') as platform, account_id
  from source_coverage
  where feed = 'ad_spend'
),

unlisted as (
  select account_days.platform, account_days.account_id, max(account_days.spend_date) as last_date
  from account_days
  cross join clock
  left join listed
    on listed.platform = account_days.platform
    and listed.account_id = account_days.account_id
  where listed.platform is null
    and account_days.platform in (select platform from listed)
    and account_days.source_grain = 'day'
    and account_days.spend_date > clock.today - 60
  group by account_days.platform, account_days.account_id
  having count(*) >= 5
)

select
  expected.platform || case when expected.account_id = '' then '' else ' ' || expected.account_id end || ' by ' || expected.source_grain as subject,
  expected.spend_date as day,
  'error' as severity,
  'no spend'
    || case
      when holes.after_date > case expected.source_grain when 'day' then holes.missing_from + 7 else next_period_start(expected.spend_date, expected.source_grain) end
        then ' from ' || cast(holes.missing_from as text) || ' through ' || cast(holes.after_date - 1 as text)
          || ', ' || cast(holes.after_date - holes.missing_from as text) || ' days'
      else ''
    end
    || ', while there is some on ' || cast(expected.like_date as text) || ' and up to ' || cast(ends.last_date as text) as detail
from expected
cross join clock
inner join ends
  on ends.platform = expected.platform
  and ends.account_id = expected.account_id
  and ends.source_grain = expected.source_grain
left join holes
  on holes.platform = expected.platform
  and holes.account_id = expected.account_id
  and holes.source_grain = expected.source_grain
  and holes.before_date < expected.spend_date
  and holes.after_date > expected.spend_date
left join account_days as found
  on found.platform = expected.platform
  and found.account_id = expected.account_id
  and found.source_grain = expected.source_grain
  and found.spend_date = expected.spend_date
left join source_coverage
  on source_coverage.feed = 'ad_spend'
  and replace(source_coverage.connector, '-', '_') = expected.platform
  and source_coverage.account_id = expected.account_id
  and expected.spend_date >= source_coverage.covered_from
  and expected.spend_date <= source_coverage.covered_to
left join holidays
  on holidays.holiday = expected.spend_date
where found.platform is null
  and source_coverage.connector is null
  and holidays.holiday is null
  and expected.spend_date < ends.last_date
  and expected.spend_date > clock.today - 60
group by expected.platform, expected.account_id, expected.source_grain, expected.spend_date, expected.like_date, ends.last_date,
  holes.missing_from, holes.after_date

union all

select
  unlisted.platform || ' ' || unlisted.account_id || ': not listed',
  unlisted.last_date + 1,
  'error',
  'spent until ' || cast(unlisted.last_date as text) || ', and the platform lists it no more: it was closed, or access was lost'
from unlisted
cross join clock
where unlisted.last_date > clock.today - 30
