/**
 * What the warehouse knows of a conversion: what it rests on, whose it is, and which touchpoint got what.
 */
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';

export interface ConversionFacts {
  conversion_id: string;
  /** The row of `conversions`; null where it was withdrawn after it had settled. */
  conversion: Row | null;
  /** The row of `conversion_windows`; null where the conversion was withdrawn. */
  window: Row | null;
  settings: AttributionSettings;
  /** What its credits are: frozen, or as known now. */
  credits_are: { settled: boolean; baseline_id: string | null; locked_at: string | null };
  people: { person_id: string; position: number; is_via_company: boolean }[];
  /** Every record of every system that speaks of it, the one that makes it first, and by which rule. */
  told_by: TellingRecord[];
  /** What the CRM tells of it, in order of time. */
  records: RecordOfConversion[];
  touchpoints: Touch[];
  /** Credit of the whole conversion where no touchpoint has any, by model. */
  unattributed: Record<string, Credit>;
  /** When and why the win ended, the first time first; empty for what stands. */
  reversals: Reversal[];
  /** What later evidence would have changed in frozen credits. */
  restatements: Restatement[];
}

export interface AttributionSettings {
  primary_model: string;
  lookback_days: number;
  settle_days: number;
  time_zone: string;
  reporting_currency: string;
}

export interface TellingRecord {
  record_type: string;
  source: string;
  record_id: string;
  /** `kept`: it is the conversion; else why it makes none by itself. */
  rule: string;
  occurred_at: string | null;
}

export interface RecordOfConversion {
  /** `contact created`, `deal created`, `stage entered`, `close date`. */
  what: string;
  source: string;
  record_id: string;
  detail: string | null;
  /** Who or what told it: manual, automation, import; null where that is not told. */
  actor: string | null;
  occurred_at: string;
  recorded_at: string | null;
}

export interface Credit {
  credit: number;
  /** Decimal text in the project's currency. */
  amount_credit: string | null;
}

export interface Touch {
  touchpoint_id: string;
  person_id: string | null;
  channel: string;
  channel_rule: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  platform: string | null;
  campaign_id: string | null;
  origin: string | null;
  is_date_only: boolean | null;
  occurred_at: string | null;
  /** Place in the path as known now; null where it is in none. */
  position: number | null;
  /** Why it gets nothing, or what is odd about it; null for a touchpoint of the path with credit. */
  left_out: LeftOut | null;
  /** By attribution model; models that give it nothing are absent. */
  credits: Record<string, Credit>;
}

export type LeftOut = 'before the lookback' | 'after the conversion' | 'known too late' | 'not in the path any more';

export interface Reversal {
  /** `reopened`, `lost`, `merged`, `deleted` or `refunded`. */
  cause: string;
  /** The deal it was merged into. */
  merged_into_id: string | null;
  actor: string | null;
  /** Whether the deal was won again: that is a conversion of its own. */
  is_won_again: boolean;
  /** Day on which its reported credits are given back. */
  reversed_date: string;
  reversed_at: string;
  recorded_at: string | null;
}

export interface Restatement {
  cause: string;
  because: string | null;
  build_id: string;
  noted_at: string;
  /** Credits it is about. */
  credits: number;
}

/** All about a conversion, by its full id. */
export async function conversionFacts(session: Session, id: string): Promise<ConversionFacts> {
  const one = async <R extends object = Row>(sql: string): Promise<R | null> =>
    (await session.query<R>(sql, [id]))[0] ?? null;
  const conversion = await one('select * from conversions where conversion_id = $1');
  const window = await one('select * from conversion_windows where conversion_id = $1');
  const credits = await session.query<CreditRow>(CREDITS, [id]);
  const [settings] = await session.query<AttributionSettings>(
    'select primary_model, lookback_days, settle_days, time_zone, reporting_currency from settings',
  );
  const frozen = credits.find(({ locked_at: at }) => at !== null);
  return {
    conversion_id: id,
    conversion,
    window,
    settings: settings!,
    credits_are: {
      settled: frozen !== undefined,
      baseline_id: credits[0]?.baseline_id ?? null,
      locked_at: frozen?.locked_at ?? null,
    },
    people: await session.query(
      'select person_id, position, is_via_company from conversion_people where conversion_id = $1 order by position',
      [id],
    ),
    told_by: await session.query(
      `select record_type, source, record_id, rule, occurred_at from conversion_sources where conversion_id = $1
       order by case when rule = 'kept' then 0 else 1 end, trust, occurred_at, byte_order(source), byte_order(record_id)`,
      [id],
    ),
    records: await session.query(RECORDS, [id]),
    touchpoints: touchesOf(await session.query<TouchRow>(TOUCHES, [id]), credits),
    unattributed: creditsBy(credits.filter(({ touchpoint_id: touch }) => touch === UNATTRIBUTED)),
    reversals: await session.query(
      `select cause, merged_into_id, actor, is_won_again, reversed_date, reversed_at, recorded_at
       from conversion_reversals where conversion_id = $1 order by reversed_at, byte_order(cause)`,
      [id],
    ),
    restatements: await session.query(RESTATEMENTS, [id]),
  };
}

// --- internal ---

const UNATTRIBUTED = '(unattributed)';

interface CreditRow extends Credit {
  touchpoint_id: string;
  attribution_model: string;
  person_id: string | null;
  channel: string;
  platform: string | null;
  campaign_id: string | null;
  baseline_id: string | null;
  position: number | null;
  occurred_at: string | null;
  locked_at: string | null;
}

type TouchRow = Omit<Touch, 'credits'>;

