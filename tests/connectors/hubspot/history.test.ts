import { describe, expect, test } from 'vitest';

import type { ChangeActor, PropertyChange } from '../../../fixtures/world/types.ts';
import { emulate, land, landAll, nothingLanded, open } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

/** Newest first. */
function stages(...changes: [minute: number, value: string | null, actor?: ChangeActor][]): PropertyChange[] {
  return changes.map(([minute, value, actor = 'CRM_UI']) => ({ at: at(minute), value, actor })).toReversed();
}

describe('property history', () => {
  test('gives the time of the entry, not that of a later modification, and who made it', async () => {
    const crm = tinyCrm();
    const history = { stage: stages([0, 'open', 'IMPORT'], [5, 'won', 'AUTOMATION_PLATFORM'], [6, null]) };
    crm.put('deals', 1, at(90), { createdAt: at(0), history, properties: { stage: null } });
    const landed = await landAll(await open(await emulate(crm, at(120)), at(120)), 'deal_stage_history');
    expect([...landed.rows.values()]).toEqual([
      {
        deal_id: '1',
        property: 'dealstage',
        changed_at: at(6),
        entry: '=',
        value: null,
        source_type: 'CRM_UI',
        source_id: 'userId:1',
      },
      {
        deal_id: '1',
        property: 'dealstage',
        changed_at: at(5),
        entry: '=won',
        value: 'won',
        source_type: 'AUTOMATION_PLATFORM',
        source_id: 'enrollmentId:3001',
      },
      {
        deal_id: '1',
        property: 'dealstage',
        changed_at: at(0),
        entry: '=open',
        value: 'open',
        source_type: 'IMPORT',
        source_id: '1001',
      },
    ]);
  });

  test('outlives what the platform keeps: 20 values of a deal', async () => {
    const crm = tinyCrm();
    const all = Array.from({ length: 36 }, (_, minute): [number, string] => [
      minute,
      minute % 2 === 0 ? 'open' : 'lost',
    ]);
    crm.put('deals', 1, at(17), { history: { stage: stages(...all.slice(0, 18)) } });
    const emulator = await emulate(crm, at(18));
    const landed = nothingLanded();
    await land(await open(emulator, at(18)), 'deal_stage_history', landed);
    crm.put('deals', 1, at(35), { history: { stage: stages(...all) } });
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'deal_stage_history', landed);
    expect([...landed.rows.values()].map((row) => row['changed_at']).toSorted()).toEqual(
      all.map(([minute]) => at(minute)),
    );
  });

  test('is asked for in pages and batches of at most 50, and of properties people set only', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 240; id += 1) crm.put('deals', id, at(0), { history: { stage: stages([0, 'open']) } });
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'deal_stage_history', landed);
    for (let id = 1; id <= 240; id += 1)
      crm.put('deals', id, at(30), { history: { stage: stages([0, 'open'], [30, 'won']) } });
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'deal_stage_history', landed);
    expect(landed.rows.size).toBe(480);
    const batches = emulator.requests
      .filter(({ url }) => url.pathname.endsWith('/batch/read'))
      .map(({ body }) => JSON.parse(body) as { inputs: unknown[]; propertiesWithHistory: string[] });
    expect(Math.max(...batches.map(({ inputs }) => inputs.length))).toBe(50);
    const asked = new Set([
      ...batches.flatMap(({ propertiesWithHistory }) => propertiesWithHistory),
      ...emulator.requests.flatMap(({ url }) => url.searchParams.getAll('propertiesWithHistory')),
    ]);
    expect([...asked].toSorted()).toEqual(['amount', 'closedate', 'dealstage', 'hubspot_owner_id', 'pipeline']);
  });

  test('of a record archived right after a change is not lost', async () => {
    const crm = tinyCrm();
    crm.put('deals', 1, at(0), { history: { stage: stages([0, 'open']) } });
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'deal_stage_history', landed);
    crm.put('deals', 1, at(30), { history: { stage: stages([0, 'open'], [30, 'won']) } });
    crm.archive('deals', 1, at(31));
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'deal_stage_history', landed);
    expect([...landed.rows.values()].map((row) => row['value'])).toEqual(['open', 'won']);
  });

  test('of contacts is that of the lifecycle stage', async () => {
    const crm = tinyCrm();
    crm.put('contacts', 4, at(3), { history: { lifecycleStage: stages([0, 'lead'], [3, 'customer']) } });
    const landed = await landAll(await open(await emulate(crm, at(20)), at(20)), 'contact_lifecycle_history');
    expect([...landed.rows.keys()]).toEqual([`4|lifecyclestage|${at(3)}|=customer`, `4|lifecyclestage|${at(0)}|=lead`]);
  });

  test('goes on where an interrupted backfill stopped', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 130; id += 1) crm.put('deals', id, at(0), { history: { stage: stages([0, 'open']) } });
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'deal_stage_history', landed, { stopAfter: 1 });
    expect(landed.rows.size).toBe(50);
    crm.put('deals', 2, at(25), { history: { stage: stages([0, 'open'], [25, 'won']) } });
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'deal_stage_history', landed);
    expect(landed.rows.size).toBe(131);
    expect(landed.cursor).toEqual({ since: at(50) });
    const lists = emulator.requests.filter(
      ({ method, url }) => method === 'GET' && url.searchParams.get('archived') === 'false',
    );
    expect(lists.map(({ url }) => url.searchParams.get('after'))).toEqual([null, '50', '50', '100']);
  });
});
