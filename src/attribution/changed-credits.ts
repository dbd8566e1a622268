/**
 * Which frozen credits look edited. A digest says that a month differs, not which row; but every frozen row is either what
 * is known of it now, or has a restatement that repeats what was frozen.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';

export interface FrozenCredit {
  conversion_id: string;
  touchpoint_id: string;
  attribution_model: string;
}

/** Frozen credits of the named months and builds that are neither, in order. At most 100. */
export async function changedCredits(
  warehouse: Warehouse,
  breaches: readonly { ledger: string; period: string; buildId: string }[],
): Promise<FrozenCredit[]> {
  const found: FrozenCredit[] = [];
  for (const { ledger, period, buildId } of breaches) {
    if (ledger !== 'settled_credits' || found.length >= MOST) continue;
    if (!(await isReadable(warehouse))) return [];
    found.push(
      ...(await warehouse.query<FrozenCredit & { [column: string]: string }>(EDITED, [
        period,
        Number(buildId.slice(1)),
      ])),
    );
  }
  return found.slice(0, MOST);
}

// --- internal ---

const MOST = 100;

async function isReadable(session: Session): Promise<boolean> {
  const needed = [
    { schema: 'revops_store', name: 'settled_credits__kept' },
    { schema: 'core', name: 'settled_credits_restatements' },
    { schema: 'core', name: 'current_credits' },
  ];
  for (const relation of needed) if ((await session.describe(relation)) === null) return false;
  return true;
}

const EDITED = `
with restated as (
  select
    conversion_id, touchpoint_id, attribution_model, locked_channel, locked_credit, locked_amount_credit, locked_booked_date,
    row_number() over (
      partition by conversion_id, touchpoint_id, attribution_model
      order by cast(substr(build_id, 2) as bigint) desc nulls last
    ) as recency
  from core.settled_credits_restatements
)
select frozen.conversion_id, frozen.touchpoint_id, frozen.attribution_model
from revops_store.settled_credits__kept as frozen
left join restated
  on restated.conversion_id = frozen.conversion_id and restated.touchpoint_id = frozen.touchpoint_id
  and restated.attribution_model = frozen.attribution_model and restated.recency = 1
left join core.current_credits as known
  on known.conversion_id = frozen.conversion_id and known.touchpoint_id = frozen.touchpoint_id
  and known.attribution_model = frozen.attribution_model
where frozen._period = $1 and frozen._build = $2 and case
  when restated.recency is not null then
    frozen.channel is distinct from restated.locked_channel or frozen.credit is distinct from restated.locked_credit
    or frozen.amount_credit is distinct from restated.locked_amount_credit
    or frozen.booked_date is distinct from restated.locked_booked_date
  else
    frozen.channel is distinct from known.channel or frozen.credit is distinct from known.credit
    or frozen.amount_credit is distinct from known.amount_credit or frozen.booked_date is distinct from known.booked_date
end
order by 1, 2, 3 limit 100`;
