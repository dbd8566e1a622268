/**
 * Lists, page by page, newest first.
 */
import type { Stripe } from 'stripe';

import type { StripeClient } from './client.ts';
import type { Place } from './cursor.ts';
import { isLostPlace } from './faults.ts';

export interface ListParameters {
  limit: number;
  starting_after?: string;
  created?: { gte?: number; lt?: number; lte?: number };
}

export interface Listed<T> {
  data: T[];
  has_more: boolean;
}

export type List<T> = (sdk: Stripe, parameters: ListParameters) => Promise<Listed<T>>;

const LARGEST_PAGE = 100;

/**
 * All pages, from behind `place` on. A page that should begin behind an object deleted meanwhile begins at that object's
 * time instead: some objects come twice then, none is left out.
 */
export async function* listed<T extends { id: string; created: number }>(
  client: StripeClient,
  label: string,
  list: List<T>,
  within: { created?: { gte?: number; lt?: number } } = {},
  place: Place | null = null,
): AsyncGenerator<T[]> {
  let last = place;
  let created: ListParameters['created'] = within.created;
  for (;;) {
    const parameters = {
      limit: LARGEST_PAGE,
      ...(created === undefined ? {} : { created }),
      ...(last === null ? {} : { starting_after: last.after }),
    };
    let page: Listed<T>;
    try {
      page = await client.call(label, (sdk) => list(sdk, parameters));
    } catch (error) {
      if (last === null || !isLostPlace(error)) throw error;
      created = { ...(created?.gte === undefined ? {} : { gte: created.gte }), lte: last.created };
      last = null;
      continue;
    }
    if (page.data.length > 0) yield page.data;
    const end = page.data.at(-1);
    if (!page.has_more || end === undefined) return;
    last = { after: end.id, created: end.created };
  }
}

/** What a list inside an object holds, the rest of it included. */
export async function wholeList<T extends { id: string }>(
  client: StripeClient,
  label: string,
  inside: Listed<T>,
  list: List<T>,
): Promise<T[]> {
  if (!inside.has_more) return inside.data;
  const all: T[] = [];
  for (let after: string | undefined; ;) {
    const parameters = { limit: LARGEST_PAGE, ...(after === undefined ? {} : { starting_after: after }) };
    const page = await client.call(label, (sdk) => list(sdk, parameters));
    all.push(...page.data);
    after = page.data.at(-1)?.id;
    if (!page.has_more || after === undefined) return all;
  }
}
