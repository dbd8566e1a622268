import { describe, expect, test } from 'vitest';

import type { CrmList } from '../../../fixtures/world/types.ts';
import { emulate, land, landAll, nothingLanded, open, partitionsOf } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

function list(id: string, members: readonly number[], more: Partial<CrmList> = {}): CrmList {
  return {
    id,
    name: `List ${id} ✓`,
    objectTypeId: '0-1',
    processingType: 'DYNAMIC',
    createdAt: START,
    members: members.map((member) => ({ id: String(member), at: at(member) })),
    ...more,
  };
}

describe('lists', () => {
  test('are all read with their size, and one that is gone is a tombstone', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 5; id += 1) crm.lists.push(list(String(id), [1, 2]));
    crm.lists.push(list('9', [], { objectTypeId: '0-2', processingType: 'MANUAL' }));
    const connection = await open(await emulate(crm, START, { largestPage: 2 }), START);
    const landed = await landAll(connection, 'lists');
    expect([...landed.rows.keys()]).toEqual(['1', '2', '3', '4', '5', '9']);
    expect(landed.rows.get('1')).toMatchObject({
      name: 'List 1 ✓',
      object_type_id: '0-1',
      processing_type: 'DYNAMIC',
      size: 2,
      last_record_added_at: Date.parse(at(2)),
      last_record_removed_at: null,
    });
    crm.lists.shift();
    await land(connection, 'lists', landed);
    expect([...landed.deleted]).toEqual(['1']);
  });

  test('without the scope are left out with a note, and not asked for with `lists: false`', async () => {
    const notes: string[] = [];
    const emulator = await emulate(tinyCrm(), START, { scopes: ['oauth'] });
    const connection = await open(emulator, START, {}, (message) => notes.push(message));
    for (const stream of ['lists', 'list_memberships']) expect(await partitionsOf(connection, stream)).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^lists left out: .*crm\.lists\.read.*`lists: false`\.$/)]);
    emulator.requests.length = 0;
    expect(await partitionsOf(await open(emulator, START, { lists: false }), 'list_memberships')).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });
});

describe('what is on a list', () => {
  test('is read page by page, and again only when something came or went', async () => {
    const crm = tinyCrm();
    crm.lists.push(list('7', [1, 2, 3, 4, 5]), list('8', [1]));
    const emulator = await emulate(crm, START, { largestPage: 2 });
    const landed = nothingLanded();
    const read = async (): Promise<string[]> => {
      const connection = await open(emulator, START);
      expect(await partitionsOf(connection, 'list_memberships')).toHaveLength(crm.lists.length);
      emulator.requests.length = 0;
      await land(connection, 'list_memberships', landed, { key: { list_id: '7' } });
      return [...landed.rows.values()].map((row) => String(row['record_id'])).toSorted();
    };
    const members = (): number => emulator.requests.filter(({ url }) => url.pathname.includes('/memberships/')).length;
    expect(await read()).toEqual(['1', '2', '3', '4', '5']);
    expect([...landed.rows.values()][0]).toEqual({ list_id: '7', record_id: '1', added_at: at(1) });
    expect(members()).toBe(3);

    expect(await read()).toEqual(['1', '2', '3', '4', '5']);
    expect(members()).toBe(0);

    // One goes and another comes: the size stays.
    crm.lists[0] = list('7', [2, 3, 4, 5, 6], { removedAt: at(6) });
    expect(await read()).toEqual(['2', '3', '4', '5', '6']);
    crm.lists[0] = list('7', [2, 3], { removedAt: at(9) });
    expect(await read()).toEqual(['2', '3']);
    crm.lists[0] = list('7', [], { removedAt: at(10) });
    expect(await read()).toEqual([]);
  });
});
