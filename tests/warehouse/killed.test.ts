import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startWarehouseProcess } from '../support/warehouse-process.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import type { TestWarehouse } from '../support/warehouses.ts';

for (const engine of engines) {
  describe(`a process killed on ${engine}`, () => {
    let test: TestWarehouse;
    beforeEach(async () => {
      test = await openTestWarehouse(engine);
    });
    afterEach(() => test.dispose());

    it('frees its lease at once, and is named while it holds it', async () => {
      const holder = await startWarehouseProcess(test.config, 'lease');
      try {
        await expect(test.warehouse.lease('build', 200)).rejects.toMatchObject({
          code: 'LEASE_BUSY',
          message: expect.stringMatching(new RegExp(`is in use by process ${holder.pid} on .+ \\(sync, since 20`)),
        });
        const waiting = test.warehouse.lease('build', 20_000);
        const killed = performance.now();
        await holder.kill();
        const lease = await waiting;
        expect(performance.now() - killed).toBeLessThan(2_000);
        lease.assertHeld();
        await lease.release();
      } finally {
        await holder.kill();
      }
    });

    it('leaves what it committed', async () => {
      const writer = await startWarehouseProcess(test.config, 'write');
      await writer.kill();
      expect(await test.warehouse.query('select i from written')).toEqual([{ i: 1 }]);
    });

    it('leaves nothing of a transaction', async () => {
      const writer = await startWarehouseProcess(test.config, 'transaction');
      await writer.kill();
      expect(await test.warehouse.describe({ schema: engine === 'duckdb' ? 'main' : 'public', name: 'half' })).toBe(
        null,
      );
    });
  });
}
