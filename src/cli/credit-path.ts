/**
 * A conversion's path as one attribution model credits it: weights computed here, beside what the warehouse says.
 */
import type { Session } from '../warehouse/contract.ts';
import { type CreditParameters, weighedPath } from './credit-weights.ts';
import type { ConversionFacts, Credit } from './explain-conversion-rows.ts';

export interface PathStep {
  position: number;
  touchpoint_id: string;
  channel: string;
  occurred_at: string | null;
  /** Null where the model is not one of the packaged ones. */
  because: string | null;
  weight: number | null;
  /** The weight over the sum of weights, computed here. */
  computed_credit: number | null;
  /** As known now, by `current_credits`. */
  known: Credit | null;
  /** As reported, by `attribution_credits`: frozen once settled. */
  reported: Credit | null;
}

/** The steps in their order, empty where nothing is in the path; rule and total are null for a model of the project's own. */
export async function creditPath(
  session: Session,
  facts: ConversionFacts,
  model: string,
): Promise<{ steps: PathStep[]; rule: string | null; total: number | null }> {
  const path = facts.touchpoints
    .filter(({ position }) => position !== null)
    .toSorted((one, other) => Number(one.position) - Number(other.position));
  const known = await session.query<Credit & { touchpoint_id: string }>(
    `select touchpoint_id, credit, amount_credit from current_credits
     where conversion_id = $1 and attribution_model = $2`,
    [facts.conversion_id, model],
  );
  const weighed = weighedPath(
    model,
    path.map(({ touchpoint_id: id, channel, occurred_at: at }) => ({
      touchpoint_id: id,
      channel,
      occurred_at: at ?? '',
    })),
    await parametersOf(session, facts.conversion_id),
  );
  const steps = path.map((touch, at): PathStep => {
    const own = known.find(({ touchpoint_id: id }) => id === touch.touchpoint_id);
    const step = weighed?.touches[at];
    return {
      position: Number(touch.position),
      touchpoint_id: touch.touchpoint_id,
      channel: touch.channel,
      occurred_at: touch.occurred_at,
      because: step?.because ?? null,
      weight: step?.weight ?? null,
      computed_credit: step?.credit ?? null,
      known: own === undefined ? null : { credit: own.credit, amount_credit: own.amount_credit },
      reported: touch.credits[model] ?? null,
    };
  });
  return { steps, rule: weighed?.rule ?? null, total: weighed?.total ?? null };
}

// --- internal ---

async function parametersOf(session: Session, id: string): Promise<CreditParameters> {
  const [row] = await session.query<Record<Exclude<keyof CreditParameters, 'effects'>, string | number | null>>(
    `select position_first, position_last, w_first, w_lead, w_opportunity, half_life_days,
       conversion_windows.lead_at, conversion_windows.opportunity_at
     from settings left join conversion_windows on conversion_windows.conversion_id = $1`,
    [id],
  );
  const effects = await session.query<{ channel: string; removal_effect: number }>(
    `select effects.channel, effects.removal_effect from dated_markov_effects as effects
     inner join conversion_windows on conversion_windows.conversion_type = effects.conversion_type
       and conversion_windows.settles_on = effects.settles_on
     where conversion_windows.conversion_id = $1`,
    [id],
  );
  return {
    position_first: Number(row?.position_first),
    position_last: Number(row?.position_last),
    w_first: Number(row?.w_first),
    w_lead: Number(row?.w_lead),
    w_opportunity: Number(row?.w_opportunity),
    half_life_days: Number(row?.half_life_days),
    lead_at: instantOf(row?.lead_at),
    opportunity_at: instantOf(row?.opportunity_at),
    effects: Object.fromEntries(effects.map(({ channel, removal_effect: effect }) => [channel, effect])),
  };
}

function instantOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
