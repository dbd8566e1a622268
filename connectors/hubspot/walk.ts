/**
 * The way through an object type that every stream takes: everything once, then what changed, and what was archived
 * meanwhile. Every visit that carries a cursor is a place to go on from.
 */
import type { Cursor, ReadContext } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { changesCursor, everythingCursor, positionOf } from './cursor.ts';
import type { ObjectType } from './object-types.ts';
import { changedRecords, listRecords, readByIds, type Reading, type WireRecord } from './records.ts';

export interface Visit {
  records: WireRecord[];
  archived: boolean;
  cursor?: Cursor;
}

export interface Route {
  type: ObjectType;
  reading: Reading;
  /** Also visit archived records. */
  archived: boolean;
}

/**
 * The search index learns of a change some time after it happened, so no cursor comes closer to the present than this.
 * What is read twice lands once.
 */
export const INDEX_LAG_MS = 10 * 60_000;

export async function* walk(
  context: ReadContext<HubspotClient>,
  route: Route,
  since: Cursor | null,
): AsyncGenerator<Visit> {
  const position = positionOf(since);
  if (position.kind === 'start') {
    yield* everything(context, route, () => present(context), false, null);
    return;
  }
  if (position.kind === 'everything') {
    yield* everything(context, route, () => position.startedAt, position.archived, position.after);
    yield* changes(context, route, before(position.startedAt), () => present(context), null);
    return;
  }
  if (position.resume === null) {
    yield* changes(context, route, position.since, () => present(context), null);
    return;
  }
  const { startedAt, after } = position.resume;
  yield* changes(context, route, position.since, () => startedAt, after);
  yield* changes(context, route, before(startedAt), () => present(context), null);
}

// --- internal ---

async function* everything(
  context: ReadContext<HubspotClient>,
  route: Route,
  startedAt: () => Date,
  startInArchive: boolean,
  startAfter: string | null,
): AsyncGenerator<Visit> {
  const passes = startInArchive ? [true] : route.archived ? [false, true] : [false];
  for (const archived of passes) {
    const after = archived === startInArchive ? startAfter : null;
    for await (const page of listRecords(context.client, route.type, route.reading, archived, after)) {
      if (page.records.length > 0)
        yield { records: page.records, archived, cursor: everythingCursor(startedAt(), archived, page.after) };
    }
  }
  yield { records: [], archived: false, cursor: changesCursor(before(startedAt())) };
}

/**
 * Search never gives archived records, so those are found by listing the recycle bin, which keeps them for 90 days. They
 * come before the first place to go on from, so that no interrupted run passes them over.
 */
async function* changes(
  context: ReadContext<HubspotClient>,
  route: Route,
  since: Date,
  startedAt: () => Date,
  startAfter: string | null,
): AsyncGenerator<Visit> {
  const { client } = context;
  const from = earliest(since, before(startedAt()));
  if (route.archived) {
    for await (const page of listRecords(client, route.type, NOTHING, true, null)) {
      const fresh = page.records.filter((record) => record.archivedAt === undefined || record.archivedAt >= from);
      if (fresh.length > 0) yield { records: await asRead(client, route, fresh, true), archived: true };
    }
  }
  for await (const page of changedRecords(client, route.type, from, startAfter)) {
    const records = await asRead(client, route, page.records, false);
    yield { records, archived: false, cursor: changesCursor(from, { startedAt: startedAt(), after: page.after }) };
  }
  yield { records: [], archived: false, cursor: changesCursor(before(startedAt())) };
}

/**
 * Search says which records changed, reading by id says what they are now: the index may show a state that is older than
 * what was loaded before, and records that have since been archived or merged away.
 */
async function asRead(
  client: HubspotClient,
  route: Route,
  records: WireRecord[],
  archived: boolean,
): Promise<WireRecord[]> {
  const { properties, history } = route.reading;
  if (properties.length === 0 && history.length === 0) return records;
  return readByIds(
    client,
    route.type,
    records.map((record) => record.id),
    route.reading,
    archived,
  );
}

/**
 * When this run began, by the platform's clock where this machine's is ahead of it: a cursor from its future would pass
 * over changes for good. Known with the first answer.
 */
function present({ client, now }: ReadContext<HubspotClient>): Date {
  return new Date(now.getTime() - Math.max(0, client.aheadMs() ?? 0));
}

const NOTHING: Reading = { properties: [], history: [] };

function before(instant: Date): Date {
  return new Date(instant.getTime() - INDEX_LAG_MS);
}

function earliest(left: Date, right: Date): Date {
  return left < right ? left : right;
}
