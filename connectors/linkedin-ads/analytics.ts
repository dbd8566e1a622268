/**
 * Analytics of some days. There are no pages: an answer that reaches the platform's limit may have been cut off without
 * a word, so it is thrown away and asked for in halves, of the days first, then of what it is broken down by.
 */
import type { Account } from './accounts.ts';
import type { LinkedinClient } from './client.ts';
import { halves, type DayRange } from './days.ts';
import { TooManyElements, UnreadableAnswer } from './failures.ts';
import { objectOf, textOf, type Node } from './json.ts';
import { ninePlaces } from './money.ts';
import { dateRange, type Value } from './restli.ts';
import { urn } from './urns.ts';

export type Pivot = 'ACCOUNT' | 'CAMPAIGN_GROUP' | 'CAMPAIGN' | 'CREATIVE' | 'CONVERSION';

export interface Question extends DayRange {
  account: Account;
  pivots: readonly [Pivot, ...Pivot[]];
  /** Metrics, at most 20. */
  metrics: readonly string[];
}

/** Elements with at least one figure, in parts: a line of zeros says what a missing one says. `limit`: of an answer. */
export async function* readAnalytics(
  client: LinkedinClient,
  question: Question,
  limit = 15_000,
): AsyncGenerator<Node[]> {
  yield* readPart(client, question, null, limit);
}

/** The sums over all days of a question, in at most one element. */
export async function sumOf(client: LinkedinClient, question: Question): Promise<Node | undefined> {
  const elements = await ask(client, question, null, 'ALL');
  if (elements.length > 1) throw new UnreadableAnswer('the sum of an account has more than one element');
  return elements[0];
}

/** The day of an element. */
export function dayOf(element: Node): string {
  const { year, month, day } = objectOf(objectOf(element['dateRange'])['start']);
  const written = [textOf(year), textOf(month)?.padStart(2, '0'), textOf(day)?.padStart(2, '0')].join('-');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) throw new UnreadableAnswer('an element of analytics has no day');
  return written;
}

// --- internal ---

/** Nothing is also what is next to nothing. */
function isSomething(figure: unknown): boolean {
  return figure !== undefined && figure !== null && ninePlaces(figure) !== '0';
}

async function* readPart(
  client: LinkedinClient,
  question: Question,
  ids: readonly string[] | null,
  limit: number,
): AsyncGenerator<Node[]> {
  const elements = await ask(client, question, ids, 'DAILY');
  if (elements.length < limit) {
    yield elements.filter((element) => question.metrics.some((metric) => isSomething(element[metric])));
    return;
  }
  const days = halves(question);
  if (days !== null) {
    for (const half of days) yield* readPart(client, { ...question, ...half }, ids, limit);
    return;
  }
  for (const half of await halvesOfIds(client, question, ids)) yield* readPart(client, question, half, limit);
}

/**
 * What a question is split by once it is about one day: campaigns, or whole campaign groups where it is broken down by
 * nothing finer, so that no group is in two parts.
 */
function facetOf({ pivots }: Question): 'campaigns' | 'campaignGroups' {
  return pivots.includes('CAMPAIGN') || pivots.includes('CREATIVE') ? 'campaigns' : 'campaignGroups';
}

async function halvesOfIds(
  client: LinkedinClient,
  question: Question,
  ids: readonly string[] | null,
): Promise<(readonly string[])[]> {
  const facet = facetOf(question);
  const nodes = ids === null ? await client[facet === 'campaigns' ? 'campaigns' : 'groups'](question.account) : [];
  const all = ids ?? nodes.flatMap((node) => textOf(node['id']) ?? []);
  if (all.length < 2) {
    throw new TooManyElements(
      `account ${question.account.id}, ${question.from}: one of its ${facet} alone has more elements than an answer holds`,
    );
  }
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
}

async function ask(
  client: LinkedinClient,
  question: Question,
  ids: readonly string[] | null,
  timeGranularity: 'DAILY' | 'ALL',
): Promise<Node[]> {
  const { account, pivots, metrics, from, to } = question;
  const facet = facetOf(question);
  const kind = facet === 'campaigns' ? 'sponsoredCampaign' : 'sponsoredCampaignGroup';
  const facets: Record<string, Value> =
    ids === null ? { accounts: [urn('sponsoredAccount', account.id)] } : { [facet]: ids.map((id) => urn(kind, id)) };
  const broken: Record<string, Value> = pivots.length === 1 ? { pivot: pivots[0] } : { pivots };
  const { elements } = await client.api.find('adAnalytics', pivots.length === 1 ? 'analytics' : 'statistics', {
    ...broken,
    timeGranularity,
    dateRange: dateRange(from, to),
    ...facets,
    fields: ['dateRange', 'pivotValues', ...metrics],
  });
  return elements;
}
