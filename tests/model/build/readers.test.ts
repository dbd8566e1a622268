import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { run } from '../building.ts';
import { projectOf, writeFiles } from '../project.ts';
import { buildUnderReaders, READ_FILES } from '../reading.ts';

/** `npm run drill:readers` does 50. */
const BUILDS = 6;

function folderOf(): { models: string; sql: string } {
  const folder = writeFiles(READ_FILES);
  return { models: join(folder, 'models'), sql: join(folder, 'sql') };
}

describe.each(engines)('%s', (engine) => {
  it('Readers in a loop see the old state or the new, never an error or a mixture', { timeout: 240_000 }, async () => {
    const { warehouse, config, dispose } = await openTestWarehouse(engine);
    const seen = await buildUnderReaders(warehouse, config, folderOf(), {
      builds: BUILDS,
      // on DuckDB they share this process, and its cores, with the builds
      readers: engine === 'postgres' ? 8 : 3,
    });
    expect(seen.mixed).toEqual([]);
    expect(seen.answers).toBeGreaterThan(BUILDS * 3);
    expect(seen.versions.size).toBeGreaterThanOrEqual(BUILDS - 1);
    expect(seen.inPlace).toBe(BUILDS - 1);
    await dispose();
  });
});

describe('postgres', () => {
  it(
    'Grants, comments and views of people survive builds that wait for a reader; old tables go when nobody reads them',
    { timeout: 240_000 },
    async () => {
      const { warehouse, config, dispose } = await openTestWarehouse('postgres');
      const held: Promise<unknown>[] = [];
      const seen = await buildUnderReaders(warehouse, config, folderOf(), {
        builds: 4,
        readers: 2,
        async between(version, reader) {
          if (version === 2) {
            await warehouse.execute('grant select on marts.first to public');
            await warehouse.execute('grant select (version) on marts.second to public');
          }
          // for longer than the publication's lock timeout, so that it has to let go and come again
          const begun = Promise.withResolvers<void>();
          held.push(
            reader.transaction(async (session) => {
              await session.query('select * from marts.second');
              begun.resolve();
              await sleep(1_200);
              await session.query('select * from marts.first');
            }),
          );
          await begun.promise;
        },
      });
      await Promise.all(held);
      expect(seen.mixed).toEqual([]);
      expect(seen.longest).toBeGreaterThan(1_000);
      const granted = await warehouse.query(
        `select table_name, privilege_type from information_schema.role_table_grants where grantee = 'PUBLIC' and table_schema = 'marts'`,
      );
      expect(granted).toEqual([{ table_name: 'first', privilege_type: 'SELECT' }]);
      expect(
        await warehouse.query(
          `select has_column_privilege('pg_monitor', 'marts.second', 'version', 'select') as version, has_column_privilege('pg_monitor', 'marts.second', 'n', 'select') as n`,
        ),
      ).toEqual([{ version: true, n: false }]);
      expect(await warehouse.query(`select obj_description('marts.first'::regclass) as comment`)).toEqual([
        { comment: 'Made for a test.' },
      ]);
      expect(await warehouse.query('select version from mine.own')).toEqual([{ version: 4 }]);

      // someone in the middle of a version: it stays until they are through
      const project = await projectOf(READ_FILES);
      const tables = async (): Promise<string[]> =>
        (await warehouse.relations('revops_store'))
          .map(({ name }) => name)
          .filter((name) => /^first__b\d+$/.test(name));
      expect(await tables()).toEqual(['first__b3', 'first__b4']);
      const notes = await warehouse.transaction(async (session) => {
        await session.query('select * from revops_store.first__b3');
        const { events } = await run(warehouse, project, { settings: [{ version: 5 }] });
        return events.filter((event) => event.type === 'note').map((event) => event.message);
      });
      expect(notes).toEqual([
        expect.stringMatching(/^the old table revops_store\.first__b3 is still in use and stays/),
      ]);
      await run(warehouse, project, { settings: [{ version: 6 }] });
      expect(await tables()).toEqual(['first__b5', 'first__b6']);
      await dispose();
    },
  );
});
