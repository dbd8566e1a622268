/*
description: >-
  What people did, from all sources, each action once: of several copies the one received first, ties by time, source
  and id. What is no event is in `event_copies` with the reason. Times are corrected where it is known how far the
  sender's clock was off; UTM parameters and click ids are read from the page's URL where the sender gives none, and say
  with the referrer where the visit comes from. One row per event.
grain: [event_id]
key: { event_id: { events_feed: null } }
lookups:
  events_feed: { source: event_copies.source, event_id: event_copies.source_event_id }
columns:
  event_id: { type: text, description: "Its message id, else source and id there.", tests: [not_null, unique] }
  source: { type: text, description: System whose copy this is., tests: [not_null] }
  source_event_id: { type: text, description: Id of the copy in its source., tests: [not_null] }
  event_name: { type: text, description: "What happened, in the sender's words.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: "When it happened: by the sender's clock, moved by the time between sending and receiving where both are known.", tests: [not_null] }
  received_at: { type: timestamptz, description: When the collector received it; NULL where that is not told. }
  clock_skew_seconds: { type: double, description: "How far the sender's clock was behind the collector's; NULL where that is not known." }
  anonymous_id: { type: text, description: Device or browser. }
  user_id: { type: text, description: "Id of the person in the product, once logged in." }
  email: { type: text, description: E-mail as sent. }
  phone: { type: text, description: Phone as sent. }
  account_id: { type: text, description: "Company or workspace in the product; NULL where none." }
  url: { type: text, description: "Page, verbatim." }
  referrer: { type: text, description: "Page before it, verbatim." }
  utm_source: { type: text, description: "utm_source, verbatim." }
  utm_medium: { type: text, description: "utm_medium, verbatim." }
  utm_campaign: { type: text, description: "utm_campaign, verbatim." }
  utm_content: { type: text, description: "utm_content, verbatim." }
  utm_term: { type: text, description: "utm_term, verbatim." }
  gclid: { type: text, description: "Click id gclid, verbatim." }
  gbraid: { type: text, description: "Click id gbraid, verbatim." }
  wbraid: { type: text, description: "Click id wbraid, verbatim." }
  dclid: { type: text, description: "Click id dclid, verbatim." }
  fbclid: { type: text, description: "Click id fbclid, verbatim." }
  fbc: { type: text, description: "Cookie _fbc, verbatim." }
  fbp: { type: text, description: "Cookie _fbp, verbatim." }
  msclkid: { type: text, description: "Click id msclkid, verbatim." }
  li_fat_id: { type: text, description: "Click id li_fat_id, verbatim." }
  ttclid: { type: text, description: "Click id ttclid, verbatim." }
  twclid: { type: text, description: "Click id twclid, verbatim." }
  rdt_cid: { type: text, description: "Click id rdt_cid, verbatim." }
  sccid: { type: text, description: "Click id ScCid, verbatim." }
  epik: { type: text, description: "Click id epik, verbatim." }
  irclickid: { type: text, description: "Click id irclickid, verbatim." }
  has_analytics_consent: { type: boolean, description: Whether the person allowed measuring; NULL where that is not told. }
  has_marketing_consent: { type: boolean, description: Whether the person allowed advertising; NULL where that is not told. }
  traffic_source: { type: text, description: "Where the visit comes from, lower case: what an ad's click id proves, else utm_source, else facebook by fbclid, else the host of a referrer outside; NULL where nothing tells." }
  traffic_medium: { type: text, description: "How, lower case: what an ad's click id proves, else utm_medium, else organic for a search site or referral by the referrer; NULL where nothing tells." }
  traffic_campaign: { type: text, description: "utm_campaign without needless blanks." }
  click_id_type: { type: text, description: "Which click id decides: gclid, gbraid, wbraid, dclid, msclkid, li_fat_id, ttclid, twclid, rdt_cid, sccid, irclickid, else fbclid." }
  click_id: { type: text, description: "That click id, verbatim." }
  referrer_host: { type: text, description: "Host of a referrer outside the page's site, without www; NULL where there is none." }
  is_direct: { type: boolean, description: "Whether neither source nor medium nor a click id tells where the visit comes from.", tests: [not_null] }
  properties: { type: json, description: What else the sender told. }
tests:
  - expression: "coalesce(anonymous_id, user_id, email, phone) is not null"
*/
with ranked_copies as (
  select
    event_id,
    source,
    source_event_id,
    row_number() over (
      partition by event_id
      order by received_at nulls last, occurred_at, byte_order(source), byte_order(source_event_id)
    ) as arrival
  from event_copies
  where event_id is not null
),

