import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ModelProject } from '../../src/model/contract.ts';
import { readModelProject } from '../../src/model/read.ts';
import type { Row } from '../../src/warehouse/types.ts';
import { readCases, runCase } from '../support/cases.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

const root = join(import.meta.dirname, '../..');
const cases = readCases(join(root, 'fixtures/cases'));

let project: ModelProject;

beforeAll(async () => {
  project = await readModelProject([{ origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') }]);
});

for (const engine of engines) {
  describe(engine, () => {
    let opened: TestWarehouse;

    beforeAll(async () => {
      opened = await openTestWarehouse(engine);
      for (const { sql } of project.functions[engine]) await opened.warehouse.script(sql);
    });

    afterAll(async () => {
      await opened.dispose();
    });

    for (const modelCase of cases) {
      test(`${modelCase.model}, ${modelCase.name}: ${modelCase.description}`, async () => {
        const { given, expected } = await runCase(opened.warehouse, project, modelCase);
        expectSameRows(given, expected);
      });
    }
  });
}

test('Every model of core and marts has a case.', () => {
  const covered = new Set(cases.map(({ model }) => model));
  const models = project.models.filter(({ layer }) => layer !== 'staging').map(({ name }) => name);
  expect(models.filter((name) => !covered.has(name))).toEqual([]);
});

// --- internal ---

/** Doubles are written by hand to some digits: they may differ by a millionth. All else must be equal. */
function expectSameRows(given: Row[], expected: Row[]): void {
  const rounded = given.map((row, index) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const wanted = expected[index]?.[column];
        const isClose =
          typeof value === 'number' &&
          typeof wanted === 'number' &&
          Math.abs(value - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted));
        return [column, isClose ? wanted : value];
      }),
    ),
  );
  expect(rounded).toEqual(expected);
}
