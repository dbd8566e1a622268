/*
description: >-
  What `revops status` judges the layers of revenue operations by, in numbers: what sources there are and whether people are
  known across them, what a qualified lead is, how many wins can be traced to a first touch, and how much is going on. One
  row per day, that of the build.
grain: [as_of_date]
columns:
  as_of_date: { type: date, description: Day of the build., tests: [not_null] }
  has_spend: { type: boolean, description: Whether there is ad spend., tests: [not_null] }
  has_deals: { type: boolean, description: Whether there are deals., tests: [not_null] }
  has_events: { type: boolean, description: Whether there are events., tests: [not_null] }
  known_people: { type: bigint, description: People whom a CRM has met in the last 90 days., tests: [not_null] }
  linked_people: { type: bigint, description: "Of them, those of whom a device, a user, a click or a second system is known.", tests: [not_null] }
  leads: { type: bigint, description: Leads of the last 90 days., tests: [not_null] }
  qualified_leads: { type: bigint, description: Mqls and sqls of the last 90 days., tests: [not_null] }
  wins: { type: bigint, description: Customers of the last 365 days., tests: [not_null] }
  traced_wins: { type: bigint, description: Those with a touchpoint of their people before them., tests: [not_null] }
  monthly_conversions: { type: double, description: "Conversions a month, over 90 days, of the type that there are most of.", tests: [not_null] }
  spend_channels: { type: bigint, description: Channels with spend in the last 90 days., tests: [not_null] }
  channels: { type: bigint, description: "Channels in the paths of the conversions of the last 90 days, but for Direct and Unassigned.", tests: [not_null] }
  median_cycle_days: { type: double, description: Days from first touch to customer of half of them; NULL where none is traced. }
  p90_cycle_days: { type: double, description: The same of nine of ten. }
  history_weeks: { type: bigint, description: Whole weeks since the first conversion., tests: [not_null] }
  would_spreadsheet_do: { type: boolean, description: "Whether there are fewer conversions a month than the setting, not more than one channel with spend, and cycles of at most 30 days.", tests: [not_null] }
*/
with recent_people as (
  select contacts.person_id, count(distinct contacts.source) as systems
  from contacts
  cross join settings
  cross join clock
  where not contacts.is_deleted
    and local_date(contacts.created_at, settings.time_zone) > clock.today - 90
  group by contacts.person_id
),

linked as (
  select
    count(*) as known_people,
    count(*) filter (where recent_people.systems > 1 or people.devices + people.users + people.clicks > 0) as linked_people
  from recent_people
  inner join people
    on people.person_id = recent_people.person_id
),

recent_conversions as (
  select conversions.conversion_type, count(*) as conversions
  from conversions
  cross join clock
  where conversions.converted_date > clock.today - 90
    and conversions.converted_date <= clock.today
  group by conversions.conversion_type
),

volumes as (
  select
    coalesce(sum(case when conversion_type = 'lead' then conversions else 0 end), 0) as leads,
    coalesce(sum(case when conversion_type in ('mql', 'sql') then conversions else 0 end), 0) as qualified_leads,
    coalesce(max(conversions), 0) as most_conversions
  from recent_conversions
),

yearly_wins as (
  select count(*) as wins
  from conversions
  cross join clock
  where conversions.conversion_type = 'customer'
    and conversions.converted_date > clock.today - 365
),

history as (
  select coalesce(max(clock.today - conversions.converted_date), 0) as days
  from conversions
  cross join clock
  where conversions.converted_date <= clock.today
),

spending as (
  select
    count(*) as spend_rows,
    count(distinct case when spend_daily.spend > 0 and spend_daily.spend_date > clock.today - 90 then spend_daily.channel end) as spend_channels
  from spend_daily
  cross join clock
),

path_channels as (
  select count(distinct conversion_touchpoints.channel) as channels
  from conversion_touchpoints
  cross join clock
  inner join conversions
    on conversions.conversion_id = conversion_touchpoints.conversion_id
  where conversions.converted_date > clock.today - 90
    and conversion_touchpoints.channel not in ('Direct', 'Unassigned')
),

deal_count as (
  select count(*) as deals
  from deals
),

event_count as (
  select count(*) as events
  from events
),

cycles as (
  select max(conversions) as traced_wins, max(median_days) as median_days, max(p90_days) as p90_days
  from cycle_lengths
  where conversion_type = 'customer'
    and channel = '(all)'
)

select
  clock.today as as_of_date,
  spending.spend_rows > 0 as has_spend,
  deal_count.deals > 0 as has_deals,
  event_count.events > 0 as has_events,
  linked.known_people,
  linked.linked_people,
  cast(volumes.leads as bigint) as leads,
  cast(volumes.qualified_leads as bigint) as qualified_leads,
  yearly_wins.wins,
  coalesce(cycles.traced_wins, 0) as traced_wins,
  cast(volumes.most_conversions as double precision) / cast(3 as double precision) as monthly_conversions,
  spending.spend_channels,
  path_channels.channels,
  cycles.median_days as median_cycle_days,
  cycles.p90_days as p90_cycle_days,
  cast(floor(cast(history.days as double precision) / cast(7 as double precision)) as bigint) as history_weeks,
  volumes.most_conversions < 3 * check_settings.spreadsheet_conversions
    and spending.spend_channels <= 1
    and coalesce(cycles.median_days <= 30, true) as would_spreadsheet_do
from linked
cross join clock
cross join volumes
cross join yearly_wins
cross join history
cross join spending
cross join path_channels
cross join deal_count
cross join event_count
cross join cycles
cross join check_settings
