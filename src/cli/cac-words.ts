/**
 * What an answer of `revops cac` says about its filters and about what it leaves out.
 */
import type { CacFilters, Dimension } from './cac-question.ts';
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

/** What cost nothing has no CAC: a line for its customers, and one for those of whom nothing tells where they belong. */
export function hidden(rows: readonly AnswerRow[], shown: readonly AnswerRow[], by: Dimension): string[] {
  const customers = new Map<string, number>();
  const seen = new Set(shown.map(({ channel }) => channel));
  for (const row of rows)
    if (!seen.has(row.channel)) customers.set(row.channel, (customers.get(row.channel) ?? 0) + row.customers);
  const unknown = `(no ${by})`;
  const nowhere = customers.get(unknown) ?? 0;
  const listed = [...customers]
    .filter(([name, number]) => number > 0 && name !== unknown)
    .map(([name, number]) => `${name} ${decimal(number, 2)}`);
  return [
    ...(nowhere > 0
      ? [
          `New customers of no known ${by}: ${decimal(nowhere, 2)}. Where paid clicks are among them, CAC above is too high.`,
        ]
      : []),
    ...(listed.length > 0 ? [`New customers of ${by}s without spend in these periods: ${listed.join(', ')}.`] : []),
  ];
}
