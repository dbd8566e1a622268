import { copyFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import { openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf } from '../project.ts';

/** Each full: three versions of every table are there before the oldest goes. */
const BUILDS = Number(process.env['REVOPS_TEST_BUILDS'] ?? 6);

it(
  'After many full builds a DuckDB file is within 1.5 times of a fresh copy, and as small as that once vacuumed',
  { timeout: 900_000 },
  async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    const project = await projectOf({
      'models/core/numbers.sql': model(
        ['n integer', 'words text'],
        "select cast(n as integer) as n, cast(n * 7919 as text) || ' words' as words from generate_series(1, 30000) as listed(n)",
      ),
      'models/marts/sums.sql': model(
        ['bucket integer', 'n bigint'],
        'select cast(n % 1000 as integer) as bucket, cast(sum(n) as bigint) as n from numbers group by cast(n % 1000 as integer)',
      ),
    });
    const compiled = await compileProject(project, 'duckdb');
    let vacuumed = 0;
    for (let build = 1; build <= BUILDS; build += 1) {
      await run(warehouse, project, {}, { fullRefresh: true, compiled });
      // as the command does, whatever the size
      if ((await warehouse.vacuum({ above: 1.4, atLeastBytes: 0 })) !== null) vacuumed += 1;
    }
    expect(vacuumed).toBeGreaterThan(0);
    const rows = await rowsOf(warehouse, 'marts.sums');
    await warehouse.close();
    const size = statSync(config.path).size;
    const copy = { ...config, path: `${config.path}.copy` };
    copyFileSync(config.path, copy.path);
    const fresh = await openWarehouse(copy);
    const after = (await fresh.vacuum())?.after ?? 0;
    await fresh.close();
    expect(size / after).toBeLessThan(1.5);
    const again = await openWarehouse(config);
    expect((await again.vacuum())?.after).toBe(after);
    expect(await rowsOf(again, 'marts.sums')).toEqual(rows);
    await again.close();
    await dispose();
  },
);
