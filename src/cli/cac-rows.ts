/**
 * The rows of `revops cac`, read from the marts `cac` and `marginal_cac`.
 */
import { isRevopsError, RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';
import type { AnswerRow } from './cac-view.ts';
import type { Grain, PeriodRange } from './period.ts';

export interface CacRow extends AnswerRow {
  period_grain: string;
  period_start: string;
  period_end: string;
  cac: number | null;
  cac_status: string;
  /** What it is compared with: the previous period of the same grain and channel. */
  previous_period_start: string | null;
  previous_spend: string | null;
  spend_change: string | null;
  previous_customers: number | null;
  customers_change: number | null;
  /** Conversions behind the customers, of this and the previous period. */
  conversions: number;
  previous_conversions: number | null;
  /** 95 % interval of customers_change. */
  customers_change_low: number | null;
  customers_change_high: number | null;
  /** Costs besides ad spend; decimal text, null where an exchange rate is missing. */
  fixed_costs?: string | null;
  fully_loaded_cac?: number | null;
  fully_loaded_status?: string;
  marginal_cac: number | null;
  ci_low: number | null;
  ci_high: number | null;
  status: string;
  is_complete: boolean;
  is_decaying: boolean;
  elasticity: number | null;
  /** Periods that it rests on. */
  elasticity_periods: number;
  elasticity_r2: number | null;
  elasticity_marginal_cac: number | null;
  elasticity_ci_low: number | null;
  elasticity_ci_high: number | null;
  elasticity_status: string;
}

export interface RowsAsked {
  grain: Grain;
  channel?: string | undefined;
  /** Default: the last six periods. */
  range?: Pick<PeriodRange, 'from' | 'to'> | undefined;
  /** What stands for the marts: `with cac as (…), marginal_cac as (…) `. Default: the marts themselves. */
  prelude?: string | undefined;
}

/** By channel, everything together last, then by period. */
export function cacRows(session: Session, { grain, channel, range, prelude = '' }: RowsAsked): Promise<CacRow[]> {
  return session.query<CacRow & Row>(
    `${prelude}select
         marginal_cac.channel, marginal_cac.period_grain, marginal_cac.period_start, marginal_cac.period_end,
         marginal_cac.spend, marginal_cac.customers, marginal_cac.conversions, cac.cac, cac.status as cac_status,
         cac.fixed_costs, cac.fully_loaded_cac, cac.fully_loaded_status,
         marginal_cac.marginal_cac, marginal_cac.ci_low, marginal_cac.ci_high, marginal_cac.status,
         marginal_cac.previous_period_start, marginal_cac.previous_spend, marginal_cac.spend_change,
         marginal_cac.previous_customers, marginal_cac.customers_change, marginal_cac.previous_conversions,
         marginal_cac.customers_change_low, marginal_cac.customers_change_high,
         marginal_cac.is_complete, marginal_cac.is_decaying, marginal_cac.elasticity, marginal_cac.elasticity_periods,
         marginal_cac.elasticity_r2, marginal_cac.elasticity_marginal_cac, marginal_cac.elasticity_ci_low,
         marginal_cac.elasticity_ci_high, marginal_cac.elasticity_status, marginal_cac.attribution_model,
         marginal_cac.baseline_id
       from marginal_cac
       inner join cac
         on cac.channel = marginal_cac.channel
         and cac.period_grain = marginal_cac.period_grain
         and cac.period_start = marginal_cac.period_start
       where marginal_cac.period_grain = $1
         and marginal_cac.period_start >= coalesce(
           cast($2 as date),
           (select min(period_start) from (
             select distinct period_start from cac where period_grain = $1 order by period_start desc limit ${LATEST}
           ) as latest)
         )
         and marginal_cac.period_start <= cast($3 as date)
         and (cast($4 as text) is null or marginal_cac.channel = $4)
       order by case marginal_cac.channel when '(all)' then 1 else 0 end, marginal_cac.channel, marginal_cac.period_start`,
    [grain, range?.from ?? null, range?.to ?? '9999-12-31', channel ?? null],
  );
}

/** A warehouse in which nothing was built yet has no marts. */
export async function onMarts<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED') || !/does not exist/i.test(error.message)) throw error;
    throw new RevopsError('WAREHOUSE_FAILED', 'the models are not built yet', {
      hint: 'Run `revops run` first.',
      cause: error,
    });
  }
}

// --- internal ---

const LATEST = 6;
