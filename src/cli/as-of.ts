/**
 * How old an answer is: the moment of the build, and how far its sources reach; and by which definitions it counts.
 */
import { readCheckedBuild } from '../quality/index.ts';
import type { Session } from '../warehouse/contract.ts';

export interface AsOf {
  /** The clock of the last build of all checks and marts, else of the last build; ISO 8601 UTC. */
  built_at: string | null;
  /** The last day that every source of spend covers; null where one was never loaded. */
  spend_to: string | null;
  /** Up to when the CRM's changes are loaded. */
  deals_until: string | null;
  /** Versions of what a customer is, oldest first: those of the config's `pipeline`, else `shipped`. */
  definitions: string[];
  line: string;
}

export async function readAsOf(session: Session): Promise<AsOf> {
  const [row] = await session.query<Omit<AsOf, 'line' | 'definitions'>>(`
    select
      (select max(now_at) from clock) as built_at,
      (select case when count(*) = count(covered_to) then min(covered_to) end from source_coverage where feed = 'ad_spend') as spend_to,
      (select case when count(*) = count(covered_until) then min(covered_until) end from source_coverage where feed = 'deals') as deals_until`);
  const versions = await session.query<{ definition_version: string }>(`
    select definition_version from stage_definitions where conversion_type = 'customer'
    group by definition_version order by min(valid_from) nulls first, definition_version`);
  const definitions = versions.map(({ definition_version: version }) => version);
  const build = await readCheckedBuild(session);
  const found = {
    built_at: build?.builtAt ?? row?.built_at ?? null,
    spend_to: row?.spend_to ?? null,
    deals_until: row?.deals_until ?? null,
    definitions,
  };
  const parts = [
    `built ${minute(found.built_at)}`,
    `spend complete to ${found.spend_to ?? 'nowhere yet'}`,
    `deals to ${minute(found.deals_until)}`,
    ...(definitions.every((version) => version === 'shipped') ? [] : [`definitions ${definitions.join(', ')}`]),
  ];
  return { ...found, line: `Data as of: ${parts.join(', ')}.` };
}

// --- internal ---

function minute(instant: string | null): string {
  return instant === null ? 'nowhere yet' : `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
