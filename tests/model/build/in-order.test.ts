import { setTimeout as pause } from 'node:timers/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { inOrder } from '../../../src/model/build/in-order.ts';

/** Steps 0…n-1 of which each needs some before it, in an order that has no step before one that it needs. */
const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 }).map((picks) =>
  picks.map((pick, index) => ({
    name: `s${index}`,
    needs: new Set(index === 0 ? [] : pick.map((of) => `s${of % index}`)),
  })),
);

describe('steps that need each other', () => {
  it('run once each, after what they need, and never more at once than there is room for', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), fc.scheduler(), async (steps, atOnce, scheduler) => {
        const needs = (name: string): ReadonlySet<string> =>
          steps.find((step) => step.name === name)?.needs ?? new Set();
        const ended: string[] = [];
        let running = 0;
        const all = inOrder(steps, { needs, atOnce }, async ({ name }) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(atOnce);
          expect([...needs(name)].every((needed) => ended.includes(needed))).toBe(true);
          await scheduler.schedule(Promise.resolve(), name);
          ended.push(name);
          running -= 1;
        });
        await scheduler.waitFor(all);
        expect(ended.toSorted()).toEqual(steps.map(({ name }) => name).toSorted());
        if (atOnce === 1) expect(ended).toEqual(steps.map(({ name }) => name));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('fill the room: what is ready does not wait for what is slow', async () => {
    const ended: string[] = [];
    const needs = (name: string): ReadonlySet<string> => new Set(name === 'after quick' ? ['quick'] : []);
    const steps = ['slow', 'quick', 'after quick'].map((name) => ({ name }));
    await inOrder(steps, { needs, atOnce: 2 }, async ({ name }) => {
      await pause(name === 'slow' ? 60 : 1);
      ended.push(name);
    });
    expect(ended).toEqual(['quick', 'after quick', 'slow']);
  });

  it('begin no more after an error, which is thrown when those under way have ended', async () => {
    const ended: string[] = [];
    const steps = ['slow', 'broken', 'never', 'neither'].map((name) => ({ name }));
    const all = inOrder(steps, { needs: () => new Set(), atOnce: 2 }, async ({ name }) => {
      if (name === 'broken') throw new Error('it broke');
      await pause(20);
      ended.push(name);
    });
    await expect(all).rejects.toThrow('it broke');
    expect(ended).toEqual(['slow']);
  });
});
