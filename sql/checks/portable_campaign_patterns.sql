-- Rules of own_campaign_channels with a pattern that the warehouses could read differently: see portable_patterns.
select rule, alternative, campaign_name as pattern
from own_campaign_channels
where campaign_name is not null
  and (
    strpos(campaign_name, '(?') > 0
    or strpos(campaign_name, '**') > 0
    or strpos(campaign_name, '[[') > 0
    or not matches_pattern(
      campaign_name,
      '^([^][A-Z\\{}]|\[\^?[^][A-Z\\]+\]|\\[].*+?|(){}^$\\/[-])*$'
    )
  )
