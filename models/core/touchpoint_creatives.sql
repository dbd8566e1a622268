/*
description: >-
  The ad or creative that a touchpoint came by: the one of the touchpoint's channel, and of its campaign where that is known
  (`touchpoint_ads`), whose id, or else whose name, the link has as utm_content, where it is the only one. Touchpoints of none
  are absent. One row per touchpoint.
grain: [touchpoint_id]
key: touchpoint_id
columns:
  touchpoint_id: { type: text, description: "Touchpoint, as in `touchpoints`.", tests: [not_null, unique] }
  platform: { type: text, description: Ad platform., tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: "Ad group or ad set, as in `spend_daily`.", tests: [not_null] }
  creative_id: { type: text, description: Ad or creative., tests: [not_null] }
  evidence: { type: text, description: "What the link carries: id or name.", tests: [not_null, { accepted_values: [id, name] }] }
*/
with names as (
  select channel, fold_case(creative_id) as name, 'id' as evidence, platform, account_id, campaign_id, segment_id, creative_id
  from creatives

  union all

  select channel, fold_case(tidy_text(creative_name)), 'name', platform, account_id, campaign_id, segment_id, creative_id
  from creatives
  where tidy_text(creative_name) is not null
),

matches as (
  select
    touchpoints.touchpoint_id,
    names.platform,
    names.account_id,
    names.campaign_id,
    names.segment_id,
    names.creative_id,
    names.evidence,
    count(*) over (partition by touchpoints.touchpoint_id, names.evidence) as creatives,
    row_number() over (
      partition by touchpoints.touchpoint_id
      order by case names.evidence when 'id' then 0 else 1 end, byte_order(names.platform), byte_order(names.account_id), byte_order(names.creative_id)
    ) as place
  from touchpoints
  inner join names
    on names.channel = touchpoints.channel
    and names.name = fold_case(tidy_text(touchpoints.content))
  left join touchpoint_ads
    on touchpoint_ads.touchpoint_id = touchpoints.touchpoint_id
  where touchpoint_ads.touchpoint_id is null
    or (touchpoint_ads.platform = names.platform and touchpoint_ads.campaign_id = names.campaign_id)
)

select touchpoint_id, platform, account_id, campaign_id, segment_id, creative_id, evidence
from matches
where place = 1 and creatives = 1
