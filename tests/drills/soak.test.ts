import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { createWorld } from '../../fixtures/world/index.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { openCompany } from '../support/company.ts';
import { databaseNamed } from '../support/databases.ts';
import { enginesOrOne, testPostgresUrl } from '../support/warehouses.ts';
import { type Course, soak, type Soaked } from './soak-days.ts';
import { wrongOf } from './soak-ends.ts';

/** Its second day is one of a kill, its third one of a used-up quota. */
const SEED = 19;
const DAYS = 4;

const root = mkdtempSync(join(tmpdir(), 'revops-soak-'));
const world = createWorld({ months: 2, scale: 0.3 });
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const engine of enginesOrOne('duckdb')) {
  it(`a project on ${engine} that is killed and refused ends as one that is left alone, also where the drill was stopped`, async () => {
    const server = await testPostgresUrl();
    const database = engine === 'duckdb' ? undefined : (known?: string) => databaseNamed(server, known);
    const through = async (isDisturbed: boolean, lastDay: number): Promise<Soaked> => {
      let done = 0;
      const company = await openCompany({ world, now: '2025-06-20T06:00:00.000Z' });
      const course: Course = {
        company,
        folder: join(root, `${engine}-${String(isDisturbed)}`),
        database,
        isDisturbed,
        days: DAYS,
        seed: SEED,
        select: '+deals +spend_daily',
        onDay: (_, day) => (done = day),
        isStopped: () => done >= lastDay,
      };
      try {
        return await soak(course);
      } finally {
        await company.close();
      }
    };
    expect((await through(true, 2)).diary.days).toBe(2);
    const [troubled, calm] = await Promise.all([through(true, DAYS), through(false, DAYS)]);
    expect(troubled.diary).toMatchObject({
      days: DAYS,
      kinds: { killed: { times: 1, runs: 2 }, nothing: { times: 2 } },
    });
    expect(Object.keys(troubled.diary.kinds)).toHaveLength(3);
    expect(await wrongOf(calm, troubled, ['no secret'])).toEqual([]);

    const warehouse = await openWarehouse(troubled.project.warehouse);
    await warehouse.execute(
      `update raw_hubspot.deals set _deleted = not _deleted where id = (select min(id) from raw_hubspot.deals)`,
    );
    await warehouse.close();
    expect(await wrongOf(calm, troubled, ['no secret'])).not.toEqual([]);
  }, 240_000);
}
