/**
 * The people that records belong to.
 */
import type { Partition, ReadContext, UpsertStream } from 'revops/connector';
import { column, RevopsError } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { BLOCKED, PipedriveError } from './faults.ts';
import { instantOf } from './states.ts';

/** Read whole each time: the list has neither pages nor a lower limit. Who is gone from it stays as a tombstone. */
export const users: UpsertStream<PipedriveClient> = {
  name: 'users',
  description: 'People that records belong to, those who are deactivated included. One row per user.',
  mode: 'upsert',
  schema: {
    id: column.text(),
    name: column.text(),
    email: column.text(),
    is_active: column.boolean(),
    created: column.timestamp(),
    modified: column.timestamp(),
  },
  primaryKey: ['id'],
  snapshot: true,
  partitions,
  async *read({ client }) {
    const found = await listUsers(client);
    const rows = found.map(({ is_deleted: isDeleted, ...user }) => ({
      isDeleted: isDeleted === true,
      record: {
        id: String(user.id),
        name: user.name || null,
        email: user.email || null,
        is_active: user.active_flag ?? null,
        created: user.created ? instantOf(user.created) : null,
        modified: user.modified ? instantOf(user.modified) : null,
      },
    }));
    yield {
      records: rows.filter(({ isDeleted }) => !isDeleted).map(({ record }) => record),
      deleted: rows.filter(({ isDeleted }) => isDeleted).map(({ record }) => record),
    };
  },
};

/** False where the scopes of the app do not cover them. Any other failure is thrown. */
export async function areUsersReadable(client: PipedriveClient): Promise<boolean> {
  try {
    await listUsers(client);
    return true;
  } catch (error) {
    if (isOutOfScope(error)) return false;
    throw error;
  }
}

export const USERS_LEFT_OUT =
  'left out: the scopes of the app do not cover them. Grant `users:read`, or set `users: false`.';

// --- internal ---

interface WireUser {
  id: number;
  name?: string | null;
  email?: string | null;
  active_flag?: boolean | null;
  is_deleted?: boolean | null;
  created?: string | null;
  modified?: string | null;
}

async function listUsers(client: PipedriveClient): Promise<WireUser[]> {
  const { data } = (await client.call('users', (sdk) => sdk.users.getUsers())) as { data?: WireUser[] | null };
  if (!Array.isArray(data)) throw new PipedriveError('the list of users has no records', { status: 502 });
  return data;
}

/** None where they are not wanted, or the app's scopes do not cover them. */
async function partitions({ client, note }: ReadContext<PipedriveClient>): Promise<Partition[]> {
  if (!client.options.users) return [];
  if (await areUsersReadable(client)) return [{ key: {}, label: '' }];
  note(`users ${USERS_LEFT_OUT}`);
  return [];
}

/** A refusal in JSON: who is blocked for going on too fast is told so in HTML. */
function isOutOfScope(error: unknown): boolean {
  if (!(error instanceof RevopsError) || !(error.cause instanceof PipedriveError)) return false;
  return error.cause.status === 403 && error.cause.code !== BLOCKED;
}
