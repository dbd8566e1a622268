/**
 * What platforms claim against what happened, read from the mart `platform_reconciliation`.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Grain, PeriodRange } from './period.ts';

export interface ReconciliationRow {
  [column: string]: string | number | boolean | null;
  platform: string;
  campaign_id: string;
  campaign_name: string | null;
  conversion_type: string;
  period_grain: string;
  period_start: string;
  period_end: string;
  /** Decimal text, as all money. */
  claimed: string;
  claimed_amount: string | null;
  in_path: number;
  in_path_amount: string | null;
  matched: number;
  attributed: number;
  actual: number;
  actual_amount: string | null;
  unmatched_claims: string;
  excess: string;
  overclaim_ratio: number | null;
  difference: number | null;
  status: string;
  amount_status: string;
  is_complete: boolean;
}

export interface ReconciliationQuestion {
  grain: Grain;
  /** Default: the last complete period. */
  range?: Pick<PeriodRange, 'from' | 'to'>;
  platform?: string;
  /** Campaigns beside the platforms' totals. */
  campaigns: boolean;
}

/** By period, type and platform, the totals last. USAGE where there is no such platform. */
export async function reconciliationRows(
  session: Session,
  { grain, range, platform, campaigns }: ReconciliationQuestion,
): Promise<ReconciliationRow[]> {
  if (platform !== undefined) await requirePlatform(session, platform);
  const [last] = await session.query<{ period_start: string | null }>(
    'select max(period_start) as period_start from platform_reconciliation where period_grain = $1 and is_complete',
    [grain],
  );
  const from = range?.from ?? last?.period_start ?? '9999-12-31';
  return await session.query<ReconciliationRow>(
    `select platform, campaign_id, campaign_name, conversion_type, period_grain, period_start, period_end, claimed,
       claimed_amount, in_path, in_path_amount, matched, attributed, actual, actual_amount, unmatched_claims, excess,
       overclaim_ratio, difference, status, amount_status, is_complete
     from platform_reconciliation
     where period_grain = $1 and period_start >= cast($2 as date) and period_start <= cast($3 as date)
       and (cast($4 as text) is null or platform = $4)
       and (${campaigns ? 'true' : "campaign_id = '(all)'"})
     order by period_start, conversion_type, case when platform = '(all)' then 1 else 0 end, byte_order(platform),
       case when campaign_id = '(all)' then 1 else 0 end, byte_order(campaign_id)`,
    [grain, from, range?.to ?? from, platform ?? null],
  );
}

/** Platforms' totals that are outside of the tolerance; campaigns are for the search of the reason. */
export function outsideOfTolerance(rows: readonly ReconciliationRow[]): ReconciliationRow[] {
  return rows.filter(
    ({ campaign_id: campaign, status, amount_status: amounts }) =>
      campaign === '(all)' && (OUTSIDE.has(status) || OUTSIDE.has(amounts)),
  );
}

// --- internal ---

const OUTSIDE = new Set(['overclaimed', 'underclaimed']);

async function requirePlatform(session: Session, platform: string): Promise<void> {
  const rows = await session.query<{ platform: string }>(
    'select distinct platform from platform_reconciliation order by platform',
  );
  const known = rows.map((row) => row.platform);
  if (known.includes(platform)) return;
  throw new RevopsError('USAGE', `--platform: nothing is claimed by ${JSON.stringify(platform)}`, {
    hint: known.length === 0 ? 'No platform claims anything yet.' : `There are: ${known.join(', ')}.`,
  });
}