-- `offset 0`, here and below: Postgres computes an expression once for each place that names it, unless something stands between.
first_copies as (
  select
    ranked_copies.event_id as unified_id,
    events_feed.*,
    url_query(events_feed.url) as query
  from ranked_copies
  inner join events_feed
    on events_feed.source = ranked_copies.source
    and events_feed.event_id = ranked_copies.source_event_id
  where ranked_copies.arrival = 1
  offset 0
),

read_events as (
  select
    unified_id as event_id,
    source,
    event_id as source_event_id,
    tidy_text(event_name) as event_name,
    coalesce(occurred_at + (received_at - sent_at), occurred_at) as occurred_at,
    received_at,
    seconds_between(sent_at, received_at) as clock_skew_seconds,
    tidy_text(anonymous_id) as anonymous_id,
    tidy_text(user_id) as user_id,
    tidy_text(email) as email,
    tidy_text(phone) as phone,
    tidy_text(account_id) as account_id,
    url,
    referrer,
    coalesce(nullif(utm_source, ''), query_value(query, 'utm_source')) as utm_source,
    coalesce(nullif(utm_medium, ''), query_value(query, 'utm_medium')) as utm_medium,
    coalesce(nullif(utm_campaign, ''), query_value(query, 'utm_campaign')) as utm_campaign,
    coalesce(nullif(utm_content, ''), query_value(query, 'utm_content')) as utm_content,
    coalesce(nullif(utm_term, ''), query_value(query, 'utm_term')) as utm_term,
    coalesce(nullif(gclid, ''), query_value(query, 'gclid')) as gclid,
    coalesce(nullif(gbraid, ''), query_value(query, 'gbraid')) as gbraid,
    coalesce(nullif(wbraid, ''), query_value(query, 'wbraid')) as wbraid,
    coalesce(nullif(dclid, ''), query_value(query, 'dclid')) as dclid,
    coalesce(nullif(fbclid, ''), query_value(query, 'fbclid')) as fbclid,
    nullif(fbc, '') as fbc,
    nullif(fbp, '') as fbp,
    coalesce(nullif(msclkid, ''), query_value(query, 'msclkid')) as msclkid,
    coalesce(nullif(li_fat_id, ''), query_value(query, 'li_fat_id')) as li_fat_id,
    coalesce(nullif(ttclid, ''), query_value(query, 'ttclid')) as ttclid,
    coalesce(nullif(twclid, ''), query_value(query, 'twclid')) as twclid,
    coalesce(nullif(rdt_cid, ''), query_value(query, 'rdt_cid')) as rdt_cid,
    coalesce(nullif(sccid, ''), query_value(query, 'sccid')) as sccid,
    coalesce(nullif(epik, ''), query_value(query, 'epik')) as epik,
    coalesce(nullif(irclickid, ''), query_value(query, 'irclickid')) as irclickid,
    has_analytics_consent,
    has_marketing_consent,
    properties,
    url_host(referrer) as referrer_host
  from first_copies
  offset 0
),

