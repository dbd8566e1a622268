import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { carriedKey } from '../../src/model/compile/keys.ts';
import type { CompiledProject } from '../../src/model/index.ts';
import {
  caseLabel,
  openMemory,
  openTemporaryPostgres,
  readCases,
  runCase,
  type CaseResult,
  type CaseWarehouse,
} from '../../src/model/unit/index.ts';
import { renderResult } from '../../src/cli/test-report.ts';
import { Secret } from '../../src/secret.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { engines, testPostgresUrl } from '../support/warehouses.ts';

const root = join(import.meta.dirname, '../..');
const cases = await readCases([{ origin: 'revops', folder: join(root, 'fixtures/cases') }]);

for (const engine of engines) {
  describe(engine, () => {
    let compiled: CompiledProject;
    let opened: CaseWarehouse;
    const results: CaseResult[] = [];

    beforeAll(async () => {
      compiled = await shippedLibrary(engine);
      opened =
        engine === 'duckdb'
          ? await openMemory()
          : await openTemporaryPostgres(new Secret(await testPostgresUrl(), 'test server'), () => new Date());
      await opened.install(compiled);
    });

    afterAll(async () => {
      await opened.close();
    });

    for (const unit of cases) {
      test(`${caseLabel(unit)}: ${unit.description}`, async () => {
        const result = await runCase(opened.warehouse, compiled, unit);
        results.push(result);
        expect(result.status, renderResult(result, root)).toBe('passed');
      });
    }

    test('Every model of core and marts has a case, and every one that follows changes by key is also fed in two loads.', () => {
      const models = compiled.relations.flatMap((relation) =>
        relation.kind === 'model' && relation.schema !== 'staging' ? [relation] : [],
      );
      const covered = new Set(results.map(({ model }) => model));
      expect(models.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
      const split = new Set(results.filter(({ isSplit }) => isSplit).map(({ model }) => model));
      const keyed = models.filter((model) =>
        model.parents.some((name) => carriedKey(model, compiled.byName.get(name) ?? model) !== null),
      );
      expect(keyed.map(({ name }) => name).filter((name) => !split.has(name))).toEqual([]);
    });
  });
}
