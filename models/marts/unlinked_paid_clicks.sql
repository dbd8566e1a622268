/*
description: >-
  Ad clicks that came to the site and belong to nobody known: no contact, user, e-mail or phone is joined with the device
  that carried them. What they led to is credited to nobody. Nothing is guessed from addresses of the network or kinds of
  browser. One row per click id and person.
grain: [click_id_type, click_id, person_id]
key: person_id
columns:
  click_id_type: { type: text, description: "gclid, …: those that only ads carry.", tests: [not_null] }
  click_id: { type: text, description: "The click id, verbatim.", tests: [not_null] }
  person_id: { type: text, description: "The person as far as it is known: the click or a device.", tests: [not_null] }
  touchpoint_id: { type: text, description: The first touchpoint that carries the click., tests: [not_null] }
  channel: { type: text, description: Its channel., tests: [not_null] }
  platform: { type: text, description: "Ad platform, as the connector is named." }
  campaign: { type: text, description: "Campaign of the click, else of the link." }
  occurred_date: { type: date, description: "Day of the touchpoint in the project's time zone.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: Its time., tests: [not_null] }
*/
with clicked as (
  select
    touchpoints.click_id_type,
    touchpoints.click_id,
    touchpoints.person_id,
    touchpoints.touchpoint_id,
    touchpoints.channel,
    coalesce(touchpoints.platform, platform_by_click_id.platform) as platform,
    touchpoints.campaign,
    touchpoints.occurred_at,
    row_number() over (
      partition by touchpoints.person_id, touchpoints.click_id_type, touchpoints.click_id
      order by touchpoints.occurred_at, byte_order(touchpoints.touchpoint_id)
    ) as place
  from touchpoints
  inner join platform_by_click_id
    on platform_by_click_id.click_id_type = touchpoints.click_id_type
    and platform_by_click_id.is_ad_only
  inner join people
    on people.person_id = touchpoints.person_id
  where not people.is_known
)

select
  clicked.click_id_type,
  clicked.click_id,
  clicked.person_id,
  clicked.touchpoint_id,
  clicked.channel,
  clicked.platform,
  clicked.campaign,
  local_date(clicked.occurred_at, settings.time_zone) as occurred_date,
  clicked.occurred_at
from clicked
cross join settings
where clicked.place = 1
