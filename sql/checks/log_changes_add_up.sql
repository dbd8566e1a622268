-- Periods whose steps do not make up the change of CAC, to a billionth.
select
  model.channel,
  model.period_grain,
  model.period_start,
  sum(model.log_change) as of_steps,
  max(model.cac_log_change) as of_cac
from model
where model.cac_log_change is not null
group by model.channel, model.period_grain, model.period_start
having abs(sum(model.log_change) - max(model.cac_log_change)) > 0.000000001