const CREDITS = `
select touchpoint_id, attribution_model, person_id, channel, platform, campaign_id, baseline_id, position, credit,
  amount_credit, occurred_at, locked_at
from attribution_credits where conversion_id = $1
order by attribution_model, position nulls last, byte_order(touchpoint_id)`;

/** All touchpoints of its people, whenever they were. */
const TOUCHES = `
select touchpoints.touchpoint_id, touchpoints.person_id, touchpoints.channel, touchpoints.channel_rule,
  touchpoints.source, touchpoints.medium, touchpoints.campaign, touchpoints.platform, touchpoints.campaign_id,
  touchpoints.origin, touchpoints.is_date_only, touchpoints.occurred_at, path.position,
  case
    when path.touchpoint_id is not null then null
    when touchpoints.occurred_at < conversion_windows.opens_at then 'before the lookback'
    else 'after the conversion'
  end as left_out
from conversion_people
inner join conversion_windows on conversion_windows.conversion_id = conversion_people.conversion_id
inner join touchpoints on touchpoints.person_id = conversion_people.person_id
left join conversion_touchpoints as path
  on path.conversion_id = conversion_people.conversion_id and path.touchpoint_id = touchpoints.touchpoint_id
where conversion_people.conversion_id = $1
order by touchpoints.occurred_at, byte_order(touchpoints.touchpoint_id)`;

/** What its deal or contact tells, in the time up to the conversion and beyond. */
const RECORDS = `
with asked as (
  select source, conversion_type, deal_id,
    case when deal_id is null then substr(conversion_id, length(conversion_type) + length(source) + 3) end as contact_id
  from conversions where conversion_id = $1

  union

  select source, 'customer', deal_id, cast(null as text) from conversion_reversals where conversion_id = $1
),
told as (
  select 'contact created' as what, contacts.source, contacts.contact_id as record_id, cast(null as text) as detail,
    cast(null as text) as actor, contacts.created_at as occurred_at, contacts.created_at as recorded_at, 0 as place
  from asked inner join contacts on contacts.source = asked.source and contacts.contact_id = asked.contact_id
  where contacts.created_at is not null

  union all

  select 'lifecycle stage entered', changes.source, changes.contact_id, changes.lifecycle_stage, cast(null as text),
    changes.entered_at, changes.recorded_at, 1
  from asked inner join contact_stage_changes_feed as changes
    on changes.source = asked.source and changes.contact_id = asked.contact_id

  union all

  select 'deal created', deals.source, deals.deal_id, cast(null as text), cast(null as text), deals.created_at,
    deals.created_at, 0
  from asked inner join deals on deals.source = asked.source and deals.deal_id = asked.deal_id
  where deals.created_at is not null

  union all

  select 'stage entered', deal_stages.source, deal_stages.deal_id,
    coalesce(deal_stages.stage_label, deal_stages.stage_id) || ' (' || deal_stages.outcome || ')', deal_stages.actor,
    deal_stages.entered_at, deal_stages.recorded_at, 1
  from asked inner join deal_stages on deal_stages.source = asked.source and deal_stages.deal_id = asked.deal_id

  union all

  select 'close date', deals.source, deals.deal_id, 'as typed or set', cast(null as text), deals.close_date_at,
    cast(null as timestamptz), 2
  from asked inner join deals on deals.source = asked.source and deals.deal_id = asked.deal_id
  where deals.close_date_at is not null
)
select what, source, record_id, detail, actor, occurred_at, recorded_at
from told order by occurred_at, place, detail`;

const RESTATEMENTS = `
select cause, because, build_id, noted_at, count(*) as credits
from attribution_restatements where conversion_id = $1
group by cause, because, build_id, noted_at order by noted_at, cause, because`;

/** Touchpoints as known now with what the credits say, and those that only frozen credits know. */
function touchesOf(rows: readonly TouchRow[], credits: readonly CreditRow[]): Touch[] {
  // under these every touchpoint of the path has credit, so one without came after they were frozen
  const isTelling = credits.some(({ attribution_model: model, locked_at: at }) => at !== null && EVERYBODY.has(model));
  const own = Map.groupBy(credits, ({ touchpoint_id: id }) => id);
  const known = new Set(rows.map(({ touchpoint_id: id }) => id));
  const now = rows.map((row) => {
    const mine = creditsBy(own.get(row.touchpoint_id) ?? []);
    const hasCredit = Object.keys(mine).length > 0;
    if (row.left_out === null) return { ...row, left_out: isTelling && !hasCredit ? LATE : null, credits: mine };
    return { ...row, left_out: hasCredit ? GONE : row.left_out, credits: mine };
  });
  const gone = [...own]
    .filter(([id]) => id !== UNATTRIBUTED && !known.has(id))
    .map(([id, mine]) => {
      const { person_id, channel, platform, campaign_id, occurred_at } = mine[0]!;
      const told = { channel_rule: null, source: null, medium: null, campaign: null, origin: null, is_date_only: null };
      const rest = { ...told, platform, campaign_id, occurred_at, position: null, left_out: GONE };
      return { touchpoint_id: id, person_id, channel, ...rest, credits: creditsBy(mine) };
    });
  return gone.length === 0 ? now : [...now, ...gone].toSorted(byTime);
}

function byTime(one: Touch, other: Touch): number {
  const [left, right] = [one.occurred_at ?? '', other.occurred_at ?? ''];
  return left === right ? 0 : left < right ? -1 : 1;
}

const EVERYBODY = new Set(['linear', 'shapley']);
const LATE: LeftOut = 'known too late';
const GONE: LeftOut = 'not in the path any more';

function creditsBy(rows: readonly CreditRow[]): Record<string, Credit> {
  return Object.fromEntries(
    rows.map(({ attribution_model: model, credit, amount_credit }) => [model, { credit, amount_credit }]),
  );
}
