import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Outcome, type ProjectFolder, projectFolder, revops } from '../support/cli.ts';
import { makeDatabase } from '../support/project.ts';
import { isWhole } from '../support/warehouses.ts';

const PREFIX = `t_${randomBytes(4).toString('hex')}`;
const DAY = '2026-11-05T06:00:00Z';
/** In an ordinary run a part of the library, as all of it takes its time. */
const MODELS = isWhole ? [] : ['+deals', '+spend_daily', '+freshness'];

describe('roles with the least privileges', { timeout: 400_000 }, () => {
  let project: ProjectFolder;
  let database: { url: string; drop(): Promise<void> };

  async function administer(...statements: string[]): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const sql of statements) rows = (await client.query<Record<string, unknown>>(sql)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }

  /** As one of the roles, or as the owner of the database. */
  function run(role: string | null, ...words: string[]): Promise<Outcome> {
    const url = new URL(database.url);
    if (role !== null) [url.username, url.password] = [`${PREFIX}_${role}`, 'for-a-test'];
    return revops(words, { cwd: project.folder, env: { DATABASE_URL: url.href, REVOPS_NOW: DAY } });
  }

  async function done(role: string | null, ...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(role, ...words);
    expect(`${words.join(' ')} ${code} ${stderr}`).toMatch(new RegExp(`^${words[0]}.* 0 `));
    return stdout;
  }

  async function refused(role: string, ...words: string[]): Promise<void> {
    const { code, stderr } = await run(role, ...words);
    expect([words, code, stderr]).toEqual([words, 1, expect.stringMatching(/permission denied|must be owner/)]);
  }

  beforeAll(async () => {
    database = await makeDatabase();
    project = projectFolder();
    expect(
      (await revops(['init', '--files', '--warehouse', 'postgres', '--now', DAY], { cwd: project.folder })).code,
    ).toBe(0);
  });
  afterAll(async () => {
    await administer(
      ...['state', 'loader', 'builder', 'reader'].map((role) => `drop owned by ${PREFIX}_${role} cascade`),
      ...['loader', 'builder', 'reader', 'state'].map((role) => `drop role if exists ${PREFIX}_${role}`),
    );
    await database.drop();
    project.remove();
  });

  it('are printed, made, and made once more without harm', async () => {
    const script = await done(null, 'doctor', '--roles', PREFIX);
    expect(script).toContain(`create role "${PREFIX}_loader" login`);
    expect(script).not.toMatch(/password/i);
    expect(await administer(`select rolname from pg_roles where starts_with(rolname, '${PREFIX}')`)).toEqual([]);
    for (let time = 0; time < 2; time += 1)
      expect(await done(null, 'doctor', '--roles', PREFIX, '--apply')).toContain(`${PREFIX}_loader (sync)`);
    const roles = await administer(`select rolname, rolcanlogin, rolsuper or rolcreatedb or rolcreaterole as more
      from pg_roles where starts_with(rolname, '${PREFIX}') order by 1`);
    expect(roles).toEqual(
      ['builder', 'loader', 'reader', 'state'].map((kind) => ({
        rolname: `${PREFIX}_${kind}`,
        rolcanlogin: kind !== 'state',
        more: false,
      })),
    );
    await administer(
      ...['loader', 'builder', 'reader'].map((role) => `alter role ${PREFIX}_${role} password 'for-a-test'`),
    );
  });

  it('let the loader sync, the builder build and the reader read, and nobody do what is another one’s', async () => {
    await done('loader', 'sync');
    await refused('loader', 'build', ...MODELS);
    await done('builder', 'build', ...MODELS);
    const count = "select count(*) as deals from deals where source = 'files'";
    expect(await done('reader', 'query', count, '--csv')).toMatch(/^deals\n[1-9]\d*\n$/);
    expect(await done('reader', 'freshness')).toContain('files.deals');
    expect(await done('reader', 'runs')).toMatch(/build +\S+ \S+ .*published/);
    expect(await done('builder', 'query', 'select count(*) as n from raw_files.deals', '--csv')).toMatch(/^n\n\d+\n$/);

    await refused('reader', 'sync');
    await refused('reader', 'build', ...MODELS);
    await refused('reader', 'query', 'select * from raw_files.deals');
    await refused('builder', 'sync', '--full');
    await refused('loader', 'query', 'select * from core.deals');
    // and again, now that all of them have made something
    await done('loader', 'sync', '--full');
    await done('builder', 'build', '--full-refresh', ...MODELS);
  });

  it('take over a warehouse that was made without them', async () => {
    await administer(
      'alter schema revops owner to current_user',
      'alter table revops.runs owner to current_user',
      'alter schema raw_files owner to current_user',
      'alter table raw_files.deals owner to current_user',
      'alter view core.deals owner to current_user',
      `revoke all on core.deals from ${PREFIX}_reader`,
    );
    await refused('reader', 'query', 'select 1 from deals');
    await done(null, 'doctor', '--roles', PREFIX, '--apply');
    await done('loader', 'sync', '--full');
    await done('reader', 'query', 'select 1 as one from deals limit 1');
  });
});
