/**
 * What is read of each deal by itself, one request or more per deal that changed.
 */
import type { Page, ReadContext, SetStream, SourceRecord } from 'revops/connector';

import { isGone, type PipedriveClient } from './client.ts';
import { DEAL_LISTS } from './deals.ts';
import type { WireRecord } from './lists.ts';
import { walk } from './walk.ts';

/**
 * Pages that replace what was known of each deal that changed. A deal that is deleted, or gone since it was listed, keeps
 * what was known of it.
 */
export function eachDeal(
  rowsOf: (client: PipedriveClient, deal: WireRecord) => Promise<SourceRecord[]>,
): SetStream<PipedriveClient>['read'] {
  return (context, slice) => pages(context, slice.since, rowsOf);
}

// --- internal ---

/** Deals between two places to go on from: what is read of them costs the more of the tokens, and must not be lost. */
const DEALS_OF_PAGE = 100;
const AT_ONCE = 4;

async function* pages(
  context: ReadContext<PipedriveClient>,
  since: Parameters<typeof walk>[2],
  rowsOf: (client: PipedriveClient, deal: WireRecord) => Promise<SourceRecord[]>,
): AsyncGenerator<Page> {
  for await (const { records, cursor } of walk(context, DEAL_LISTS, since, DEALS_OF_PAGE)) {
    const kept = records.filter((deal) => deal.is_deleted !== true);
    const told: { id: string; rows: SourceRecord[] }[] = [];
    for (let from = 0; from < kept.length; from += AT_ONCE) {
      const group = kept.slice(from, from + AT_ONCE).map((deal) => toldOf(context.client, deal, rowsOf));
      told.push(...(await Promise.all(group)).flat());
    }
    yield {
      records: told.flatMap(({ rows }) => rows),
      replaces: told.map(({ id }) => ({ deal_id: id })),
      ...(cursor === undefined ? {} : { cursor }),
    };
  }
}

async function toldOf(
  client: PipedriveClient,
  deal: WireRecord,
  rowsOf: (client: PipedriveClient, deal: WireRecord) => Promise<SourceRecord[]>,
): Promise<{ id: string; rows: SourceRecord[] }[]> {
  try {
    return [{ id: String(deal.id), rows: await rowsOf(client, deal) }];
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}
