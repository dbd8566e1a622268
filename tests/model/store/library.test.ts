import { expect, it } from 'vitest';

import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { loadRaw, run } from '../building.ts';
import { model, projectOf } from '../project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../small-library.ts';

it.each(engines)(
  'On %s versions of functions are dropped when nothing uses them, and made again by the build after one that misses one',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const versions = async (): Promise<string[]> =>
      (
        await warehouse.query<{ name: string }>(
          engine === 'duckdb'
            ? `select distinct function_name as name from duckdb_functions() where schema_name = 'revops_store'`
            : `select proname::text as name from pg_proc where pronamespace = 'revops_store'::regnamespace`,
        )
      ).map(({ name }) => name);
    const of = (names: readonly string[]): string[] => names.map((name) => name.replace(/__\w+$/, '')).toSorted();
    try {
      await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
      await run(warehouse, await projectOf(LIBRARY), INPUTS);
      const first = await versions();
      expect(of(first)).toEqual(['scaled', 'times']);
      const changed = Object.fromEntries(
        Object.entries(LIBRARY)
          .filter(([path]) => path.includes('functions.sql'))
          .map(([path, text]) => [path, text.replace('a * b', 'b * a')]),
      );
      const project = await projectOf(LIBRARY, changed);
      await run(warehouse, project, INPUTS);
      expect(of(await versions())).toEqual(['scaled', 'scaled', 'times', 'times']);
      // the first build's are kept as long as the record of what it was before
      await warehouse.execute('delete from revops.changes');
      const other = { 'models/marts/twice.sql': model(['one integer'], 'select 1 as one') };
      await run(warehouse, await projectOf(LIBRARY, changed, other), INPUTS);
      const kept = await versions();
      expect(of(kept)).toEqual(['scaled', 'times']);
      expect(kept.filter((name) => first.includes(name))).toEqual([]);

      for (const name of kept)
        await warehouse.execute(`drop ${engine === 'duckdb' ? 'macro' : 'function'} revops_store."${name}"`);
      const full = { select: ['deals'], fullRefresh: true };
      await expect(run(warehouse, project, INPUTS, full)).rejects.toThrow(/scaled/);
      await run(warehouse, project, INPUTS, full);
      expect(await versions()).toEqual(expect.arrayContaining(kept));
    } finally {
      await dispose();
    }
  },
);
