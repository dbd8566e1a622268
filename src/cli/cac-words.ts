/**
 * What an answer of `revops cac` says about its filters and about what it leaves out.
 */
import type { Session } from '../warehouse/contract.ts';
import { unknownOf } from './cac-placed.ts';
import { type CacFilters, type CacQuestion, type Dimension, isByCustomers } from './cac-question.ts';
import type { AnswerRow } from './cac-view.ts';
import { decimal } from './format.ts';

export function aboutFilters({ channel, campaign, segment, minTouchpoints }: CacFilters): string[] {
  const parts = [
    ...(channel === undefined ? [] : [`channel ${channel}`]),
    ...(campaign === undefined ? [] : [`campaign ${campaign}`]),
    ...(segment === undefined ? [] : [`segment ${segment}`]),
    ...(minTouchpoints === undefined ? [] : [`customers with ${minTouchpoints} or more touchpoints`]),
  ];
  return parts.length === 0 ? [] : [`Only: ${parts.join(', ')}`];
}

export function filtersForJson({ channel, campaign, segment, minTouchpoints }: CacFilters): object {
  return {
    channel: channel ?? null,
    campaign: campaign ?? null,
    segment: segment ?? null,
    min_touchpoints: minTouchpoints ?? null,
  };
}

/** Which share of the spend went to whom nobody knows. */
export function aboutThese(minTouchpoints: number): string {
  return `These: customers with ${minTouchpoints} or more touchpoints before they were won. Spend cannot be split by that: CAC of these is all of the spend over them, the most they can have cost; no marginal CAC is given.`;
}

/** How spend comes to customers of a kind. */
export function aboutShares(by: Dimension): string[] {
  if (!isByCustomers({ by })) return [];
  return [
    'Spend: what a channel spent in a period, shared among the customers that it won by their credit; (nobody won) where it won none. No marginal CAC is given.',
  ];
}

/** Why an answer has no rows: nothing was spent and nobody was won then. */
export async function whyNothing(session: Session, { filters, grain, range }: CacQuestion): Promise<string[]> {
  const [span] = await session.query<{ first: string | null; last: string | null }>(
    `select min(period_start) as first, max(period_end) as last from cac
     where period_grain = $1 and channel = coalesce(cast($2 as text), '(all)')`,
    [grain, filters.channel ?? null],
  );
  const when = range === undefined ? '' : ` from ${range.from} to ${range.to}`;
  const { first = null, last = null } = span ?? {};
  const known = first === null ? 'none are known yet' : `they are known from ${first} to ${last}`;
  return [`No spend and no new customers${when}: of ${filters.channel ?? 'all channels'} ${known}.`];
}

/** What cost nothing has no CAC: a line for its customers, and one for those of whom nothing tells where they belong. */
export function hidden(rows: readonly AnswerRow[], shown: readonly AnswerRow[], by: Dimension): string[] {
  const customers = new Map<string, number>();
  const seen = new Set(shown.map(({ channel }) => channel));
  for (const row of rows)
    if (!seen.has(row.channel)) customers.set(row.channel, (customers.get(row.channel) ?? 0) + row.customers);
  const [unknown, noun] = [unknownOf(by), by === 'first_channel' ? 'channel' : by.replace('_', ' ')];
  const nowhere = customers.get(unknown) ?? 0;
  const listed = [...customers]
    .filter(([name, number]) => number > 0 && name !== unknown)
    .map(([name, number]) => `${name} ${decimal(number, 2)}`);
  return [
    ...(nowhere > 0
      ? [
          `New customers of no known ${by.replace('_', ' ')}: ${decimal(nowhere, 2)}. Where paid clicks are among them, CAC above is too high.`,
        ]
      : []),
    ...(listed.length > 0 ? [`New customers of ${noun}s without spend in these periods: ${listed.join(', ')}.`] : []),
  ];
}

/** What the next customer costs looks ahead, and looks along the stages as they are defined. */
export function aboutPipeline(because: readonly string[]): string[] {
  if (because.length === 0) return [];
  return [
    `The layer pipeline is red (${because.join('; ')}): what the next customer costs stands on definitions that do not hold. \`revops check pipeline\` says what to do.`,
  ];
}
