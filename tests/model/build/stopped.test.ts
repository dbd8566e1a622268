import { expect, it } from 'vitest';

import { verifyLedger } from '../../../src/model/ledger/ledger-digest.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { everything, run } from '../building.ts';
import { firstLinks, LINKED_LEDGER, secondLinks } from '../linked-ledger.ts';
import { projectOf } from '../project.ts';

/** Between two stops of the build: every one with REVOPS_KILL_ALL=1. */
const STRIDE = process.env['REVOPS_KILL_ALL'] === '1' ? 1 : 16;

it.each(engines)(
  'On %s, stopped at any step, ledger and components are as they were, and the next build ends where an undisturbed one does',
  async (engine) => {
    const project = await projectOf(LINKED_LEDGER);
    const build = (warehouse: Warehouse, stopAt?: number): Promise<string[]> => {
      const steps: string[] = [];
      const onStep = (step: string): void => {
        steps.push(step);
        if (steps.length === stopAt) throw new Error(`stopped at ${step}`);
      };
      return run(warehouse, project, {}, { rebuildShare: Infinity, onStep }).then(() => steps);
    };
    const shown = async (warehouse: Warehouse): Promise<unknown> => {
      const all = await everything(warehouse);
      const isOfNoBuild = ([name]: [string, unknown]): boolean => !name.startsWith('staging.');
      const withoutBuild = Object.entries(all)
        .filter(isOfNoBuild)
        .map(([name, rows]) => [name, rows.map(({ build_id: _, ...row }) => row)]);
      return Object.fromEntries(withoutBuild) as unknown;
    };
    const [calm, stopped] = [await openTestWarehouse(engine), await openTestWarehouse(engine)];
    for (const { warehouse } of [calm, stopped]) {
      await firstLinks(warehouse);
      await build(warehouse);
    }
    const before = await shown(stopped.warehouse);
    for (const { warehouse } of [calm, stopped]) await secondLinks(warehouse);
    const steps = await build(calm.warehouse);
    const after = await shown(calm.warehouse);
    expect(after).not.toEqual(before);
    const last = steps.indexOf('published');
    expect(steps).toEqual(expect.arrayContaining(['computed kept', 'looked up people', 'applied kept_restatements']));
    for (let step = 1; step <= last; step += STRIDE) {
      // not by name: relations made at the same time come by in any order
      await expect(build(stopped.warehouse, step)).rejects.toThrow(/^stopped at /);
      expect(await shown(stopped.warehouse), steps[step - 1]).toEqual(before);
    }
    await build(stopped.warehouse);
    expect(await shown(stopped.warehouse)).toEqual(after);
    expect(await verifyLedger(stopped.warehouse, 'kept')).toEqual([]);
    for (const { dispose } of [calm, stopped]) await dispose();
  },
  600_000,
);
