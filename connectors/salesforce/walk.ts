/**
 * The way through an object that every stream takes: everything once, then what changed. Every visit that carries a
 * cursor is a place to go on from.
 */
import type { Cursor, ReadContext } from 'revops/connector';

import type { SalesforceClient } from './client.ts';
import { middleCursor, type Place, positionOf, seenCursor, type Stretch } from './cursor.ts';
import { recordPages } from './query.ts';
import type { RawRecord } from './record.ts';
import { valueAt } from './selection.ts';

export interface Visit {
  records: RawRecord[];
  cursor?: Cursor;
}

export interface Route {
  object: string;
  paths: readonly string[];
  /** The field to follow; null: there is none, everything is read each time. */
  cursorField: string | null;
  withDeleted: boolean;
  /** What a read of everything does not give counts as deleted, so it must not leave out what changes meanwhile. */
  isSnapshot: boolean;
}

/**
 * A record is stamped when it is saved, and seen by others when its transaction ends, ten minutes later at most. So each
 * read begins this long before the newest stamp seen before. What is read twice lands once.
 */
export const OVERLAP_MS = 10 * 60_000;

export async function* walk(
  context: ReadContext<SalesforceClient>,
  route: Route,
  since: Cursor | null,
): AsyncGenerator<Visit> {
  const position = positionOf(since);
  if (position.kind === 'start' || route.cursorField === null) {
    yield* stretch(context, route, { from: null, until: route.isSnapshot ? null : context.now, after: null });
    return;
  }
  let upTo = position.kind === 'seen' ? position.upTo : position.stretch.after.stamp;
  if (position.kind === 'middle') upTo = yield* stretch(context, route, position.stretch);
  yield* stretch(context, route, { from: before(upTo), until: context.now, after: null }, upTo);
}

// --- internal ---

/**
 * Reads a stretch and gives the newest stamp seen: the platform's clock and not ours, whatever the two differ by. A snapshot
 * is read in one go, so it needs no order, which would keep the Bulk API from reading parts side by side.
 */
async function* stretch(
  context: ReadContext<SalesforceClient>,
  route: Route,
  asked: Stretch,
  seenBefore: Date | null = null,
): AsyncGenerator<Visit, Date> {
  const { cursorField } = route;
  const isOrdered = cursorField !== null && !(route.isSnapshot && asked.from === null);
  const soql = soqlOf(route, asked, isOrdered);
  let newest = asked.after?.stamp ?? seenBefore;
  for await (const records of recordPages(context.client, {
    object: route.object,
    soql,
    withDeleted: route.withDeleted,
  })) {
    let last: Place | null = null;
    for (const record of records) {
      const place = cursorField === null ? null : placeOf(record, cursorField);
      if (place === null) continue;
      last = place;
      if (newest === null || place.stamp > newest) newest = place.stamp;
    }
    yield isOrdered && last !== null ? { records, cursor: middleCursor(asked, last) } : { records };
  }
  yield newest === null || cursorField === null ? { records: [] } : { records: [], cursor: seenCursor(newest) };
  return newest ?? context.now;
}

function soqlOf(route: Route, { from, until, after }: Stretch, isOrdered: boolean): string {
  const { cursorField: field } = route;
  const conditions = [
    ...(from === null || after !== null ? [] : [`${field} >= ${literal(from)}`]),
    ...(after === null
      ? []
      : [`(${field} > ${literal(after.stamp)} OR (${field} = ${literal(after.stamp)} AND Id > '${after.id}'))`]),
    ...(until === null || field === null ? [] : [`${field} < ${literal(until)}`]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT ${route.paths.join(', ')} FROM ${route.object}${where}${isOrdered ? ` ORDER BY ${field} ASC, Id ASC` : ''}`;
}

function literal(instant: Date): string {
  return instant.toISOString();
}

function placeOf(record: RawRecord, field: string): Place | null {
  const stamp = new Date(String(valueAt(record, field)));
  return Number.isNaN(stamp.getTime()) ? null : { stamp, id: String(record['Id']) };
}

function before(instant: Date): Date {
  return new Date(instant.getTime() - OVERLAP_MS);
}
