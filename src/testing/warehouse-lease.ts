/**
 * The lease: one holder, named to those who wait.
 */
import { hostname } from 'node:os';

import type { Lease } from '../warehouse/contract.ts';
import type { TestRunner } from './test-runner.ts';
import type { WithWarehouse } from './opened-warehouse.ts';

export function leaseCases({ it, expect }: TestRunner, withWarehouse: WithWarehouse): void {
  it(
    'is leased to one at a time, and the loser is told to whom',
    withWarehouse(async ({ warehouse, another }) => {
      const other = await another();
      try {
        const lease = await warehouse.lease('sync', 0);
        lease.assertHeld();
        const error: unknown = await other.lease('build', 300).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'LEASE_BUSY', retryable: true });
        const message = (error as Error).message;
        expect(message.includes(`process ${process.pid} on ${hostname()} (sync, since 2`)).toBe(true);
        expect(/waited 0\.[3-9] s/.test(message)).toBe(true);
        expect(await other.query('select 1 as reads_go_on')).toEqual([{ reads_go_on: 1 }]);
        await lease.release();
        const next = await other.lease('build', 0);
        await next.release();
      } finally {
        await other.close();
      }
    }),
  );

  it(
    'is given to the one who waits when it is released',
    withWarehouse(async ({ warehouse, another }) => {
      const other = await another();
      try {
        const order: string[] = [];
        const first = await warehouse.lease('sync', 0);
        const second: Promise<Lease> = other.lease('build', 10_000);
        await new Promise((passed) => setTimeout(passed, 200));
        order.push('released');
        await first.release();
        const lease = await second;
        order.push('taken');
        expect(order).toEqual(['released', 'taken']);
        await lease.release();
        await lease.release();
        await expect(Promise.resolve().then(() => lease.assertHeld())).rejects.toMatchObject({ code: 'LEASE_LOST' });
      } finally {
        await other.close();
      }
    }),
  );

  it(
    'lets exactly one of many in',
    withWarehouse(async ({ warehouse }) => {
      let inside = 0;
      let most = 0;
      await Promise.all(
        Array.from({ length: 6 }, async () => {
          const lease = await warehouse.lease('sync', 20_000);
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((passed) => setTimeout(passed, 20));
          inside -= 1;
          await lease.release();
        }),
      );
      expect(most).toBe(1);
    }),
  );
}
