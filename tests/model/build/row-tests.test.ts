import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';
import { loadRaw, run } from '../building.ts';
import { projectOf } from '../project.ts';

const header = `description: One row per deal.
grain: [id]
columns:
  id: { type: text, description: Id., tests: [not_null] }
  stage: { type: text, description: Stage., tests: [not_null, { accepted_values: [open, won], where: "id <> 'd4'" }] }
  amount: { type: bigint, description: Amount., tests: [{ between: [0, 10], severity: warning }, { not_null: , where: "stage = (select max(stage) from (values ('won')) as best(stage))" }] }`;
const FILES = {
  'models/staging/crm/deals.sql': `/*\nsource: crm.deals\nreads: { id: text, stage: text, amount: bigint }\n${header}\n*/\nselect id, stage, amount from source`,
};
const SHAPE = { id: 'text', stage: 'text', amount: 'bigint' } as const;

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  let warehouse: Warehouse;
  let looks: string[];
  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    looks = [];
    warehouse = {
      ...opened.warehouse,
      query: (sql, parameters) => {
        if (/count\(\*\) (filter|as failing)/.test(sql)) looks.push(sql);
        return opened.warehouse.query(sql, parameters);
      },
    };
  });
  afterEach(() => opened.dispose());

  it('Tests of rows by themselves pass at one look, and the others by looks of their own', async () => {
    await loadRaw(warehouse, 'crm', 'deals', SHAPE, [
      ['d1', 'open', '1'],
      ['d2', 'won', '10'],
      ['d4', 'unheard of', null],
    ]);
    expect((await run(warehouse, await projectOf(FILES))).status).toBe('published');
    // one for five tests of rows, one for the grain
    expect(looks).toHaveLength(2);
  });

  it('Each that finds a row tells for itself, in the order of the header', async () => {
    await loadRaw(warehouse, 'crm', 'deals', SHAPE, [
      ['d1', null, '-1'],
      ['d2', 'lost', '11'],
      ['d3', 'won', null],
    ]);
    const events: string[] = [];
    const failing = run(
      warehouse,
      await projectOf(FILES),
      {},
      {
        onEvent: (event) => {
          if (event.type !== 'test_failed') return;
          const { test, severity, count } = event.failure;
          events.push(`${severity}: ${test} found ${count}`);
        },
      },
    );
    await expect(failing).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(events).toEqual([
      'error: not_null stage found 1',
      'error: accepted_values stage found 1',
      'warning: between amount found 2',
      'error: not_null amount found 1',
    ]);
  });
});
