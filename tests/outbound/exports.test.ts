import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { exportBatch, exportedItems, settleBatches } from '../../src/outbound/exports.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

const NOW = new Date('2026-10-12T06:00:00Z');

for (const engine of engines) {
  describe(`exports on ${engine}`, () => {
    it('An export that is killed hands out everything once: whole files are recorded, half ones were never handed out.', async () => {
      const { warehouse, dispose } = await openTestWarehouse(engine);
      const folder = mkdtempSync(join(tmpdir(), 'revops-exports-'));
      const batch = (id: string) => ({
        ...{ batchId: id, destination: 'ads', list: 'conversions', folder: join(folder, id), at: NOW },
      });
      const files = [{ name: 'events.json', text: '{}\n' }];
      const items = [{ itemId: 'c1', change: 'added' as const }];
      const killed = (at: string) => async (step: string) => {
        if (step === at) throw new Error('killed');
      };
      const told = async (): Promise<string[]> => [...(await exportedItems(warehouse, 'ads', 'conversions')).keys()];
      try {
        await migrateState(warehouse, () => NOW);
        // before the files are there
        await expect(exportBatch(warehouse, batch('one'), items, files, killed('recorded'))).rejects.toThrow('killed');
        expect(readdirSync(folder)).toEqual([]);
        expect(await settleBatches(warehouse, 'ads', existsSync)).toEqual([]);
        expect(await told()).toEqual([]);
        // after the files have their name, before that is recorded
        await expect(exportBatch(warehouse, batch('two'), items, files, killed('written'))).rejects.toThrow('killed');
        expect(await settleBatches(warehouse, 'other', existsSync)).toEqual([]);
        expect(await settleBatches(warehouse, 'ads', existsSync)).toEqual([join(folder, 'two')]);
        expect(await settleBatches(warehouse, 'ads', existsSync)).toEqual([]);
        expect(await told()).toEqual(['c1']);
        // a folder that cannot be made
        const nowhere = { ...batch('three'), folder: join(folder, 'two', 'events.json', 'x') };
        await expect(exportBatch(warehouse, nowhere, [{ itemId: 'c2', change: 'added' }], files)).rejects.toMatchObject(
          {
            code: 'EXPORT_FAILED',
          },
        );
        expect(await told()).toEqual(['c1']);
        await exportBatch(warehouse, batch('four'), [{ itemId: 'c1', change: 'removed' }], files);
        expect(await told()).toEqual([]);
        expect(readdirSync(folder).toSorted()).toEqual(['four', 'two']);
        expect(readFileSync(join(folder, 'two', 'events.json'), 'utf8')).toBe('{}\n');
        expect(
          [join(folder, 'two'), join(folder, 'two', 'events.json')].map((path) => statSync(path).mode & 0o777),
        ).toEqual([0o700, 0o600]);
      } finally {
        await dispose();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
