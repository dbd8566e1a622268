/**
 * Persons, organizations and deals as they are now.
 */
import type { ColumnSchema, Cursor, Page, ReadContext, SourceRecord, UpsertStream } from 'revops/connector';
import { isReadWithout, withFields } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { type RecentItem, goneSince } from './gone.ts';
import { columnName, customFields, type Field, fieldNamed, labelled, type ObjectName } from './fields.ts';
import { placesOf } from './cursor.ts';
import type { List, WireRecord } from './lists.ts';
import { OVERLAP_MS, walk } from './walk.ts';

interface Definition {
  name: ObjectName;
  description: string;
  schema: Record<string, ColumnSchema>;
  lists: readonly List[];
  /** What it is called where recent changes are told; of objects whose lists do not tell what is gone. */
  recent?: RecentItem;
  /** What of a record becomes columns; its `id` and its custom fields are added. */
  columns(record: WireRecord): SourceRecord;
  /** Columns that custom fields named in the options fill. */
  ownFields?(client: PipedriveClient): Readonly<Record<string, string>>;
}

/** Deletions are told for a month, at most, and formulas change silently: all is read anew each week. */
const FULL_EVERY_DAYS = 7;

export function objectStream(definition: Definition): UpsertStream<PipedriveClient> {
  const { name, description, schema, lists } = definition;
  return {
    name,
    description,
    mode: 'upsert',
    schema,
    primaryKey: ['id'],
    snapshot: true,
    fullEvery: FULL_EVERY_DAYS,
    // A field that is named from now on is in every record, not only in those that change.
    ...(definition.ownFields === undefined
      ? {}
      : {
          isOutdated: async ({ client }, since) => isReadWithout(since, filledBy(await ownFields(client, definition))),
        }),
    async *read(context, slice) {
      const { toRecord, filled } = await recordMaker(context, definition);
      // Before the first page that moves the cursor: a run that dies in between asks for the same again.
      yield* pagesOfGone(context, definition, slice.since);
      for await (const { records, cursor } of walk(context, lists, slice.since)) {
        yield {
          records: records.filter((record) => record.is_deleted !== true).map(toRecord),
          deleted: records.filter((record) => record.is_deleted === true).map(toRecord),
          ...(cursor === undefined ? {} : { cursor: withFields(cursor, filled) }),
        };
      }
    },
  };
}

// --- internal ---

/** Nothing on the first read: what it does not give is gone. */
async function* pagesOfGone(
  context: ReadContext<PipedriveClient>,
  { name, lists, recent }: Definition,
  cursor: Cursor | null,
): AsyncGenerator<Page> {
  const seen = placesOf(cursor)[name];
  const [list] = lists;
  if (recent === undefined || seen === undefined || list === undefined) return;
  for await (const ids of goneSince(context, recent, list, new Date(seen.getTime() - OVERLAP_MS)))
    yield { records: [], deleted: ids.map((id) => ({ id })) };
}

interface OwnFields {
  /** Every custom field. */
  fields: readonly Field[];
  /** Columns and what the options name for them; those of it that there are. */
  wanted: readonly [column: string, name: string][];
  own: readonly { column: string; field: Field }[];
}

async function ownFields(client: PipedriveClient, { name, ownFields: named }: Definition): Promise<OwnFields> {
  const fields = await customFields(client, name);
  const wanted = Object.entries(named?.(client) ?? {});
  const own = wanted.flatMap(([column, of]) => {
    const field = fieldNamed(fields, of);
    return field === undefined ? [] : [{ column, field }];
  });
  return { fields, wanted, own };
}

function filledBy({ own }: OwnFields): string[] {
  return own.map(({ column, field }) => `${column}=${field.key}`);
}

async function recordMaker(
  context: ReadContext<PipedriveClient>,
  definition: Definition,
): Promise<{ toRecord: (record: WireRecord) => SourceRecord; filled: string[] }> {
  const { name, columns } = definition;
  const found = await ownFields(context.client, definition);
  const { fields, wanted, own } = found;
  const missing = wanted.filter(([, of]) => fieldNamed(fields, of) === undefined).map(([, of]) => of);
  if (missing.length > 0)
    context.note(`${name}: no custom field, or several, called ${missing.join(', ')}; left empty`);
  const others = fields.filter((field) => !own.some((taken) => taken.field === field));
  const valueOf = (record: WireRecord, field: Field): unknown => labelled(field, record.custom_fields?.[field.key]);
  const toRecord = (record: WireRecord): SourceRecord => ({
    id: String(record.id),
    ...columns(record),
    ...Object.fromEntries(wanted.map(([column]) => [column, null])),
    ...Object.fromEntries(own.map(({ column, field }) => [column, valueOf(record, field)])),
    ...Object.fromEntries(others.map((field) => [columnName(field), valueOf(record, field)])),
  });
  return { toRecord, filled: filledBy(found) };
}
