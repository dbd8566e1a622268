import { expect, it } from 'vitest';

import {
  closureOf,
  createStatement,
  libraryScript,
  publicName,
  readLibrary,
  versionOf,
} from '../../../src/model/compile/functions.ts';
import { installPublic, installVersions, storedNaming } from '../../../src/model/store/library.ts';
import { ensureStore } from '../../../src/model/store/store.ts';
import { migrateState } from '../../../src/warehouse/state/index.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';

const SCRIPT = `-- What it is.
create or replace macro twice(a) as a * 2;

-- Calls twice( and itself not.
create or replace macro four_times(a) as twice(twice(a));
create macro revops.lonely(a) as a || ' twice (x)';
`;

function library(...scripts: string[]): ReturnType<typeof readLibrary> {
  return readLibrary(scripts.map((sql, index) => ({ file: `sql/${index}.sql`, sql, origin: 'own' })));
}

it('Functions are found with what they call, the called first', () => {
  const found = library(
    SCRIPT.split(/(?=-- Calls)/)
      .toReversed()
      .join('\n'),
  );
  expect([...found.values()].map(({ name, calls }) => [name, calls])).toEqual([
    ['twice', []],
    ['four_times', ['twice']],
    ['lonely', ['twice']],
  ]);
});

it('Functions and their calls are created under the names wanted', () => {
  const own = library(SCRIPT).get('four_times');
  expect(own && createStatement(own, publicName)).toBe(
    'create or replace macro "revops"."four_times"(a) as "revops"."twice"("revops"."twice"(a))',
  );
});

it('A later script replaces single functions of an earlier one', () => {
  const found = library(SCRIPT, 'create or replace macro twice(a) as a + a;');
  expect([...found.values()].map(({ name, file }) => [name, file])).toEqual([
    ['twice', 'sql/1.sql'],
    ['four_times', 'sql/0.sql'],
    ['lonely', 'sql/0.sql'],
  ]);
  expect(libraryScript(found)).toContain('"revops"."twice"(a) as a + a;');
});

it('The version of a function changes with what it calls, and with nothing else', () => {
  const before = library(SCRIPT);
  const after = library(SCRIPT, 'create or replace macro twice(a) as a + a;\ncreate macro other(a) as a;');
  expect(versionOf('four_times', after)).not.toBe(versionOf('four_times', before));
  expect(versionOf('four_times', library(SCRIPT, 'create macro other(a) as a;'))).toBe(versionOf('four_times', before));
  expect(closureOf(['four_times'], before).map((own) => own.name)).toEqual(['four_times', 'twice']);
});

it('The shipped library has the same functions, with as many arguments, on both engines', async () => {
  const { project } = await shippedLibrary();
  const signatures = await Promise.all(
    engines.map(async (engine) => {
      const { warehouse, dispose } = await openTestWarehouse(engine);
      const shipped = readLibrary(project.functions[engine]);
      await migrateState(warehouse, () => new Date(0));
      await ensureStore(warehouse);
      expect(await installVersions(warehouse, shipped)).toBe(shipped.size);
      expect(await installVersions(warehouse, shipped)).toBe(0);
      expect(await installPublic(warehouse, shipped)).toBeNull();
      const rows = await warehouse.query<{ name: string; arguments: number }>(
        engine === 'duckdb'
          ? `select function_name as name, cast(len(parameters) as integer) as arguments from duckdb_functions() where schema_name = 'revops'`
          : `select p.proname::text as name, p.pronargs::integer as arguments from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = 'revops'`,
      );
      expect(storedNaming(shipped)(rows[0]?.name ?? '')).toMatch(/^"revops_store"\."\w+__[0-9a-f]{8}"$/);
      await dispose();
      // those that begin with _ are steps of others, and each engine has its own
      return rows.flatMap((row) => (row.name.startsWith('_') ? [] : [`${row.name}/${row.arguments}`])).toSorted();
    }),
  );
  expect(signatures[0]?.length).toBeGreaterThan(5);
  expect(signatures[0]).toEqual(signatures[1]);
});