-- A click id that only ads carry fixes source and medium, whatever the UTMs say.
clicked_events as (
  select
    read_events.*,
    case
      when gclid is not null then 'gclid'
      when gbraid is not null then 'gbraid'
      when wbraid is not null then 'wbraid'
      when dclid is not null then 'dclid'
      when msclkid is not null then 'msclkid'
      when li_fat_id is not null then 'li_fat_id'
      when ttclid is not null then 'ttclid'
      when twclid is not null then 'twclid'
      when rdt_cid is not null then 'rdt_cid'
      when sccid is not null then 'sccid'
      when irclickid is not null then 'irclickid'
      when fbclid is not null then 'fbclid'
    end as click_id_type,
    coalesce(
      gclid, gbraid, wbraid, dclid, msclkid, li_fat_id, ttclid, twclid, rdt_cid, sccid, irclickid, fbclid
    ) as click_id,
    fold_case(tidy_text(utm_source)) as tagged_source,
    fold_case(tidy_text(utm_medium)) as tagged_medium
  from read_events
),

-- A page of the same site, or one the project calls its own, is no source.
referred_events as (
  select
    clicked_events.*,
    case
      when tagged_source is null and tagged_medium is null
        and (click_id_type is null or click_id_type = 'irclickid')
        and ignored_hosts.site is null
        and ignored_sites.site is null
        and site_of(clicked_events.referrer_host) <> coalesce(site_of(url_host(clicked_events.url)), '')
        then clicked_events.referrer_host
    end as outside_host
  from clicked_events
  left join ignored_referrers as ignored_hosts
    on ignored_hosts.site = clicked_events.referrer_host
  left join ignored_referrers as ignored_sites
    on ignored_sites.site = site_of(clicked_events.referrer_host)
  offset 0
),

sourced_events as (
  select
    referred_events.*,
    case
      when click_id_type in ('gclid', 'gbraid', 'wbraid', 'dclid') then 'google'
      when click_id_type = 'msclkid' then 'bing'
      when click_id_type = 'li_fat_id' then 'linkedin'
      when click_id_type = 'ttclid' then 'tiktok'
      when click_id_type = 'twclid' then 'twitter'
      when click_id_type = 'rdt_cid' then 'reddit'
      when click_id_type = 'sccid' then 'snapchat'
      else coalesce(tagged_source, case when fbclid is not null then 'facebook' end, outside_host)
    end as traffic_source,
    case
      when click_id_type in ('gclid', 'gbraid', 'wbraid', 'dclid', 'msclkid') then 'cpc'
      when click_id_type in ('li_fat_id', 'ttclid', 'twclid', 'rdt_cid', 'sccid') then 'paid'
      when click_id_type = 'irclickid' then 'affiliate'
      when tagged_source is not null or tagged_medium is not null then tagged_medium
      when outside_host is null then null
      when coalesce(hosts.category, sites.category) = 'search' then 'organic'
      else 'referral'
    end as traffic_medium
  from referred_events
  left join source_categories as hosts
    on hosts.source = referred_events.outside_host
  left join source_categories as sites
    on sites.source = site_name(referred_events.outside_host)
)

select
  event_id,
  source,
  source_event_id,
  event_name,
  occurred_at,
  received_at,
  clock_skew_seconds,
  anonymous_id,
  user_id,
  email,
  phone,
  account_id,
  url,
  referrer,
  utm_source,
  utm_medium,
  utm_campaign,
  utm_content,
  utm_term,
  gclid,
  gbraid,
  wbraid,
  dclid,
  fbclid,
  fbc,
  fbp,
  msclkid,
  li_fat_id,
  ttclid,
  twclid,
  rdt_cid,
  sccid,
  epik,
  irclickid,
  has_analytics_consent,
  has_marketing_consent,
  traffic_source,
  traffic_medium,
  tidy_text(utm_campaign) as traffic_campaign,
  click_id_type,
  click_id,
  outside_host as referrer_host,
  click_id is null
    and coalesce(traffic_source, '(direct)') = '(direct)'
    and coalesce(traffic_medium, '(none)') in ('(none)', '(not set)') as is_direct,
  properties
from sourced_events
