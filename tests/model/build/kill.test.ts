import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { readModelProject } from '../../../src/model/read/read.ts';
import type { WarehouseConfig } from '../../../src/warehouse/config.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import { enginesOrOne, openTestWarehouse } from '../../support/warehouses.ts';
import { everything, loadRaw, run } from '../building.ts';
import { writeFiles } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';

/** Gives the step at which the child was killed; null when the build ended before. */
async function buildUntil(
  config: WarehouseConfig,
  folder: string,
  inputs: unknown,
  step: number,
): Promise<string | null> {
  const plain = config.type === 'postgres' ? { ...config, url: config.url.reveal() } : config;
  const script = join(import.meta.dirname, '../build-child.ts');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--conditions=source', script, JSON.stringify(plain), folder, JSON.stringify(inputs), String(step)],
      (error, stdout, stderr) => {
        if (error === null) resolve(null);
        else if (error.signal === 'SIGKILL') resolve(stdout);
        else reject(new Error(stderr));
      },
    );
  });
}

/** Tables of the store without their builds' numbers, and without the changes that are kept: what is left lying around. */
async function storeOf(warehouse: Parameters<typeof everything>[0]): Promise<string[]> {
  const tables = (await warehouse.relations('revops_store')).map((relation) => relation.name);
  return tables.filter((name) => !/__b\d+__(delta|changed)$/.test(name)).map((name) => name.replace(/__b\d+$/, ''));
}

const CHANGED = {
  ...INPUTS,
  settings: [{ factor: 5, unused: 'z' }],
  clock: [{ now_at: '2026-03-02T12:00:00Z', today: '2026-03-02' }],
};
/** Besides the steps below: every one with REVOPS_KILL_ALL=1. */
const STRIDE = process.env['REVOPS_KILL_ALL'] === '1' ? 1 : 4;

describe.each(enginesOrOne('postgres'))('%s', (engine) => {
  it(
    'Killed at any step, readers see the old state or the new, and the next build ends where an undisturbed one does',
    { timeout: 600_000 },
    async () => {
      const { warehouse, config, dispose } = await openTestWarehouse(engine);
      const folder = writeFiles(LIBRARY);
      const project = await readModelProject([
        { origin: 'revops', models: join(folder, 'models'), sql: join(folder, 'sql') },
      ]);
      await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [
        ['a', '1', 'true'],
        ['b', '2', 'true'],
      ]);
      await run(warehouse, project, CHANGED);
      const wanted = await everything(warehouse);
      const wantedStore = new Set(await storeOf(warehouse));
      await run(warehouse, project, INPUTS);
      const old = await everything(warehouse);
      expect(old).not.toEqual(wanted);

      const steps: string[] = [];
      await run(warehouse, project, CHANGED, { onStep: (step) => void steps.push(step) });
      await run(warehouse, project, INPUTS);
      const last = steps.length;
      const chosen = [
        ...new Set([...steps.keys()].filter((index) => index % STRIDE === 0).concat([last - 3, last - 2, last - 1])),
      ];
      expect(steps.slice(-3)).toEqual(['publishing', 'before commit', 'published']);
      for (const index of chosen.toSorted((a, b) => a - b)) {
        await warehouse.close();
        const step = await buildUntil(config, folder, CHANGED, index + 1);
        const again = await openWarehouse(config);
        // where several relations are made at the same time, steps come in another order
        if (again.statementsAtOnce === 1) expect(step).toBe(steps[index]);
        else expect(steps).toContain(step);
        const seen = await everything(again);
        expect(seen, step ?? '').toEqual(step === 'published' ? wanted : old);
        await run(again, project, CHANGED);
        expect(await everything(again), step ?? '').toEqual(wanted);
        const store = await storeOf(again);
        expect(new Set(store)).toEqual(wantedStore);
        expect(
          Math.max(...[...wantedStore].map((name) => store.filter((other) => other === name).length)),
        ).toBeLessThanOrEqual(2);
        const killed = await again.query("select status from revops.builds where status in ('running', 'killed')");
        expect(killed.some((row) => row['status'] === 'running')).toBe(false);
        await run(again, project, INPUTS);
        await again.close();
      }
      await dispose();
    },
  );
});
