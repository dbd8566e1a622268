import { describe, expect, test } from 'vitest';

import { createWorld } from '../../../fixtures/world/index.ts';
import { partitionsOf } from '../hubspot/reading.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { emulate, landAll, open } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';

describe('users', () => {
  test('are all read, deactivated ones too, and every owner of a deal is one', async () => {
    const world = createWorld({ seed: 11, start: '2025-01-01', months: 3 });
    const connection = await open(await emulate(world, '2025-03-01T08:00:00.000Z'), NOW);
    const users = await landAll(connection, 'users');
    expect(users.rows.size).toBe(8);
    expect(users.rows.get('106')).toEqual({
      id: '106',
      name: 'Owner 106',
      email: 'owner-106@company.example',
      is_active: false,
      created: '2025-01-01T08:00:00Z',
      modified: '2025-01-01T08:00:00Z',
    });
    const deals = await landAll(connection, 'deals');
    const owners = new Set([...deals.rows.values()].map((deal) => String(deal['owner_id'])));
    expect(owners.size).toBeGreaterThan(3);
    expect([...owners].filter((id) => !users.rows.has(id))).toEqual([]);
  });

  test('out of the scopes of the app are left out with a note, and asked for no more with `users: false`', async () => {
    const emulator = await emulate(tinyCrm(), NOW, { hiddenPaths: ['/users'] });
    const notes: string[] = [];
    const connection = await open(emulator, NOW, {}, notes);
    expect(await partitionsOf(connection, 'users')).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^users left out: .*`users:read`.*`users: false`\.$/)]);
    const lines = await connection.check();
    expect(lines.filter(({ subject }) => subject === 'users')).toMatchObject([{ status: 'warning' }]);
    emulator.requests.length = 0;
    expect(await partitionsOf(await open(emulator, NOW, { users: false }), 'users')).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  test('are not left out because the platform fails', async () => {
    const emulator = await emulate(tinyCrm(), NOW);
    emulator.inject({ match: '/users', special: 'BLOCKED', times: 1 });
    await expect(partitionsOf(await open(emulator, NOW), 'users')).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
  });
});
