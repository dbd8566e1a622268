/**
 * What numbers say of themselves, whatever was built, in part or taken back since: they are judged by what is shown.
 */
import { expect, it } from 'vitest';

import { projectFolder, revops, type Outcome } from '../support/cli.ts';
import { makeDatabase } from '../support/project.ts';
import { enginesOrOne } from '../support/warehouses.ts';

const configOf = (engine: string): string => `import { defineConfig, env } from 'revops';

export default defineConfig({
  warehouse: ${engine === 'duckdb' ? "{ type: 'duckdb', path: 'warehouse.duckdb' }" : "{ type: 'postgres', url: env('DATABASE_URL') }"},
  connectors: {},
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`;
/** A check of one's own that finds something, or nothing. */
const ownCheck = (severity: 'error' | 'warning'): string => `/*
description: A test. One row per subject.
grain: [subject]
check: { gates: coverage, remedy: Mend it. }
columns:
  subject: { type: text, description: What it is about. }
  day: { type: date, description: Its day. }
  severity: { type: text, description: Severity. }
  detail: { type: text, description: What is wrong. }
*/
select 'the test' as subject, cast(null as date) as day, '${severity}' as severity, 'told' as detail from clock
`;
const MONDAY = '2026-03-02T06:00:00Z';
const TUESDAY = '2026-03-03T06:00:00Z';
const WEDNESDAY = '2026-03-04T12:00:00Z';

for (const engine of enginesOrOne('duckdb')) {
  it(`numbers are judged by the checks that are shown with them, on ${engine}`, { timeout: 400_000 }, async () => {
    const database = engine === 'postgres' ? await makeDatabase() : undefined;
    const env = database === undefined ? {} : { DATABASE_URL: database.url };
    const project = projectFolder({
      'revops.config.ts': configOf(engine),
      'models/quality/own.sql': ownCheck('warning'),
    });
    const run = (now: string, ...words: string[]): Promise<Outcome> =>
      revops([...words, '--now', now], { cwd: project.folder, env });
    const done = async (now: string, ...words: string[]): Promise<void> => {
      const { code, stderr } = await run(now, ...words);
      expect(`${words.join(' ')}: ${code} ${stderr}`).toMatch(/: 0 /);
    };
    /** What two commands say, which have to agree. */
    const trust = async (now: string): Promise<string> => {
      const said = await Promise.all(
        [
          ['cac', '--average', '--json'],
          ['check', '--json'],
        ].map(async (words) => {
          const { trust: level, because } = JSON.parse((await run(now, ...words)).stdout) as {
            trust: string;
            because: { check: string; subject: string }[];
          };
          return [level, ...because.map(({ check, subject }) => `${check} ${subject}`)].join(', ');
        }),
      );
      expect(said[0]).toBe(said[1]);
      return said[0] ?? '';
    };
    try {
      await done(MONDAY, 'lock', 'create');
      await done(MONDAY, 'build', '+marginal_cac', '+cac');
      expect(await trust(MONDAY)).toBe('unchecked');
      const check = await run(MONDAY, 'check');
      expect(check).toMatchObject({ code: 5, stderr: expect.stringContaining('No build has run all of the checks') });
      expect(check.stdout).toMatch(
        /^0 checks: nothing found\.\nNot built yet: 32 checks \(attribution_gap, .*\n.*UNCHECKED/,
      );
      expect(await run(MONDAY, 'cac', '--average', '--strict')).toMatchObject({
        code: 5,
        stdout: expect.stringMatching(/^UNCHECKED: /),
      });

      await done(MONDAY, 'build');
      expect(await trust(MONDAY)).toBe('trusted');

      // red, and taken back
      project.write({ 'models/quality/own.sql': ownCheck('error') });
      await done(MONDAY, 'build');
      expect(await trust(MONDAY)).toBe('untrusted, own the test');
      expect(await run(MONDAY, 'query', 'select count(*) as n from marts.cac', '--csv')).toMatchObject({
        code: 0,
        stdout: 'n\n0\n',
        stderr: expect.stringContaining('UNTRUSTED: own (the test)'),
      });
      await done(MONDAY, 'rollback');
      expect((await run(MONDAY, 'query', 'select count(*) as n from marts.cac')).stderr).not.toContain('UNTRUSTED');
      expect(await trust(MONDAY)).toBe('trusted');
      await done(MONDAY, 'build');
      expect(await trust(MONDAY)).toBe('untrusted, own the test');
      await done(MONDAY, 'ack', 'own', '--reason', 'known');
      expect(await trust(MONDAY)).toBe('trusted');

      // a part of the checks is neither all of them nor younger numbers
      await done(TUESDAY, 'build', 'volume_drop', 'holidays');
      expect(await trust(TUESDAY)).toBe('untrusted, build_age checks and numbers');
      expect(await trust(WEDNESDAY)).toBe('untrusted, build_age the warehouse, build_age checks and numbers');
      const stale = await run(WEDNESDAY, 'cac', '--average');
      expect(stale).toMatchObject({
        code: 5,
        stdout: expect.stringMatching(/STALE: the warehouse was built 54 hours ago, 26 are allowed/),
      });
      expect(stale.stdout).toMatch(/^Data as of: built 2026-03-02 06:00 UTC/m);
      await done(WEDNESDAY, 'build');
      expect(await trust(WEDNESDAY)).toBe('trusted');
    } finally {
      project.remove();
      await database?.drop();
    }
  });
}
