/**
 * All objects of a finder, page by page: by an opaque token, or by start and count.
 */
import type { Api } from './api.ts';
import { UnreadableAnswer } from './failures.ts';
import { textOf, type Node } from './json.ts';
import type { Value } from './restli.ts';

type Parameters = Readonly<Record<string, Value>>;

/** Searches: the end is where no further token comes, not where a page is short. */
export async function* byToken(
  api: Api,
  resource: string,
  finder: string,
  parameters: Parameters,
  pageSize: number,
): AsyncGenerator<Node[]> {
  let token: string | undefined;
  for (;;) {
    const paging = { pageSize, ...(token === undefined ? {} : { pageToken: token }) };
    const { elements, metadata } = await api.find(resource, finder, { ...parameters, ...paging });
    if (elements.length > 0) yield elements;
    const next = textOf(metadata['nextPageToken']);
    if (next === undefined || next === '') return;
    if (next === token) throw new UnreadableAnswer('a page names itself as the next one');
    token = next;
  }
}

/** The end is the total, where it is told, else a page without elements. */
export async function* byCount(
  api: Api,
  resource: string,
  finder: string,
  parameters: Parameters,
  pageSize: number,
): AsyncGenerator<Node[]> {
  for (let start = 0; ;) {
    const { elements, paging } = await api.find(resource, finder, { ...parameters, start, count: pageSize });
    if (elements.length === 0) return;
    yield elements;
    start += elements.length;
    const { total } = paging;
    if (typeof total === 'number' && start >= total) return;
  }
}

/** The elements of all pages in one list. */
export async function gathered(pages: AsyncIterable<Node[]>): Promise<Node[]> {
  const all: Node[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
