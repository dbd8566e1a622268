/**
 * Companies.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';

export const organizations = objectStream({
  name: 'organizations',
  description: 'Companies. One row per organization.',
  schema: {
    id: column.text(),
    name: column.text(),
    website: column.text(),
    employee_count: column.double(),
    owner_id: column.text(),
    add_time: column.timestamp(),
    update_time: column.timestamp(),
  },
  recent: 'organization',
  lists: [{ name: 'organizations', page: (sdk, query) => sdk.organizations.getOrganizations(query) }],
  columns: (record) => ({
    name: record['name'] ?? null,
    website: record['website'] ?? null,
    employee_count: record['employee_count'] ?? null,
    owner_id: record['owner_id'] ?? null,
    add_time: record['add_time'] ?? null,
    update_time: record.update_time ?? null,
  }),
});
