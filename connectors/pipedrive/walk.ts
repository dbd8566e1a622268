/**
 * The way through the lists of an object that every stream takes: everything once, then what changed. Every visit is a
 * place to go on from.
 */
import type { Cursor, ReadContext } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { cursorOf, placesOf } from './cursor.ts';
import { changedSince, type List, PAGE, type WireRecord } from './lists.ts';

export interface Visit {
  records: WireRecord[];
  cursor?: Cursor;
}

/**
 * A change can show some time after its time of change, and several share one second. So each read begins this long before
 * the newest time seen in that list: the platform's clock and not ours. What is read twice lands once.
 */
export const OVERLAP_MS = 5 * 60_000;

/**
 * Lists are read one after the other, each in the order of the times of change, so each stands where its last page ended.
 * `size`: records of a visit.
 */
export async function* walk(
  { client }: ReadContext<PipedriveClient>,
  lists: readonly List[],
  since: Cursor | null,
  size = PAGE,
): AsyncGenerator<Visit> {
  const places: Record<string, Date> = { ...placesOf(since) };
  for (const list of lists) {
    const seen = places[list.name];
    const from = seen === undefined ? null : new Date(seen.getTime() - OVERLAP_MS);
    for await (const records of changedSince(client, list, from, size)) {
      const newest = newestOf(records, places[list.name]);
      if (newest !== undefined) places[list.name] = newest;
      yield Object.keys(places).length === 0 ? { records } : { records, cursor: cursorOf(places) };
    }
  }
}

// --- internal ---

function newestOf(records: readonly WireRecord[], before: Date | undefined): Date | undefined {
  let newest = before;
  for (const { update_time: told } of records) {
    const at = new Date(told ?? Number.NaN);
    if (!Number.isNaN(at.getTime()) && (newest === undefined || at > newest)) newest = at;
  }
  return newest;
}
