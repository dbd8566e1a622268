/**
 * The platform's lists: pages of records, each with an opaque mark of the next.
 */
import type { PipedriveClient } from './client.ts';
import { PipedriveError } from './faults.ts';
import type { Sdk } from './sdk.ts';

/** A record as the platform gave it. */
export interface WireRecord {
  id: number;
  update_time?: string | null;
  is_deleted?: boolean;
  custom_fields?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface ListQuery {
  limit: number;
  cursor?: string;
  sort_by: 'update_time';
  sort_direction: 'asc';
  /** With commas, 100 at most. */
  ids?: string;
  /** To the second: the platform refuses fractions. */
  updated_since?: string;
}

export interface List {
  /** In the cursor and in messages. */
  name: string;
  page(sdk: Sdk, query: ListQuery): Promise<unknown>;
}

/** All that the platform gives on a page. */
export const PAGE = 500;

/** Records changed at or after an instant (null: all), by time of change, `size` at a time. */
export function changedSince(
  client: PipedriveClient,
  list: List,
  since: Date | null,
  size: number,
): AsyncGenerator<WireRecord[]> {
  return wholeList(client, list.name, (sdk, cursor) =>
    list.page(sdk, {
      limit: size,
      sort_by: 'update_time',
      sort_direction: 'asc',
      ...(since === null ? {} : { updated_since: `${since.toISOString().slice(0, 19)}Z` }),
      ...(cursor === null ? {} : { cursor }),
    }),
  );
}

/** The pages of any list that goes on by a mark. */
export async function* wholeList<Row = WireRecord>(
  client: PipedriveClient,
  label: string,
  page: (sdk: Sdk, cursor: string | null) => Promise<unknown>,
): AsyncGenerator<Row[]> {
  let cursor: string | null = null;
  do {
    const asked: string | null = cursor;
    const answer = answerOf(label, await client.call(label, (sdk) => page(sdk, asked)));
    cursor = answer.next;
    if (cursor !== null && cursor === asked)
      throw new PipedriveError(`the list ${label} does not go on`, { status: 502 });
    yield answer.data as Row[];
  } while (cursor !== null);
}

// --- internal ---

function answerOf(label: string, answer: unknown): { data: unknown[]; next: string | null } {
  const { data, additional_data: more } = answer as {
    data?: unknown;
    additional_data?: { next_cursor?: string | null } | null;
  };
  // An empty list of the former version is null.
  if (data !== null && !Array.isArray(data))
    throw new PipedriveError(`a page of ${label} has no records`, { status: 502 });
  return { data: data ?? [], next: more?.next_cursor ?? null };
}
