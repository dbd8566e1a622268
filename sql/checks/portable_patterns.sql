-- Channel rules with a pattern that the warehouses could read differently: patterns are made of letters in lower case,
-- digits, blanks and marks, and of . * + ? | ( ) [ ] ^ $, with \ before one of these that stands for itself.
with patterns as (
  select rule, alternative, source as pattern from own_channel_rules
  union all
  select rule, alternative, medium from own_channel_rules
  union all
  select rule, alternative, campaign from own_channel_rules
  union all
  select rule, alternative, referrer from own_channel_rules
)

select rule, alternative, pattern
from patterns
where pattern is not null
  and (
    strpos(pattern, '(?') > 0
    or strpos(pattern, '**') > 0
    or strpos(pattern, '[[') > 0
    or not matches_pattern(
      pattern,
      '^([^][A-Z\\{}]|\[\^?[^][A-Z\\]+\]|\\[].*+?|(){}^$\\/[-])*$'
    )
  )
