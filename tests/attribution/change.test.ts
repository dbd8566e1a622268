import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  adoptBaseline,
  createLock,
  disagreements,
  readBaselines,
  readLockFile,
  resetLock,
  type AttributionDefinition,
  type Lock,
  type LockChange,
} from '../../src/attribution/index.ts';
import { digestOfParts } from '../../src/attribution/definition.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { projectFolder, type ProjectFolder } from '../support/cli.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

const NOW = new Date('2026-03-01T09:00:00.000Z');
const LATER = new Date('2026-04-15T09:00:00.000Z');

function definition(lookbackDays: number): AttributionDefinition {
  const parts = { 'attribution.lookbackDays': String(lookbackDays), 'model deals': 'aaaa' };
  return { parts, digest: digestOfParts(parts) };
}

for (const engine of engines) {
  describe(`the lock on ${engine}`, { timeout: 60_000 }, () => {
    let opened: TestWarehouse;
    let warehouse: Warehouse;
    let project: ProjectFolder;
    let file: string;

    beforeEach(async () => {
      opened = await openTestWarehouse(engine);
      ({ warehouse } = opened);
      await migrateState(warehouse, () => NOW);
      project = projectFolder();
      file = join(project.folder, 'attribution.lock.json');
    });
    afterEach(async () => {
      await opened.dispose();
      project.remove();
    });

    function at(now: Date, lookbackDays = 90, onStep?: () => void): LockChange {
      const today = now.toISOString().slice(0, 10);
      const common = { session: warehouse, file, definition: definition(lookbackDays), now, today };
      return onStep === undefined ? common : { ...common, onStep };
    }
    const killed = (): void => {
      throw new Error('killed');
    };
    async function expectAgreement(): Promise<Lock> {
      const lock = await readLockFile(file);
      if (lock === null) throw new Error('no lock file');
      expect(disagreements(lock, await readBaselines(warehouse))).toEqual([]);
      return lock;
    }

    it('writes the file and the same baseline into the warehouse', async () => {
      const { lock, outcome } = await createLock(at(NOW), 'first');
      expect(outcome).toBe('created');
      expect(await expectAgreement()).toEqual(lock);
      expect(await readBaselines(warehouse)).toEqual([lock]);
      expect(lock).toMatchObject({ created_at: NOW.toISOString(), effective_from: null, reason: 'first' });
      await expect(createLock(at(LATER), 'again')).rejects.toMatchObject({ code: 'USAGE' });
      expect(await readBaselines(warehouse)).toEqual([lock]);
    });

    it('gives an id that follows from definition and time', async () => {
      const { lock } = await createLock(at(NOW), 'first');
      expect(lock.baseline_id).toMatch(/^[0-9a-f]{8}$/);
      const other = await openTestWarehouse(engine);
      try {
        await migrateState(other.warehouse, () => NOW);
        rmSync(file);
        const again = await createLock({ ...at(NOW), session: other.warehouse }, 'first');
        expect(again.lock).toEqual(lock);
        rmSync(file);
        expect((await resetLock({ ...at(LATER), session: other.warehouse }, 'why')).lock.baseline_id).not.toBe(
          lock.baseline_id,
        );
      } finally {
        await other.dispose();
      }
    });

    it('is completed by the next create, or the next build, when killed between file and row', async () => {
      await expect(createLock(at(NOW, 90, killed), 'first')).rejects.toThrow('killed');
      expect(await readBaselines(warehouse)).toEqual([]);
      const written = await readLockFile(file);
      const { lock, outcome } = await createLock(at(LATER), 'first');
      expect([outcome, lock]).toEqual(['completed', written]);
      await expectAgreement();

      await expect(resetLock(at(LATER, 60, killed), 'shorter')).rejects.toThrow('killed');
      expect(await readBaselines(warehouse)).toHaveLength(1);
      await adoptBaseline(warehouse, (await readLockFile(file)) as Lock);
      await adoptBaseline(warehouse, (await readLockFile(file)) as Lock);
      await expectAgreement();
      expect(await readBaselines(warehouse)).toHaveLength(2);
    });

    it('is reset once when a killed reset is repeated', async () => {
      await createLock(at(NOW), 'first');
      await expect(resetLock(at(LATER, 60, killed), 'shorter')).rejects.toThrow('killed');
      const { outcome } = await resetLock(at(LATER, 60), 'shorter');
      expect(outcome).toBe('completed');
      await expectAgreement();
      expect((await readBaselines(warehouse)).map(({ reason }) => reason)).toEqual(['first', 'shorter']);
    });

    it('keeps old baselines, and a new one begins today', async () => {
      const { lock: first } = await createLock(at(NOW), 'first');
      const { lock: second } = await resetLock(at(LATER, 60), 'shorter');
      expect(second.effective_from).toBe('2026-04-15');
      expect(await readBaselines(warehouse)).toEqual([first, second]);
      await expectAgreement();
    });

    it('takes a lost file back from the warehouse, and only while the project matches', async () => {
      const { lock } = await createLock(at(NOW), 'first');
      rmSync(file);
      await expect(createLock(at(LATER, 60), 'first')).rejects.toMatchObject({
        code: 'LOCK_CHANGED',
        message: expect.stringContaining('attribution.lookbackDays: 90 → 60'),
      });
      expect(existsSync(file)).toBe(false);
      expect(await createLock(at(LATER), 'first')).toEqual({ lock, outcome: 'restored' });
      expect(await expectAgreement()).toEqual(lock);
    });

    it('refuses a file that is older than the baseline of the warehouse', async () => {
      await createLock(at(NOW), 'first');
      const old = readFileSync(file, 'utf8');
      const { lock } = await resetLock(at(LATER, 60), 'shorter');
      writeFileSync(file, old);
      await expect(adoptBaseline(warehouse, (await readLockFile(file)) as Lock)).rejects.toMatchObject({
        code: 'LOCK_CHANGED',
        message: expect.stringContaining(`the warehouse is on baseline ${lock.baseline_id} (shorter)`),
      });
      expect(await readBaselines(warehouse)).toHaveLength(2);
    });

    it('refuses a file that was edited by hand', async () => {
      const { lock } = await createLock(at(NOW), 'first');
      const edits: [Partial<Record<keyof Lock, unknown>>, string][] = [
        [{ parts: { ...lock.parts, 'attribution.lookbackDays': '60' } }, 'its digest is not that of its parts'],
        [{ baseline_id: '00000000' }, 'its baseline_id is not that of'],
        [{ created_at: 'yesterday' }, 'created_at'],
        [{ parts: undefined }, 'parts'],
      ];
      for (const [edit, message] of edits) {
        writeFileSync(file, JSON.stringify({ ...lock, ...edit }));
        await expect(readLockFile(file)).rejects.toMatchObject({
          code: 'LOCK_CHANGED',
          message: expect.stringContaining(message),
        });
      }
      // What the file cannot know of itself, the warehouse knows.
      const baselines = await readBaselines(warehouse);
      expect(disagreements({ ...lock, effective_from: '2020-01-01' }, baselines)).toEqual([
        'effective_from is null in the warehouse, 2020-01-01 in the lock file',
      ]);
      expect(disagreements({ ...lock, reason: 'another' }, baselines)).toHaveLength(1);
      expect(disagreements(lock, [])).toHaveLength(1);
    });

    it('cannot be reset where there is none', async () => {
      await expect(resetLock(at(NOW), 'why')).rejects.toMatchObject({ code: 'NO_LOCK' });
      expect(existsSync(file)).toBe(false);
    });
  });
}
