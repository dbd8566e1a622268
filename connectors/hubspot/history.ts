/**
 * What properties were, and since when: the platform's property history, kept for good here. The platform itself keeps
 * the last 20 values (45 for contacts).
 */
import type { AppendStream, SourceRecord } from 'revops/connector';
import { column } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import type { ObjectType } from './object-types.ts';
import type { WireRecord } from './records.ts';
import { walk } from './walk.ts';

/** Calculated properties are no use here: each recalculation is an entry. */
export const dealStageHistory = historyStream(
  'deal_stage_history',
  'Values of stage, pipeline, amount, close date and owner of deals. One row per deal, property, time and value.',
  'deals',
  'deal_id',
  ['dealstage', 'pipeline', 'amount', 'closedate', 'hubspot_owner_id'],
);

export const contactLifecycleHistory = historyStream(
  'contact_lifecycle_history',
  'Values of the lifecycle stage of contacts. One row per contact, property, time and value.',
  'contacts',
  'contact_id',
  ['lifecyclestage'],
);

// --- internal ---

function historyStream(
  name: string,
  description: string,
  type: ObjectType,
  owner: string,
  properties: readonly string[],
): AppendStream<HubspotClient> {
  return {
    name,
    description,
    mode: 'append',
    schema: {
      [owner]: column.text(),
      property: column.text(),
      changed_at: column.timestamp(),
      entry: column.text(),
      value: column.text(),
      source_type: column.text(),
      source_id: column.text(),
    },
    primaryKey: [owner, 'property', 'changed_at', 'entry'],
    async *read(context, slice) {
      const route = { type, reading: { properties: [], history: properties }, archived: true };
      for await (const visit of walk(context, route, slice.since)) {
        yield {
          records: visit.records.flatMap((record) => entries(record, owner, properties)),
          ...(visit.cursor === undefined ? {} : { cursor: visit.cursor }),
        };
      }
    },
  };
}

/**
 * `changed_at` is the time of the entry, the only one that says when a stage was entered. Two entries can share it, so the
 * value is part of the key, behind a `=` because a property can be cleared.
 */
function entries(record: WireRecord, owner: string, properties: readonly string[]): SourceRecord[] {
  return properties.flatMap((property) =>
    (record.propertiesWithHistory?.[property] ?? []).map((entry) => ({
      [owner]: record.id,
      property,
      changed_at: entry.timestamp.toISOString(),
      entry: `=${entry.value ?? ''}`,
      value: entry.value || null,
      source_type: entry.sourceType,
      source_id: entry.sourceId ?? null,
    })),
  );
}
