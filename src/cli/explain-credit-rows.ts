/**
 * What one credit rests on: the rule, the weights of the whole path, the amount, and the rows behind it.
 */
import { RevopsError } from '../errors.ts';
import type { FeedRow, RawRow } from '../model/lineage/index.ts';
import type { Session } from '../warehouse/contract.ts';
import { creditPath, type PathStep } from './credit-path.ts';
import {
  type ConversionFacts,
  conversionFacts,
  type LeftOut,
  type Restatement,
  type Touch,
} from './explain-conversion-rows.ts';
import { rowsBehindConversion, rowsBehindTouchpoint } from './rows-behind.ts';
import { shownId } from './shown-id.ts';

export interface CreditFacts {
  conversion_id: string;
  /** Null where the whole path was asked for. */
  touchpoint_id: string | null;
  attribution_model: string;
  /** Whose credit it is, how it got there, and why it has none; null for the whole path and (unattributed). */
  touchpoint:
    | (Pick<Touch, 'person_id' | 'channel' | 'channel_rule' | 'occurred_at'> & { left_out: LeftOut | null })
    | null;
  credits_are: ConversionFacts['credits_are'];
  /** In words, with its parameters; null for a model of the project's own. */
  rule: string | null;
  /** The path as known now, with what this model makes of it. Empty where nothing is in the path. */
  path: PathStep[];
  /** Sum of the weights. */
  total_weight: number | null;
  amount: Amount | null;
  restatements: Restatement[];
  /** The rows that platforms gave: behind the touchpoint, then behind the conversion. */
  source_rows: (RawRow & { behind: 'touchpoint' | 'conversion' })[];
}

export interface Amount {
  amount: string | null;
  currency: string | null;
  /** Units of the reporting currency for one of `currency`; null where they are the same, or none is known. */
  rate: string | null;
  rate_date: string | null;
  rate_source: string | null;
  amount_reporting: string | null;
}

export interface CreditAsked {
  conversion: string;
  /** An id, a place in the path, `(unattributed)`, or nothing for the whole path. */
  touchpoint: string | undefined;
  /** Default: the project's primary one. */
  model: string | undefined;
}

/** All about a credit; `rawRows` finds what platforms gave. USAGE where there is no such touchpoint or model. */
export async function creditFacts(
  session: Session,
  asked: CreditAsked,
  rawRows: (rows: readonly FeedRow[]) => Promise<RawRow[]>,
): Promise<CreditFacts> {
  const facts = await conversionFacts(session, asked.conversion);
  const model = await modelMeant(session, asked.model ?? facts.settings.primary_model);
  const id = touchpointMeant(facts, asked.touchpoint);
  const touch = facts.touchpoints.find(({ touchpoint_id: own }) => own === id);
  const { steps, rule, total } = await creditPath(session, facts, model);
  const behindTouch = id === null || touch === undefined ? [] : await rowsBehindTouchpoint(session, id);
  const behindConversion = await rowsBehindConversion(session, asked.conversion);
  return {
    conversion_id: asked.conversion,
    touchpoint_id: id,
    attribution_model: model,
    touchpoint:
      touch === undefined
        ? null
        : {
            person_id: touch.person_id,
            channel: touch.channel,
            channel_rule: touch.channel_rule,
            occurred_at: touch.occurred_at,
            left_out: touch.left_out,
          },
    credits_are: facts.credits_are,
    rule,
    path: steps,
    total_weight: total,
    amount: (await session.query<Amount>(AMOUNT, [asked.conversion]))[0] ?? null,
    restatements: facts.restatements,
    source_rows: [
      ...(await rawRows(behindTouch)).map((row) => ({ behind: 'touchpoint' as const, ...row })),
      ...(await rawRows(behindConversion)).map((row) => ({ behind: 'conversion' as const, ...row })),
    ],
  };
}

// --- internal ---

const UNATTRIBUTED = '(unattributed)';

async function modelMeant(session: Session, asked: string): Promise<string> {
  const rows = await session.query<{ attribution_model: string }>(
    'select attribution_model from attribution_models order by attribution_model',
  );
  const known = rows.map(({ attribution_model: name }) => name);
  if (known.includes(asked)) return asked;
  throw new RevopsError('USAGE', `--model: there is no attribution model ${JSON.stringify(asked)}`, {
    hint: `There are: ${known.join(', ')}.`,
  });
}

function touchpointMeant(facts: ConversionFacts, asked: string | undefined): string | null {
  if (asked === undefined) return null;
  const found = facts.touchpoints.find(
    ({ touchpoint_id: id, position }) => id === asked || (/^\d+$/.test(asked) && position === Number(asked)),
  );
  if (found !== undefined) return found.touchpoint_id;
  if (asked === UNATTRIBUTED && Object.keys(facts.unattributed).length > 0) return asked;
  const known = facts.touchpoints.map(({ touchpoint_id: id, position }) =>
    position === null ? id : `${position} = ${id}`,
  );
  throw new RevopsError('USAGE', `no person of ${facts.conversion_id} has a touchpoint ${shownId(asked)}`, {
    hint: known.length === 0 ? 'It has none: give (unattributed).' : `There are: ${known.slice(0, 20).join(', ')}.`,
  });
}

const AMOUNT = `
select conversions.amount, conversions.currency, daily_rates.rate, daily_rates.published_date as rate_date,
  daily_rates.rate_source, conversions.amount_reporting
from conversions
cross join (select reporting_currency from settings) as own
left join daily_rates
  on daily_rates.rate_date = conversions.converted_date
  and daily_rates.currency = conversions.currency
  and daily_rates.currency <> own.reporting_currency
where conversions.conversion_id = $1`;
