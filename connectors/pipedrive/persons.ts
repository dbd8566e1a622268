/**
 * People.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';
import type { WireRecord } from './lists.ts';

export const persons = objectStream({
  name: 'persons',
  description: 'People. One row per person.',
  schema: {
    id: column.text(),
    org_id: column.text(),
    owner_id: column.text(),
    name: column.text(),
    first_name: column.text(),
    last_name: column.text(),
    email: column.text(),
    phone: column.text(),
    emails: column.json(),
    phones: column.json(),
    gclid: column.text(),
    fbclid: column.text(),
    first_page_url: column.text(),
    first_referrer: column.text(),
    first_seen_at: column.timestamp(),
    original_source: column.text(),
    original_source_detail_1: column.text(),
    original_source_detail_2: column.text(),
    latest_source: column.text(),
    latest_source_detail_1: column.text(),
    latest_source_detail_2: column.text(),
    latest_seen_at: column.timestamp(),
    add_time: column.timestamp(),
    update_time: column.timestamp(),
  },
  recent: 'person',
  lists: [{ name: 'persons', page: (sdk, query) => sdk.persons.getPersons(query) }],
  columns: (record) => ({
    org_id: record['org_id'] ?? null,
    owner_id: record['owner_id'] ?? null,
    name: record['name'] ?? null,
    first_name: record['first_name'] ?? null,
    last_name: record['last_name'] ?? null,
    email: preferred(record, 'emails'),
    phone: preferred(record, 'phones'),
    emails: record['emails'] ?? null,
    phones: record['phones'] ?? null,
    add_time: record['add_time'] ?? null,
    update_time: record.update_time ?? null,
  }),
  ownFields: (client) => client.options.fields,
});

// --- internal ---

/** The one marked as primary, else the first. */
function preferred(record: WireRecord, list: 'emails' | 'phones'): string | null {
  const entries = (record[list] ?? []) as { value?: string; primary?: boolean }[];
  const given = entries.filter(({ value }) => value !== undefined && value !== '');
  return (given.find(({ primary }) => primary === true) ?? given[0])?.value ?? null;
}
