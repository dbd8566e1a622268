/**
 * The attribution models once more, for one path and step by step: what each touchpoint weighs, and why. Written apart
 * from the models' SQL, so that the explanation is a second computation and not a repetition.
 */

/** A touchpoint of a path, in its order. */
export interface PathTouch {
  touchpoint_id: string;
  channel: string;
  /** ISO 8601 UTC, to the microsecond. */
  occurred_at: string;
}

export interface CreditParameters {
  position_first: number;
  position_last: number;
  w_first: number;
  w_lead: number;
  w_opportunity: number;
  half_life_days: number;
  /** Milestones of the conversion; null where missing. */
  lead_at: string | null;
  opportunity_at: string | null;
  /** Removal effects by channel, for markov. */
  effects: Readonly<Record<string, number>>;
}

export interface Weighed {
  touchpoint_id: string;
  /** What gives it its weight, in words. */
  because: string;
  weight: number;
  /** The weight over the sum of all weights. */
  credit: number;
}

export interface WeighedPath {
  /** The rule in words, with its parameters. */
  rule: string;
  touches: Weighed[];
  /** Sum of the weights, before they are divided by it. */
  total: number;
}

/** What a model gives each touchpoint of a path; undefined for a model that is not known here. */
export function weighedPath(
  model: string,
  path: readonly PathTouch[],
  parameters: CreditParameters,
): WeighedPath | undefined {
  const rule = RULES[model];
  if (rule === undefined) return undefined;
  const weights = rule.weigh(path, parameters);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return {
    rule: rule.words(parameters),
    total,
    touches: path.map(({ touchpoint_id: id }, at) => {
      const { weight, because } = weights[at]!;
      // nothing weighs anything: the same for each
      return { touchpoint_id: id, because, weight, credit: total > 0 ? weight / total : 1 / path.length };
    }),
  };
}

// --- internal ---

interface Weight {
  weight: number;
  because: string;
}

interface Rule {
  words(parameters: CreditParameters): string;
  weigh(path: readonly PathTouch[], parameters: CreditParameters): Weight[];
}

const NONE: Weight = { weight: 0, because: '' };

const RULES: Record<string, Rule> = {
  first_touch: {
    words: () => 'all to the first touchpoint of the path',
    weigh: (path) => onlyAt(path, 0, 'the first'),
  },
  last_touch: {
    words: () => 'all to the last touchpoint of the path',
    weigh: (path) => onlyAt(path, path.length - 1, 'the last'),
  },
  last_non_direct: {
    words: () => 'all to the last touchpoint that is not Direct, to the last where all are',
    weigh: (path) => {
      const at = path.findLastIndex(({ channel }) => channel !== 'Direct');
      return at < 0
        ? onlyAt(path, path.length - 1, 'the last; all are Direct')
        : onlyAt(path, at, 'the last that is not Direct');
    },
  },
  linear: {
    words: () => 'the same to each touchpoint of the path',
    weigh: (path) => path.map(() => ({ weight: 1, because: 'one of the path' })),
  },
  position_based: {
    words: ({ position_first: first, position_last: last }) =>
      `${first} to the first, ${last} to the last, ${tidy(1 - first - last)} shared by those between; what nobody has is left out`,
    weigh: (path, { position_first: first, position_last: last }) =>
      path.map((_, at) =>
        adding([
          ...(at === 0 ? [{ weight: first, because: 'the first' }] : []),
          ...(at === path.length - 1 ? [{ weight: last, because: 'the last' }] : []),
          ...(at > 0 && at < path.length - 1
            ? [{ weight: (1 - first - last) / (path.length - 2), because: `one of ${path.length - 2} between` }]
            : []),
        ]),
      ),
  },
  w_shaped: {
    words: ({ w_first: first, w_lead: lead, w_opportunity: opportunity }) =>
      `${first} to the first, ${lead} to the last at or before the lead, ${opportunity} to the last at or before the opportunity, ${tidy(1 - first - lead - opportunity)} shared by the others; what nobody has is left out`,
    weigh: wShaped,
  },
  time_decay: {
    words: ({ half_life_days: days }) =>
      `in proportion to 2^(−age / ${days} days), age before the path's last touchpoint`,
    weigh: (path, { half_life_days: days }) => {
      const last = path.at(-1)?.occurred_at ?? '';
      return path.map(({ occurred_at: at }) => {
        const age = (Date.parse(last) - Date.parse(at)) / 86_400_000;
        return { weight: 2 ** -(age / days), because: `${age.toFixed(2)} days older than the last` };
      });
    },
  },
  markov: {
    words: () => "in proportion to the removal effect of each touchpoint's channel (markov_effects)",
    weigh: (path, { effects }) =>
      path.map(({ channel }) => ({ weight: effects[channel] ?? 0, because: `removal effect of ${channel}` })),
  },
  shapley: {
    words: () => 'the same to each distinct channel of the path, shared by its touchpoints',
    weigh: (path) => {
      const touches = Map.groupBy(path, ({ channel }) => channel);
      return path.map(({ channel }) => {
        const own = touches.get(channel)?.length ?? 1;
        return {
          weight: 1 / (touches.size * own),
          because: `1 of ${touches.size} channels, 1 of ${own} touchpoints of ${channel}`,
        };
      });
    },
  },
};

function wShaped(path: readonly PathTouch[], parameters: CreditParameters): Weight[] {
  const { w_first: first, w_lead: lead, w_opportunity: opportunity, lead_at, opportunity_at } = parameters;
  const lastBy = (at: string | null): number =>
    at === null ? -1 : path.findLastIndex(({ occurred_at: own }) => own <= at);
  const roles = [
    { at: 0, weight: first, because: 'the first' },
    { at: lastBy(lead_at), weight: lead, because: 'the last at the lead' },
    { at: lastBy(opportunity_at), weight: opportunity, because: 'the last at the opportunity' },
  ];
  const others = path.filter((_, at) => roles.every((role) => role.at !== at)).length;
  const rest = { weight: (1 - first - lead - opportunity) / Math.max(others, 1), because: `one of ${others} others` };
  return path.map((_, at) => {
    const own = roles.filter((role) => role.at === at);
    return adding(own.length === 0 ? [rest] : own);
  });
}

function onlyAt(path: readonly PathTouch[], at: number, because: string): Weight[] {
  return path.map((_, index) => (index === at ? { weight: 1, because } : NONE));
}

/** Roles of one touchpoint add up. */
function adding(parts: readonly Weight[]): Weight {
  return {
    weight: parts.reduce((sum, { weight }) => sum + weight, 0),
    because: parts.map(({ because }) => because).join(' and '),
  };
}

/** 0.1 and not 0.09999999999999998. */
function tidy(share: number): number {
  return Number(share.toFixed(6));
}
