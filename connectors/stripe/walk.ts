/**
 * The way through a kind of object that every stream takes: everything once, then what the log of events says has changed.
 * Lists cannot be asked for what changed, and events carry old states, so what changed is read again by id.
 */
import type { Stripe } from 'stripe';

import type { Cursor, ReadContext } from 'revops/connector';

import type { StripeClient } from './client.ts';
import { changesCursor, everythingCursor, type Place, positionOf } from './cursor.ts';
import { isMissing } from './faults.ts';
import { listed } from './pages.ts';
import type { Resource } from './resources.ts';

export interface Visit<T> {
  objects: T[];
  /** Ids of objects that are deleted. */
  gone: string[];
  /** Whether this is part of a read of everything. */
  isFull: boolean;
  cursor?: Cursor;
}

/** Events are kept for 30 days. */
const REACH_MS = 29 * 86_400_000;
/** Events show in the log some time after they happened: no cursor comes closer to the present than this. */
const OVERLAP_MS = 3_600_000;
/** Events of this much time are taken at once: a place to go on from, and a bound on how many ids are held. */
const WINDOW_MS = 86_400_000;
const TAKEN_AT_ONCE = 50;

export async function* walk<T extends { id: string; created: number }>(
  context: ReadContext<StripeClient>,
  resource: Resource<T>,
  since: Cursor | null,
): AsyncGenerator<Visit<T>> {
  const position = positionOf(since);
  const { client } = context;
  if (
    position.kind === 'start' ||
    isBeyondReach(position.kind === 'changes' ? position.since : position.startedAt, client)
  ) {
    yield* everything(client, resource, null, null);
    return;
  }
  if (position.kind === 'everything') {
    yield* everything(client, resource, position.startedAt, position.place);
    yield* changes(client, resource, new Date(position.startedAt.getTime() - OVERLAP_MS));
    return;
  }
  yield* changes(client, resource, position.since);
}

/** Whether changes since a cursor can no longer be told by events: what a snapshot asks before it follows them. */
export async function isOutdated({ client }: ReadContext<StripeClient>, since: Cursor): Promise<boolean> {
  const position = positionOf(since);
  return position.kind === 'changes' && isBeyondReach(position.since, client);
}

// --- internal ---

function isBeyondReach(instant: Date, client: StripeClient): boolean {
  return client.present().getTime() - instant.getTime() > REACH_MS;
}

async function* everything<T extends { id: string; created: number }>(
  client: StripeClient,
  resource: Resource<T>,
  begunAt: Date | null,
  place: Place | null,
): AsyncGenerator<Visit<T>> {
  let startedAt = begunAt;
  for await (const objects of listed(client, resource.label, resource.list, {}, place)) {
    // Known once there is an answer, which tells the platform's time.
    startedAt ??= client.present();
    const last = objects.at(-1);
    yield {
      objects,
      gone: [],
      isFull: true,
      ...(last === undefined ? {} : { cursor: everythingCursor(startedAt, { after: last.id, created: last.created }) }),
    };
  }
  startedAt ??= client.present();
  yield { objects: [], gone: [], isFull: true, cursor: changesCursor(new Date(startedAt.getTime() - OVERLAP_MS)) };
}

async function* changes<T extends { id: string; created: number }>(
  client: StripeClient,
  resource: Resource<T>,
  since: Date,
): AsyncGenerator<Visit<T>> {
  for (let from = since.getTime(); ; from += WINDOW_MS) {
    const to = from + WINDOW_MS;
    const ids = await changedIds(client, resource, from, to);
    const present = client.present().getTime();
    for (let at = 0; at < ids.length; at += TAKEN_AT_ONCE)
      yield await asTheyAre(client, resource, ids.slice(at, at + TAKEN_AT_ONCE));
    const isLast = to > present;
    const reached = Math.max(since.getTime(), Math.min(to, present - OVERLAP_MS));
    yield { objects: [], gone: [], isFull: false, cursor: changesCursor(new Date(reached)) };
    if (isLast) return;
  }
}

/** Ids of the objects with events from one instant to before another, whatever and however many they are. */
async function changedIds<T>(client: StripeClient, resource: Resource<T>, from: number, to: number): Promise<string[]> {
  const list = (sdk: Stripe, parameters: Parameters<Resource<T>['list']>[1]) =>
    sdk.events.list({ ...parameters, ...resource.events });
  const created = { gte: Math.floor(from / 1000), lt: Math.ceil(to / 1000) };
  const ids = new Set<string>();
  for await (const events of listed(client, `events of ${resource.label}`, list, { created }))
    for (const event of events) for (const id of resource.changedBy(event)) ids.add(id);
  return [...ids].toSorted();
}

async function asTheyAre<T extends { id: string }>(
  client: StripeClient,
  resource: Resource<T>,
  ids: readonly string[],
): Promise<Visit<T>> {
  const found = await Promise.all(
    ids.map(async (id) => {
      try {
        return await client.call(`${resource.label} by id`, (sdk) => resource.retrieve(sdk, id));
      } catch (error) {
        if (isMissing(error)) return { id, deleted: true as const };
        throw error;
      }
    }),
  );
  return {
    objects: found.flatMap((object) => (isGone(object) ? [] : [object])),
    gone: found.flatMap((object) => (isGone(object) ? [object.id] : [])),
    isFull: false,
  };
}

function isGone(object: object): object is { id: string; deleted: true } {
  return (object as { deleted?: unknown }).deleted === true;
}
