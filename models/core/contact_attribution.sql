/*
description: >-
  What a CRM may be told of each of its contacts: the first and the last touchpoint, and what wins are credited to the
  contact's touchpoints by the primary model. Deleted contacts are absent. One row per source and contact.
grain: [source, contact_id]
key: person_id
lookups:
  email_keys: { email: contacts.email }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  person_id: { type: text, description: "Person, as in `people`.", tests: [not_null] }
  first_touch_channel: { type: text, description: Channel of the first touchpoint; NULL where there is none. }
  first_touch_source: { type: text, description: Its source. }
  first_touch_medium: { type: text, description: Its medium. }
  first_touch_campaign: { type: text, description: Its campaign. }
  last_touch_channel: { type: text, description: Channel of the last touchpoint. }
  last_touch_source: { type: text, description: Its source. }
  last_touch_medium: { type: text, description: Its medium. }
  last_touch_campaign: { type: text, description: Its campaign. }
  credit_by_channel: { type: text, description: "Channels of the contact's credited touchpoints with their credit, most first: Paid Search 0.50; Direct 0.25. NULL where none is." }
  credited_customers: { type: 'decimal(18,6)', description: "New customers credited to the contact's touchpoints." }
  touchpoints: { type: bigint, description: Touchpoints of the person., tests: [not_null] }
  suppressed_because: { type: text, description: "Why nothing about the contact may leave: consent_withdrawn (advertising, analytics or all) or test_domain; NULL where it may.", tests: [{ accepted_values: [consent_withdrawn, test_domain] }] }
  first_touch_at: { type: timestamptz, description: Time of the first touchpoint. }
  last_touch_at: { type: timestamptz, description: Time of the last. }
*/
with ranked_touchpoints as (
  select
    person_id,
    channel,
    source,
    medium,
    campaign,
    occurred_at,
    count(*) over (partition by person_id) as touchpoints,
    row_number() over (partition by person_id order by occurred_at, byte_order(touchpoint_id)) as place
  from touchpoints
),

channel_credits as (
  select
    attribution_credits.person_id,
    attribution_credits.channel,
    cast(round(cast(sum(attribution_credits.credit) as decimal(18,6)), 2) as decimal(18,2)) as credit,
    cast(sum(attribution_credits.credit) as decimal(18,6)) as exact_credit
  from attribution_credits
  cross join settings
  where attribution_credits.attribution_model = settings.primary_model
    and attribution_credits.is_new_customer
    and attribution_credits.person_id is not null
  group by attribution_credits.person_id, attribution_credits.channel
),

credits as (
  select
    person_id,
    string_agg(channel || ' ' || cast(credit as text), '; ' order by credit desc nulls last, byte_order(channel)) as credit_by_channel,
    cast(sum(exact_credit) as decimal(18,6)) as credited_customers
  from channel_credits
  group by person_id
),

refusals as (
  select distinct person_id
  from person_consents
  where not is_granted
    and purpose in ('advertising', 'analytics', 'all')
)

select
  contacts.source,
  contacts.contact_id,
  contacts.person_id,
  firsts.channel as first_touch_channel,
  firsts.source as first_touch_source,
  firsts.medium as first_touch_medium,
  firsts.campaign as first_touch_campaign,
  lasts.channel as last_touch_channel,
  lasts.source as last_touch_source,
  lasts.medium as last_touch_medium,
  lasts.campaign as last_touch_campaign,
  credits.credit_by_channel,
  credits.credited_customers,
  coalesce(firsts.touchpoints, 0) as touchpoints,
  case
    when refusals.person_id is not null then 'consent_withdrawn'
    when email_keys.unusable_because = 'test_domain' then 'test_domain'
  end as suppressed_because,
  firsts.occurred_at as first_touch_at,
  lasts.occurred_at as last_touch_at
from contacts
left join ranked_touchpoints as firsts
  on firsts.person_id = contacts.person_id
  and firsts.place = 1
left join ranked_touchpoints as lasts
  on lasts.person_id = contacts.person_id
  and lasts.place = lasts.touchpoints
left join credits
  on credits.person_id = contacts.person_id
left join refusals
  on refusals.person_id = contacts.person_id
left join email_keys
  on email_keys.email = contacts.email
where not contacts.is_deleted
