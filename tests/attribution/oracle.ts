/**
 * The attribution models in plain TypeScript, written from their definitions and not from the SQL: what the warehouse must
 * give. Markov's chain is solved without a channel at a time, by elimination, instead of by one inverse.
 */
export interface OracleTouch {
  id: string;
  person: string;
  channel: string;
  /** Milliseconds. */
  at: number;
}

export interface OracleConversion {
  id: string;
  type: string;
  people: readonly string[];
  deal: string | null;
  at: number;
}

export interface OracleOptions {
  lookbackDays: number;
  halfLifeDays: number;
  position: { first: number; last: number };
  w: { first: number; lead: number; opportunity: number };
}

type Weights = readonly number[];

/** Credit by `conversion touchpoint model`; `(unattributed)` for an empty path; zeros left out. */
export function oracleCredits(
  touches: readonly OracleTouch[],
  conversions: readonly OracleConversion[],
  options: OracleOptions,
): Map<string, number> {
  const credits = new Map<string, number>();
  const effects = new Map(
    [...new Set(conversions.map(({ type }) => type))].map((type) => [
      type,
      removalEffects(type, touches, conversions, options),
    ]),
  );
  for (const conversion of conversions) {
    const path = pathOf(conversion, touches, options);
    for (const [model, weights] of Object.entries(
      models(conversion, path, conversions, effects.get(conversion.type)!, options),
    )) {
      if (path.length === 0) credits.set(`${conversion.id} (unattributed) ${model}`, 1);
      const sum = weights.reduce((one, other) => one + other, 0);
      path.forEach((touch, index) => {
        const credit = sum > 0 ? (weights[index] ?? 0) / sum : 1 / path.length;
        if (credit > 1e-11) credits.set(`${conversion.id} ${touch.id} ${model}`, credit);
      });
    }
  }
  return credits;
}

/** The touchpoints of a conversion's people within the lookback, in order. */
export function pathOf(
  { people, at }: OracleConversion,
  touches: readonly OracleTouch[],
  { lookbackDays }: OracleOptions,
): OracleTouch[] {
  const opens = at - lookbackDays * DAY;
  return inOrder(touches.filter((touch) => people.includes(touch.person) && touch.at >= opens && touch.at <= at));
}

/** By channel: the share of conversions of a type that is lost without it. */
export function removalEffects(
  type: string,
  touches: readonly OracleTouch[],
  conversions: readonly OracleConversion[],
  options: OracleOptions,
): Map<string, number> {
  const ofType = conversions.filter((conversion) => conversion.type === type);
  const converted = new Set(ofType.flatMap(({ people }) => people));
  const paths = ofType.map((conversion) => ({ path: pathOf(conversion, touches, options), end: 'won' }));
  for (const person of new Set(touches.map((touch) => touch.person)))
    if (!converted.has(person))
      paths.push({ path: inOrder(touches.filter((touch) => touch.person === person)), end: 'lost' });
  const steps = new Map<string, Map<string, number>>();
  for (const { path, end } of paths) {
    if (path.length === 0) continue;
    const states = ['start', ...path.map(({ channel }) => `c ${channel}`), end];
    states.slice(1).forEach((to, index) => {
      const row = steps.get(states[index]!) ?? new Map<string, number>();
      steps.set(states[index]!, row.set(to, (row.get(to) ?? 0) + 1));
    });
  }
  const whole = chanceToWin(steps, null);
  const channels = [...steps.keys()].filter((state) => state !== 'start');
  return new Map(channels.map((state) => [state.slice(2), whole === 0 ? 0 : 1 - chanceToWin(steps, state) / whole]));
}

// --- internal ---

const DAY = 86_400_000;

function inOrder(touches: readonly OracleTouch[]): OracleTouch[] {
  return touches.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}

function models(
  conversion: OracleConversion,
  path: readonly OracleTouch[],
  conversions: readonly OracleConversion[],
  effects: ReadonlyMap<string, number>,
  { halfLifeDays, position, w }: OracleOptions,
): Record<string, Weights> {
  const last = path.length - 1;
  const only = (index: number): Weights => path.map((_, own) => (own === index ? 1 : 0));
  const indirect = path.findLastIndex(({ channel }) => channel !== 'Direct');
  const between = Math.max(path.length - 2, 0);
  const leads = conversions.filter(
    ({ type, people }) => type === 'lead' && people.some((one) => conversion.people.includes(one)),
  );
  const deals = conversions.filter(
    ({ type, deal }) => type === 'opportunity' && deal !== null && deal === conversion.deal,
  );
  const milestone = (found: readonly OracleConversion[]): number => {
    const at = Math.min(...found.map((own) => own.at));
    return at > conversion.at ? -1 : path.findLastIndex((touch) => touch.at <= at);
  };
  const [lead, opportunity] = [milestone(leads), milestone(deals)];
  const roles = path.map(
    (_, index) =>
      (index === 0 ? w.first : 0) + (index === lead ? w.lead : 0) + (index === opportunity ? w.opportunity : 0),
  );
  const hasRole = (index: number): boolean => index === 0 || index === lead || index === opportunity;
  const others = path.filter((_, index) => !hasRole(index)).length;
  const distinct = new Set(path.map(({ channel }) => channel)).size;
  return {
    first_touch: only(0),
    last_touch: only(last),
    last_non_direct: only(indirect === -1 ? last : indirect),
    linear: path.map(() => 1),
    position_based: path.map(
      (_, index) =>
        (index === 0 ? position.first : 0) +
        (index === last ? position.last : 0) +
        (index > 0 && index < last ? (1 - position.first - position.last) / between : 0),
    ),
    w_shaped: path.map((_, index) =>
      hasRole(index) ? roles[index]! : (1 - w.first - w.lead - w.opportunity) / others,
    ),
    time_decay: path.map(({ at }) => 2 ** (-(path[last]!.at - at) / (halfLifeDays * DAY))),
    markov: path.map(({ channel }) => effects.get(channel) ?? 0),
    shapley: path.map(({ channel }) => 1 / (distinct * path.filter((touch) => touch.channel === channel).length)),
  };
}

/** The chance to come from the start to a conversion where a state that is removed loses; by Gaussian elimination. */
function chanceToWin(steps: ReadonlyMap<string, ReadonlyMap<string, number>>, removed: string | null): number {
  const states = [...steps.keys()].filter((state) => state !== removed);
  const matrix = states.map((state) => {
    const row = steps.get(state)!;
    const all = [...row.values()].reduce((one, other) => one + other, 0);
    const chance = (to: string): number => (row.get(to) ?? 0) / all;
    return [...states.map((to) => (to === state ? 1 : 0) - chance(to)), chance('won')];
  });
  for (let k = 0; k < states.length; k++) {
    const best = matrix.reduce(
      (found, row, index) => (index >= k && Math.abs(row[k]!) > Math.abs(matrix[found]![k]!) ? index : found),
      k,
    );
    [matrix[k], matrix[best]] = [matrix[best]!, matrix[k]!];
    for (const [index, row] of matrix.entries()) {
      if (index === k) continue;
      const factor = row[k]! / matrix[k]![k]!;
      matrix[index] = row.map((value, column) => value - factor * matrix[k]![column]!);
    }
  }
  const start = states.indexOf('start');
  return start === -1 ? 0 : matrix[start]!.at(-1)! / matrix[start]![start]!;
}
