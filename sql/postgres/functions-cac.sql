-- What models of CAC share: why there is no number, and what a change of spend and a change of customers say of the next
-- customer, against the previous period as against the previous cohort. `margin`: half the 95 % interval of the change of
-- customers.

-- ok, or why spend over customers is no number. A spend of NULL: an exchange rate is missing.
create or replace function cac_status(has_coarser_spend boolean, spend numeric, customers double precision) returns text
language sql immutable parallel safe
as $$
  select case
    when has_coarser_spend then 'granularity_mismatch'
    when spend is null then 'missing_rate'
    when spend = 0 and customers = 0 then 'no_activity'
    when customers <= 0 then 'no_customers'
    when spend = 0 then 'no_spend'
    else 'ok'
  end
$$;

-- The sign of both, and whether the change of customers may be chance.
create or replace function marginal_outcome(spend_change numeric, customers_change double precision, margin double precision) returns text
language sql immutable parallel safe
as $$
  select case
    when spend_change = 0 then 'no_spend_change'
    when spend_change > 0 and customers_change <= 0 then 'saturated'
    when spend_change < 0 and customers_change >= 0 then 'efficiency_gain'
    when customers_change - margin <= 0 and customers_change + margin >= 0 then 'not_significant'
    when spend_change > 0 then 'ok'
    else 'scale_back'
  end
$$;

-- Spend per customer. NULL where the outcome is none that a number answers.
create or replace function marginal_value(outcome text, spend_change numeric, customers_change double precision) returns double precision
language sql immutable parallel safe
as $$
  select case
    when outcome in ('ok', 'scale_back', 'not_significant')
      then cast(spend_change as double precision) / customers_change
  end
$$;

-- The end of the interval that lies farther in the direction of the spend gives the lower cost.
create or replace function marginal_low(outcome text, spend_change numeric, customers_change double precision, margin double precision) returns double precision
language sql immutable parallel safe
as $$
  select case
    when outcome not in ('ok', 'scale_back', 'not_significant', 'saturated', 'efficiency_gain') then null
    when spend_change > 0 and customers_change + margin > 0
      then cast(spend_change as double precision) / (customers_change + margin)
    when spend_change < 0 and customers_change - margin < 0
      then cast(spend_change as double precision) / (customers_change - margin)
  end
$$;

-- The nearer end gives the higher cost; an end on the other side of 0 gives none.
create or replace function marginal_high(outcome text, spend_change numeric, customers_change double precision, margin double precision) returns double precision
language sql immutable parallel safe
as $$
  select case
    when outcome = 'ok' then cast(spend_change as double precision) / (customers_change - margin)
    when outcome = 'scale_back' then cast(spend_change as double precision) / (customers_change + margin)
  end
$$;
