/**
 * What sales did: calls, e-mails, meetings, notes and tasks, in one table, and the records they belong to. What was said
 * and written is not read.
 */
import type { Partition, ReadContext, SourceRecord, UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import { linkStream } from './associations.ts';
import type { HubspotClient } from './client.ts';
import type { ActivityKind } from './object-types.ts';
import type { WireRecord } from './records.ts';
import { walk } from './walk.ts';

/** Each kind has a state of its own. */
export const activities: UpsertStream<HubspotClient> = {
  name: 'activities',
  description: 'Calls, e-mails, meetings, notes and tasks, without their contents. One row per activity.',
  mode: 'upsert',
  schema: {
    kind: column.text(),
    id: column.text(),
    occurred_at: column.timestamp(),
    ends_at: column.timestamp(),
    direction: column.text(),
    status: column.text(),
    outcome: column.text(),
    origin: column.text(),
    duration_ms: column.bigint(),
    owner_id: column.text(),
    created_at: column.timestamp(),
    updated_at: column.timestamp(),
  },
  primaryKey: ['kind', 'id'],
  snapshot: true,
  fullEvery: 7,
  partitions: kindPartitions,
  async *read(context, slice) {
    const kind = kindOf(slice.partition);
    const columns = COLUMNS[kind];
    const reading = { properties: [...SHARED, ...Object.values(columns)], history: [] };
    for await (const visit of walk(context, { type: kind, reading, archived: true }, slice.since)) {
      const records = visit.records.map((record) => sourceRecord(kind, record));
      yield {
        records: visit.archived ? [] : records,
        deleted: visit.archived ? records : [],
        ...(visit.cursor === undefined ? {} : { cursor: visit.cursor }),
      };
    }
  },
};

export const activityContacts = linkStream({
  name: 'activity_contacts',
  description: 'Contacts of activities. One row per activity and contact.',
  owner: 'activity_id',
  to: 'contacts',
  other: 'contact_id',
  typeOf: kindOf,
  partitions: kindPartitions,
});

export const activityDeals = linkStream({
  name: 'activity_deals',
  description: 'Deals of activities. One row per activity and deal.',
  owner: 'activity_id',
  to: 'deals',
  other: 'deal_id',
  typeOf: kindOf,
  partitions: kindPartitions,
});

// --- internal ---

const SHARED = ['hs_timestamp', 'hubspot_owner_id'];

/** What the columns are called at each kind. */
const COLUMNS: Record<ActivityKind, Record<string, string>> = {
  calls: {
    direction: 'hs_call_direction',
    status: 'hs_call_status',
    outcome: 'hs_call_disposition',
    origin: 'hs_call_source',
    duration_ms: 'hs_call_duration',
  },
  emails: { direction: 'hs_email_direction', status: 'hs_email_status' },
  meetings: {
    occurred_at: 'hs_meeting_start_time',
    ends_at: 'hs_meeting_end_time',
    outcome: 'hs_meeting_outcome',
    origin: 'hs_meeting_source',
  },
  notes: {},
  tasks: { status: 'hs_task_status', outcome: 'hs_task_type' },
};

async function kindPartitions({ client }: ReadContext<HubspotClient>): Promise<Partition[]> {
  return client.options.activities.map((kind) => ({ key: { kind }, label: kind }));
}

function kindOf({ key }: Partition): ActivityKind {
  return key['kind'] as ActivityKind;
}

function sourceRecord(kind: ActivityKind, record: WireRecord): SourceRecord {
  const property = (name: string): string | null => record.properties[name] || null;
  const own = Object.entries(COLUMNS[kind]).map(([name, from]) => [name, property(from)]);
  const named: Record<string, string | null> = Object.fromEntries(own);
  return {
    ...named,
    kind,
    id: record.id,
    occurred_at: named['occurred_at'] ?? property('hs_timestamp'),
    owner_id: property('hubspot_owner_id'),
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
  };
}
