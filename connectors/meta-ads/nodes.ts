/**
 * Pages of an edge, by cursor. A page the platform finds too large is asked for again, smaller.
 */
import { isTooMuch, UnreadableAnswer } from './failures.ts';

export type Node = Record<string, unknown>;

/** What the SDK gives for a page: a list of objects with the way to the next. */
interface SdkPage extends Iterable<unknown> {
  paging?: { next?: string; cursors?: { after?: string } } | undefined;
}

/** Every page of an edge. `ask` makes the request for one. */
export async function* pages(
  ask: (paging: { limit: number; after?: string }) => unknown,
  pageSize: number,
): AsyncGenerator<Node[]> {
  let limit = pageSize;
  let after: string | undefined;
  for (;;) {
    let page: SdkPage;
    try {
      page = (await ask({ limit, ...(after === undefined ? {} : { after }) })) as SdkPage;
    } catch (error) {
      if (!isTooMuch(error) || limit <= SMALLEST_PAGE) throw error;
      limit = Math.max(SMALLEST_PAGE, Math.floor(limit / 4));
      continue;
    }
    // Not `map`: the SDK's list is a subclass of Array that cannot be made from a length.
    const nodes = Array.from(page, dataOf);
    if (nodes.length > 0) yield nodes;
    if (page.paging?.next === undefined) return;
    const next = page.paging.cursors?.after;
    if (next === undefined || next === after) throw new UnreadableAnswer('a page says there is another, but not where');
    after = next;
  }
}

// --- internal ---

const SMALLEST_PAGE = 5;

function dataOf(object: unknown): Node {
  return (object as { _data: Node })._data;
}
