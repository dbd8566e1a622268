-- The credits of a conversion under one model add up to 1, and every conversion is credited under every model.
with summed as (
  select conversion_id, attribution_model, sum(credit) as credit
  from model
  group by conversion_id, attribution_model
),

expected as (
  select conversions.conversion_id, models.attribution_model
  from conversions
  cross join (select distinct attribution_model from model) as models
)

select
  expected.conversion_id,
  expected.attribution_model,
  summed.credit
from expected
left join summed
  on summed.conversion_id = expected.conversion_id
  and summed.attribution_model = expected.attribution_model
where summed.credit is null or abs(summed.credit - 1) > 0.000000001
