/*
description: >-
  What a CRM may be told of each of its deals: who gets the credit for its win, or, while it is open, for the opportunity.
  Deals that are neither are absent. One row per source and deal.
grain: [source, deal_id]
key: [source, deal_id]
lookups:
  attribution_credits: { conversion_id: conversions.conversion_id }
  touchpoints: { touchpoint_id: attribution_credits.touchpoint_id }
  person_consents: { person_id: deal_contacts.person_id }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  conversion_id: { type: text, description: The conversion whose credit it is., tests: [not_null] }
  conversion_type: { type: text, description: customer or opportunity., tests: [not_null, { accepted_values: [customer, opportunity] }] }
  attribution_model: { type: text, description: The primary model., tests: [not_null] }
  first_touch_channel: { type: text, description: "Channel of the first touchpoint of the path; (unattributed) where there is none." }
  first_touch_source: { type: text, description: Its source. }
  first_touch_campaign: { type: text, description: Its campaign. }
  last_touch_channel: { type: text, description: Channel of the last. }
  last_touch_source: { type: text, description: Its source. }
  last_touch_campaign: { type: text, description: Its campaign. }
  top_channel: { type: text, description: The channel with most credit by the primary model. }
  credit_by_channel: { type: text, description: "All channels with their credit by the primary model, most first: Paid Search 0.50; Direct 0.50." }
  top_channel_credit: { type: 'decimal(18,2)', description: Credit of the top channel. }
  touchpoints: { type: bigint, description: Touchpoints in the path. }
  suppressed_because: { type: text, description: "Why nothing about the deal may leave: consent_withdrawn, by one of its people; NULL where it may.", tests: [{ accepted_values: [consent_withdrawn] }] }
  converted_at: { type: timestamptz, description: Time of the conversion., tests: [not_null] }
*/
with ranked_conversions as (
  select
    conversion_id,
    conversion_type,
    source,
    deal_id,
    converted_at,
    row_number() over (
      partition by source, deal_id
      order by
        case when conversion_type = 'customer' then 0 else 1 end,
        converted_at desc nulls last,
        byte_order(conversion_id)
    ) as place
  from conversions
  where deal_id is not null
    and conversion_type in ('customer', 'opportunity')
),

told as (
  select conversion_id, conversion_type, source, deal_id, converted_at
  from ranked_conversions
  where place = 1
),

channel_credits as (
  select
    attribution_credits.conversion_id,
    attribution_credits.channel,
    cast(round(cast(sum(attribution_credits.credit) as decimal(18,6)), 2) as decimal(18,2)) as credit,
    max(attribution_credits.path_length) as touchpoints
  from attribution_credits
  inner join told
    on told.conversion_id = attribution_credits.conversion_id
  cross join settings
  where attribution_credits.attribution_model = settings.primary_model
  group by attribution_credits.conversion_id, attribution_credits.channel
),

ranked_channels as (
  select
    conversion_id,
    channel,
    credit,
    touchpoints,
    row_number() over (partition by conversion_id order by credit desc nulls last, byte_order(channel)) as place
  from channel_credits
),

shares as (
  select
    conversion_id,
    string_agg(channel || ' ' || cast(credit as text), '; ' order by place) as credit_by_channel,
    max(case when place = 1 then channel end) as top_channel,
    max(case when place = 1 then credit end) as top_channel_credit,
    max(touchpoints) as touchpoints
  from ranked_channels
  group by conversion_id
),

single_touches as (
  select
    attribution_credits.conversion_id,
    attribution_credits.attribution_model,
    attribution_credits.channel,
    touchpoints.source,
    touchpoints.campaign
  from attribution_credits
  inner join told
    on told.conversion_id = attribution_credits.conversion_id
  left join touchpoints
    on touchpoints.touchpoint_id = attribution_credits.touchpoint_id
  where attribution_credits.attribution_model in ('first_touch', 'last_touch')
),

refusals as (
  select distinct deal_contacts.source, deal_contacts.deal_id
  from deal_contacts
  inner join person_consents
    on person_consents.person_id = deal_contacts.person_id
  where not person_consents.is_granted
    and person_consents.purpose in ('advertising', 'analytics', 'all')
)

select
  told.source,
  told.deal_id,
  told.conversion_id,
  told.conversion_type,
  settings.primary_model as attribution_model,
  firsts.channel as first_touch_channel,
  firsts.source as first_touch_source,
  firsts.campaign as first_touch_campaign,
  lasts.channel as last_touch_channel,
  lasts.source as last_touch_source,
  lasts.campaign as last_touch_campaign,
  shares.top_channel,
  shares.credit_by_channel,
  shares.top_channel_credit,
  shares.touchpoints,
  case when refusals.deal_id is not null then 'consent_withdrawn' end as suppressed_because,
  told.converted_at
from told
cross join settings
left join single_touches as firsts
  on firsts.conversion_id = told.conversion_id
  and firsts.attribution_model = 'first_touch'
left join single_touches as lasts
  on lasts.conversion_id = told.conversion_id
  and lasts.attribution_model = 'last_touch'
left join shares
  on shares.conversion_id = told.conversion_id
left join refusals
  on refusals.source = told.source
  and refusals.deal_id = told.deal_id
