/**
 * A stream of one object: its columns, the organisation's own fields, and what is deleted.
 */
import type { AppendStream, ColumnSchema, Page, ReadContext, UpsertStream, Cursor } from 'revops/connector';
import { isReadWithout, withFields } from 'revops/connector';

import type { SalesforceClient } from './client.ts';
import { describe, type ObjectDescription } from './describe.ts';
import type { STREAM_NAMES } from './options.ts';
import type { RawRecord } from './record.ts';
import { type ColumnOf, type Selection, selectionOf, valueAt } from './selection.ts';
import { walk } from './walk.ts';

type StreamName = (typeof STREAM_NAMES)[number];

interface Definition {
  name: StreamName;
  object: string;
  description: string;
  columns: Readonly<Record<string, ColumnOf>>;
  /** Names of the columns that fields named in the options fill. */
  ownColumns?: Readonly<Record<string, ColumnSchema>>;
  /** A handful of records, read whole each time. */
  isSmall?: boolean;
}

/** Formula fields change without a stamp, and records can be erased without a trace, so all is read anew each week. */
const FULL_EVERY_DAYS = 7;

/** Records as they are now. */
export function objectStream(definition: Definition): UpsertStream<SalesforceClient> {
  return {
    ...described(definition),
    mode: 'upsert',
    snapshot: true,
    // A field that is named, or shown to the user, from now on is in every record, not only in those that change.
    isOutdated: async ({ client }, since) => {
      const { filled } = await selectionFor(client, definition);
      return isReadWithout(since, filled);
    },
    read: (context, slice) => pages(context, definition, slice.since, slice.since === null),
  };
}

/** Records that are written once. Those of deleted owners are kept. */
export function historyStream(definition: Definition): AppendStream<SalesforceClient> {
  return {
    ...described(definition),
    mode: 'append',
    read: (context, slice) => pages(context, definition, slice.since, null),
  };
}

// --- internal ---

function described(definition: Definition) {
  return {
    name: definition.name,
    description: definition.description,
    schema: {
      ...Object.fromEntries(Object.entries(definition.columns).map(([column, { schema }]) => [column, schema])),
      ...definition.ownColumns,
    },
    primaryKey: ['id'],
    fullEvery: FULL_EVERY_DAYS,
  };
}

/** `isSnapshot` null: a stream that tells nothing about what is deleted. */
async function* pages(
  context: ReadContext<SalesforceClient>,
  definition: Definition,
  since: Cursor | null,
  isSnapshot: boolean | null,
): AsyncGenerator<Page> {
  const { description, cursorField, ...selection } = await selectionFor(context.client, definition);
  const { hasRecycleBin } = description;
  if (selection.unseen.length > 0) {
    context.note(`${definition.object}: the user does not see ${selection.unseen.join(', ')}; left empty`);
  }
  if (description.cursorField === null)
    context.note(`${definition.object}: no field to follow changes by; everything is read each time`);
  const route = {
    object: definition.object,
    paths: selection.paths,
    cursorField,
    withDeleted: hasRecycleBin,
    isSnapshot: isSnapshot === true,
  };
  const cursorWith = (cursor: Cursor): Cursor => (isSnapshot === null ? cursor : withFields(cursor, selection.filled));
  for await (const visit of walk(context, route, since)) {
    const live = isSnapshot === null ? visit.records : visit.records.filter((record) => !isDeleted(record));
    yield {
      records: live.map(selection.toRecord),
      ...(isSnapshot === null ? {} : { deleted: visit.records.filter(isDeleted).map(selection.toRecord) }),
      ...(visit.cursor === undefined ? {} : { cursor: cursorWith(visit.cursor) }),
    };
  }
}

async function selectionFor(
  client: SalesforceClient,
  definition: Definition,
): Promise<Selection & { description: ObjectDescription; cursorField: string | null }> {
  const description = await describe(client, definition.object);
  const cursorField = definition.isSmall === true ? null : description.cursorField;
  const always = [
    'Id',
    ...(cursorField === null ? [] : [cursorField]),
    ...(description.hasRecycleBin ? ['IsDeleted'] : []),
  ];
  const standard = client.options.standardFields[definition.name] ?? [];
  const selection = selectionOf(description, columnsFor(client, definition), standard, always);
  return { ...selection, description, cursorField };
}

function columnsFor(client: SalesforceClient, definition: Definition): Record<string, ColumnOf> {
  const own = Object.entries(definition.ownColumns ?? {}).flatMap(([column, schema]) => {
    const field = (client.options.fields as Partial<Record<string, string>>)[column];
    return field === undefined ? [] : [[column, { field, schema }] as const];
  });
  return { ...definition.columns, ...Object.fromEntries(own) };
}

function isDeleted(record: RawRecord): boolean {
  return String(valueAt(record, 'IsDeleted')) === 'true';
}
