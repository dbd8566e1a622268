import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { explainOutdated } from '../../src/cli/outdated.ts';
import { whileHeld } from '../../src/cli/session.ts';
import { RevopsError } from '../../src/errors.ts';
import { compileModels } from '../../src/project/overlay.ts';
import { loadProject } from '../../src/project/load.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { projectFolder } from '../support/cli.ts';
import { projectConfig } from '../support/project-config.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

describe.each(engines)('a lost lease on %s', (engine) => {
  it('lets nothing more be committed', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      let isHeld = true;
      const held = whileHeld(warehouse, {
        assertHeld: () => {
          if (!isHeld) throw new RevopsError('LEASE_LOST', 'lost');
        },
      });
      await held.transaction((session) => session.execute('create table kept (n integer)'));
      const insert = (n: number): Promise<number> =>
        held.transaction((session) => session.execute(`insert into kept values (${n})`));
      await insert(1);
      isHeld = false;
      await expect(insert(2)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await warehouse.query('select n from kept')).toEqual([{ n: 1 }]);
    } finally {
      await dispose();
    }
  });
});

describe('the files of a DuckDB warehouse', () => {
  it('are their user’s only, its log too, and stay open to others where somebody opened them', async () => {
    const { folder, remove } = projectFolder();
    const config = { type: 'duckdb' as const, path: join(folder, 'w.duckdb') };
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    const beside = join(folder, 'beside.txt');
    const made = async (): Promise<string[]> => {
      const warehouse = await openWarehouse(config);
      await warehouse.execute('create or replace table t (i integer)');
      const lease = await warehouse.lease('revops test', 0);
      const modes = ['', '.wal', '.lease', '.lease.json'].map((end) => mode(`${config.path}${end}`));
      await lease.release();
      rmSync(`${config.path}.lease`);
      // between statements the umask is the user's
      rmSync(beside, { force: true });
      writeFileSync(beside, 'x');
      await warehouse.close();
      return modes;
    };
    const umask = process.umask(0o022);
    try {
      expect(await made()).toEqual(['600', '600', '600', '600']);
      expect(mode(beside)).toBe('644');
      expect(await made()).toEqual(['600', '600', '600', '600']);
      const vacuumed = await openWarehouse(config);
      await vacuumed.vacuum();
      await vacuumed.close();
      expect([mode(config.path), process.umask()]).toEqual(['600', 0o022]);
      chmodSync(config.path, 0o640);
      expect(await made()).toEqual(['640', '644', '644', '644']);
      expect(process.umask()).toBe(0o022);
    } finally {
      process.umask(umask);
      remove();
    }
  });
});

describe.each(engines)('a statement that fails on %s', (engine) => {
  it('says so where the models are others than those that were built, and nothing more where they are the same', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const { folder, remove } = projectFolder({ 'revops.config.ts': projectConfig('duckdb', '2026-01-01', []) });
    try {
      const project = await loadProject(folder);
      const failed = new RevopsError('WAREHOUSE_FAILED', 'column "as_of" does not exist');
      const { relations } = await compileModels(project);
      for (const schema of new Set(relations.map((relation) => relation.schema)))
        await warehouse.execute(`create schema ${schema}`);
      for (const { schema, name, columns } of relations) {
        const listed = columns.map((column) => `cast(null as text) as "${column.name}"`).join(', ');
        await warehouse.execute(`create view ${schema}."${name}" as select ${listed}`);
      }
      expect(await explainOutdated(project, warehouse, failed)).toBe(failed);
      await warehouse.execute('drop view core.spend_daily');
      await warehouse.execute('create view core.spend_daily as select 1 as spend');
      expect(await explainOutdated(project, warehouse, failed)).toMatchObject({
        code: 'WAREHOUSE_FAILED',
        message: failed.message,
        hint: 'core.spend_daily is not what the models of this version make of it: run `revops build` first.',
      });
      const other = new RevopsError('USAGE', 'no channel is called that');
      expect(await explainOutdated(project, warehouse, other)).toBe(other);
    } finally {
      remove();
      await dispose();
    }
  });
});
