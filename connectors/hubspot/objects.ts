/**
 * Contacts, companies and deals as they are now.
 */
import type { ColumnSchema, SourceRecord, UpsertStream } from 'revops/connector';
import { column, isReadWithout, withFields } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { requireProperties, wantedProperties } from './properties.ts';
import type { ObjectType } from './object-types.ts';
import type { WireRecord } from './records.ts';
import { walk } from './walk.ts';

/** A stream of one object type: typed columns for these properties, `_extra` for those asked for in the options. */
export function objectStream(
  type: ObjectType,
  description: string,
  properties: Record<string, ColumnSchema>,
): UpsertStream<HubspotClient> {
  const columns = { ...properties, [MERGED]: column.text() };
  return {
    name: type,
    description,
    mode: 'upsert',
    schema: { id: column.text(), ...columns, created_at: column.timestamp(), updated_at: column.timestamp() },
    primaryKey: ['id'],
    snapshot: true,
    fullEvery: 7,
    // A property that is asked for from now on is in every record, not only in those that change.
    isOutdated: async ({ client }, since) => isReadWithout(since, wantedProperties(client, type)),
    async *read(context, slice) {
      /** What a snapshot does not give is deleted anyway. */
      const isSnapshot = slice.since === null;
      await requireProperties(context.client, type);
      const wanted = wantedProperties(context.client, type);
      const names = [...new Set([...Object.keys(columns), ...wanted])];
      const route = { type, reading: { properties: names, history: [] }, archived: true };
      for await (const visit of walk(context, route, slice.since)) {
        const records = visit.records.map((record) => sourceRecord(record, names));
        yield {
          records: visit.archived ? [] : records,
          deleted: visit.archived ? records : isSnapshot ? [] : visit.records.flatMap(mergedAway),
          ...(visit.cursor === undefined ? {} : { cursor: withFields(visit.cursor, wanted) }),
        };
      }
    },
  };
}

// --- internal ---

/** Ids of the records merged into this one, separated by semicolons. Those no longer exist anywhere else. */
const MERGED = 'hs_merged_object_ids';

/** Only what was asked for: the platform adds properties of its own. A cleared property is an empty text there, null here. */
function sourceRecord(record: WireRecord, names: readonly string[]): SourceRecord {
  const properties = names.map((name) => [name, record.properties[name] || null]);
  return {
    id: record.id,
    ...Object.fromEntries(properties),
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
  };
}

function mergedAway(record: WireRecord): SourceRecord[] {
  const ids = (record.properties[MERGED] ?? '').split(';').map((id) => id.trim());
  return ids.filter((id) => id !== '' && id !== record.id).map((id) => ({ id }));
}
