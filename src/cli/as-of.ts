/**
 * How old an answer is: the moment of the build, and how far its sources reach.
 */
import type { Session } from '../warehouse/contract.ts';

export interface AsOf {
  /** The build's clock, ISO 8601 UTC. */
  built_at: string | null;
  /** The last day that every source of spend covers; null where one was never loaded. */
  spend_to: string | null;
  /** Up to when the CRM's changes are loaded. */
  deals_until: string | null;
  line: string;
}

export async function readAsOf(session: Session): Promise<AsOf> {
  const [row] = await session.query<Omit<AsOf, 'line'>>(`
    select
      (select max(now_at) from clock) as built_at,
      (select case when count(*) = count(covered_to) then min(covered_to) end from source_coverage where feed = 'ad_spend') as spend_to,
      (select case when count(*) = count(covered_until) then min(covered_until) end from source_coverage where feed = 'deals') as deals_until`);
  const found = row ?? { built_at: null, spend_to: null, deals_until: null };
  const parts = [
    `built ${minute(found.built_at)}`,
    `spend complete to ${found.spend_to ?? 'nowhere yet'}`,
    `deals to ${minute(found.deals_until)}`,
  ];
  return { ...found, line: `Data as of: ${parts.join(', ')}.` };
}

// --- internal ---

function minute(instant: string | null): string {
  return instant === null ? 'nowhere yet' : `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
