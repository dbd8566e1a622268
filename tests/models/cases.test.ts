import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { compileProject, readModelProject, type CompiledProject } from '../../src/model/index.ts';
import { installFunctions, readCases, runCase } from '../support/cases.ts';
import { expectSameRows } from '../support/same-rows.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

const root = join(import.meta.dirname, '../..');
const cases = readCases(join(root, 'fixtures/cases'));

for (const engine of engines) {
  describe(engine, () => {
    let compiled: CompiledProject;
    let opened: TestWarehouse;

    beforeAll(async () => {
      const folder = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
      compiled = await compileProject(await readModelProject([folder]), engine);
      opened = await openTestWarehouse(engine);
      await installFunctions(opened.warehouse, compiled);
    });

    afterAll(async () => {
      await opened.dispose();
    });

    for (const modelCase of cases) {
      test(`${modelCase.model}, ${modelCase.name}: ${modelCase.description}`, async () => {
        const { found, expected } = await runCase(opened.warehouse, compiled, modelCase);
        // fractions are written by hand to some digits
        expectSameRows(found, expected, 1e-6);
      });
    }

    test('Every model of core and marts has a case, and every case names relations its model reads.', () => {
      const models = compiled.relations.filter(({ kind, schema }) => kind === 'model' && schema !== 'staging');
      const covered = new Set(cases.map(({ model }) => model));
      expect(models.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
      const strangers = cases.flatMap(({ model, name, given }) =>
        Object.keys(given)
          .filter((relation) => !compiled.byName.get(model)?.parents.includes(relation))
          .map((relation) => `${model}/${name}: ${relation}`),
      );
      expect(strangers).toEqual([]);
    });
  });
}
