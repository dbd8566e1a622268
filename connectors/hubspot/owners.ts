/**
 * The people that records belong to.
 */
import type { Partition, ReadContext, UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { isGranted } from './optional.ts';

/** What one request takes. */
const LIST_PAGE = 500;

/** Read whole each time: there is no cursor. Who left is still the owner of old deals, so is read as well. */
export const owners: UpsertStream<HubspotClient> = {
  name: 'owners',
  description: 'People that records belong to, those who left included. One row per owner.',
  mode: 'upsert',
  schema: {
    id: column.text(),
    email: column.text(),
    first_name: column.text(),
    last_name: column.text(),
    type: column.text(),
    user_id: column.text(),
    teams: column.json(),
    is_active: column.boolean(),
    created_at: column.timestamp(),
    updated_at: column.timestamp(),
  },
  primaryKey: ['id'],
  snapshot: true,
  partitions: ownerPartitions,
  async *read({ client }) {
    for (const archived of [false, true]) {
      let after: string | undefined;
      do {
        const position = after;
        const { results, paging } = await client.call(archived ? 'owners who left' : 'owners', (sdk) =>
          sdk.owners.getPage(undefined, position, LIST_PAGE, archived),
        );
        yield {
          records: results.map((owner) => ({
            id: owner.id,
            email: owner.email || null,
            first_name: owner.firstName || null,
            last_name: owner.lastName || null,
            type: owner.type,
            // Who left has no user id any more, but had one.
            user_id: owner.userId ?? owner.userIdIncludingInactive ?? null,
            teams: (owner.teams ?? []).map(({ id, name, primary }) => ({ id, name, primary })),
            is_active: !owner.archived,
            created_at: owner.createdAt.toISOString(),
            updated_at: owner.updatedAt.toISOString(),
          })),
        };
        after = paging?.next?.after;
      } while (after !== undefined);
    }
  },
};

// --- internal ---

/** None where the token may not read them. */
async function ownerPartitions(context: ReadContext<HubspotClient>): Promise<Partition[]> {
  const { client } = context;
  const ask = (): Promise<unknown> => client.call('owners', (sdk) => sdk.owners.getPage(undefined, undefined, 1));
  return client.options.owners && (await isGranted(context, 'owners', ask)) ? [{ key: {}, label: '' }] : [];
}
