/*
description: >-
  Ad platforms whose clicks lead to nobody: of the people of the last 90 days who came first by an ad, so many fewer are
  known than of those who came otherwise that chance does not explain it. Then the click is lost between the ad and the
  form: by a redirect, another domain, an ended cookie, a form that does not keep the click id. What they led to looks
  Direct. One row per platform.
grain: [subject]
tags: [attribution]
check:
  gates: coverage
  remedy: "Click an ad yourself, fill in the form, and look at `revops explain person` with your address: the click has to be there. `revops query \"select * from unlinked_paid_clicks order by occurred_at desc\"` has the clicks; give the form a hidden field for the click id, and one anonymous id to all of your domains."
columns:
  subject: { type: text, description: "Ad platform, as the connector is named.", tests: [not_null, unique] }
  day: { type: date, description: Day on which the latest of its people came., tests: [not_null] }
  severity: { type: text, description: "warning; error below half of the wanted share.", tests: [not_null] }
  detail: { type: text, description: How many are known of how many., tests: [not_null] }
  clickers: { type: bigint, description: People who came first by an ad of the platform., tests: [not_null] }
  known_clickers: { type: bigint, description: Of them those who are known., tests: [not_null] }
  others: { type: bigint, description: People whose first touchpoint no ad click id is on., tests: [not_null] }
  known_others: { type: bigint, description: Of them those who are known., tests: [not_null] }
*/
-- Only newcomers, and by their own doing: customers who log in, or whom only the CRM tells of, are known anyway.
with newcomers as (
  select
    platform_by_click_id.platform,
    people.is_known,
    local_date(people.original_at, settings.time_zone) as day
  from people
  cross join settings
  cross join clock
  inner join touchpoints
    on touchpoints.touchpoint_id = people.original_touchpoint_id
  left join platform_by_click_id
    on platform_by_click_id.click_id_type = touchpoints.click_id_type
    and platform_by_click_id.is_ad_only
  where touchpoints.origin in ('web', 'form')
    and local_date(people.original_at, settings.time_zone) > clock.today - 90
    and local_date(people.original_at, settings.time_zone) <= clock.today
),

unpaid as (
  select count(*) as others, count(*) filter (where is_known) as known_others
  from newcomers
  where platform is null
),

counted as (
  select platform, max(day) as day, count(*) as clickers, count(*) filter (where is_known) as known_clickers
  from newcomers
  where platform is not null
  group by platform
),

-- Against the check: the most of the one share that may be, and the least of the other that is proven.
shares as (
  select
    counted.platform,
    counted.day,
    counted.clickers,
    counted.known_clickers,
    unpaid.others,
    unpaid.known_others,
    1 - proven_share(counted.clickers - counted.known_clickers, counted.clickers) as most_known,
    proven_share(unpaid.known_others, unpaid.others) as least_wanted
  from counted
  cross join unpaid
)

select
  shares.platform as subject,
  shares.day,
  case when 2 * shares.most_known < check_settings.least_linked * shares.least_wanted then 'error' else 'warning' end as severity,
  cast(shares.known_clickers as text) || ' of ' || cast(shares.clickers as text) || ' people who came first by an ad are known, '
    || cast(shares.known_others as text) || ' of ' || cast(shares.others as text) || ' who came otherwise' as detail,
  shares.clickers,
  shares.known_clickers,
  shares.others,
  shares.known_others
from shares
cross join check_settings
where shares.most_known < check_settings.least_linked * shares.least_wanted
