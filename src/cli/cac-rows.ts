/**
 * The rows of `revops cac`, read from the marts `cac` and `marginal_cac`.
 */
import { isRevopsError, RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Grain, PeriodRange } from './period.ts';

export interface CacRow {
  [column: string]: string | number | boolean | null;
  channel: string;
  period_grain: string;
  period_start: string;
  period_end: string;
  /** Decimal text; null where an exchange rate is missing. */
  spend: string | null;
  customers: number;
  cac: number | null;
  cac_status: string;
  marginal_cac: number | null;
  ci_low: number | null;
  ci_high: number | null;
  status: string;
  trust: string;
  is_complete: boolean;
  is_decaying: boolean;
  elasticity: number | null;
  elasticity_marginal_cac: number | null;
  elasticity_status: string;
  attribution_model: string;
  /** Null where the last build had no lock. */
  baseline_id: string | null;
}

export interface CacQuestion {
  grain: Grain;
  channel?: string;
  /** Default: the last six periods. */
  range?: Pick<PeriodRange, 'from' | 'to'>;
  /** What stands for the marts: `with cac as (…), marginal_cac as (…) `. Default: the marts themselves. */
  prelude?: string;
}

const LATEST = 6;

/** By channel, everything together last, then by period. */
export async function cacRows(
  session: Session,
  { grain, channel, range, prelude = '' }: CacQuestion,
): Promise<CacRow[]> {
  const from = range?.from ?? (await firstOfLatest(session, grain, prelude));
  return await onMarts(() =>
    session.query<CacRow>(
      `${prelude}select
         marginal_cac.channel, marginal_cac.period_grain, marginal_cac.period_start, marginal_cac.period_end,
         marginal_cac.spend, marginal_cac.customers, cac.cac, cac.status as cac_status,
         marginal_cac.marginal_cac, marginal_cac.ci_low, marginal_cac.ci_high, marginal_cac.status, marginal_cac.trust,
         marginal_cac.is_complete, marginal_cac.is_decaying, marginal_cac.elasticity,
         marginal_cac.elasticity_marginal_cac, marginal_cac.elasticity_status, marginal_cac.attribution_model,
         marginal_cac.baseline_id
       from marginal_cac
       inner join cac
         on cac.channel = marginal_cac.channel
         and cac.period_grain = marginal_cac.period_grain
         and cac.period_start = marginal_cac.period_start
       where marginal_cac.period_grain = $1
         and marginal_cac.period_start >= cast($2 as date)
         and marginal_cac.period_start <= cast($3 as date)
         and (cast($4 as text) is null or marginal_cac.channel = $4)
       order by case marginal_cac.channel when '(all)' then 1 else 0 end, marginal_cac.channel, marginal_cac.period_start`,
      [grain, from, range?.to ?? '9999-12-31', channel ?? null],
    ),
  );
}

export async function channelsOf(session: Session, prelude = ''): Promise<string[]> {
  const rows = await onMarts(() =>
    session.query<{ channel: string }>(`${prelude}select distinct channel from cac order by channel`),
  );
  return rows.map((row) => row.channel);
}

// --- internal ---

async function firstOfLatest(session: Session, grain: Grain, prelude: string): Promise<string> {
  const rows = await onMarts(() =>
    session.query<{ period_start: string }>(
      `${prelude}select distinct period_start from cac where period_grain = $1 order by period_start desc limit $2`,
      [grain, LATEST],
    ),
  );
  return rows.at(-1)?.period_start ?? '0001-01-01';
}

/** A warehouse in which nothing was built yet has no marts. */
async function onMarts<T>(read: () => Promise<T>): Promise<T> {
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
