import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openWarehouse } from '../../src/warehouse/index.ts';
import { Secret } from '../../src/secret.ts';
import { model } from '../model/project.ts';
import { projectFolder, revops, type Outcome, type ProjectFolder } from '../support/cli.ts';
import { testPostgresUrl } from '../support/warehouses.ts';

/** The warehouse's secret is not there, and its server neither: nobody may ask for them. */
const CONFIG = `import { defineConfig, env } from 'revops';
export default defineConfig({
  name: 'own',
  warehouse: { type: 'postgres', url: env('NOWHERE') },
  connectors: {},
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`;
const CASE = (customers: number): string =>
  `description: wins by owner\ngiven:\n  conversions:\n    - { conversion_id: a, owner_id: x }\n    - { conversion_id: b, owner_id: x }\nexpect:\n  - { owner_id: x, customers: ${customers} }\n`;

describe('revops test', { timeout: 120_000 }, () => {
  let project: ProjectFolder;
  const run = (words: string[], env: Record<string, string> = {}): Promise<Outcome> =>
    revops(['test', ...words], { cwd: project.folder, env });

  beforeAll(() => {
    project = projectFolder({
      'revops.config.ts': CONFIG,
      'models/marts/winners.sql': model(
        ['owner_id text', 'customers bigint'],
        'select owner_id, count(*) as customers from conversions group by owner_id',
      ).replaceAll('owner_id', 'company_id'),
      'fixtures/cases/winners/two/case.yml': CASE(2).replaceAll('owner_id', 'company_id'),
      // a list of the project's own changes nothing for the packaged cases
      'models/reference/channel_by_crm_source.csv': 'crm_source,channel,is_paid\n',
      // replaces the packaged case of its name
      'fixtures/cases/customer_periods/thirds/case.yml': 'description: own\nexpect: []\n',
    });
  });

  afterAll(() => project.remove());

  it("runs the library's cases and the project's own on the project's models, without warehouse and secret", async () => {
    const { code, stdout, stderr } = await run(['winners', 'deals', 'touchpoints', 'customer_periods/thirds']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ winners +1 case$/m);
    expect(stdout).toMatch(/^✓ deals +\d+ cases?, all also in two loads$/m);
    expect(stdout).toMatch(/^(\d+) cases of 4 models: \1 passed; \d+ also in two loads\. [\d.]+ s on duckdb\.$/m);
    expect(existsSync(join(project.folder, 'warehouse.duckdb'))).toBe(false);
  });

  it('shows the cells that differ, writes JUnit and GitHub annotations with file and line, and ends with 1', async () => {
    project.write({ 'fixtures/cases/winners/two/case.yml': CASE(3).replaceAll('owner_id', 'company_id') });
    const { code, stdout, stderr } = await run(['--select', 'winners', '--junit', 'reports/models.xml'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: project.folder,
    });
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        'winners/two: wins by owner',
        '  fixtures/cases/winners/two/case.yml:6: expected 1 row, found 1: 1 differs',
        '    fixtures/cases/winners/two/case.yml:7: company_id = "x"',
        '        customers  expected 3, found 2',
      ].join('\n'),
    );
    expect(stderr).toContain(
      '::error file=fixtures/cases/winners/two/case.yml,line=7,title=revops test winners/two::fixtures/cases/winners/two/case.yml:6: expected 1 row',
    );
    expect(stderr).toContain('error CASES_FAILED: 1 case of 1 failed');
    const xml = readFileSync(join(project.folder, 'reports/models.xml'), 'utf8');
    expect(xml).toMatch(/<testsuite name="winners" tests="1" failures="1" errors="0" skipped="0" time="[\d.]+">/);
    expect(xml).toMatch(
      /<testcase classname="winners" name="two" file="fixtures\/cases\/winners\/two\/case\.yml" line="1"/,
    );
    expect(xml).toContain('customers  expected 3, found 2');
  });

  it('gives the results as one JSON document; a wrong file ends with 2 and does not keep the others from running', async () => {
    project.write({
      'fixtures/cases/winners/two/case.yml': CASE(2).replaceAll('owner_id', 'company_id'),
      'fixtures/cases/winners/wrong/case.yml': 'description: wrong\nexpct: []\n',
    });
    const { code, stdout, stderr } = await run(['winners/two', 'winners/wrong', '--json']);
    expect(code).toBe(2);
    const { engine, cases } = JSON.parse(stdout) as { engine: string; cases: object[] };
    expect(engine).toBe('duckdb');
    expect(cases).toMatchObject([
      { model: 'winners', name: 'two', origin: 'own', status: 'passed', failures: [] },
      { name: 'wrong', status: 'invalid', failures: [{ line: 2 }] },
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'CASE_INVALID' } });
  });

  it('runs on Postgres in a database of its own, which is gone afterwards; without a server it says so', async () => {
    project.write({ 'fixtures/cases/winners/wrong/case.yml': 'description: none\nexpect: []\n' });
    const url = await testPostgresUrl();
    const words = ['--select', 'winners', 'deals', '--warehouse', 'postgres'];
    const { code, stdout } = await run(words, { REVOPS_TEST_POSTGRES_URL: url });
    expect(stdout).toMatch(/^(\d+) cases of 2 models: \1 passed; \d+ also in two loads\. [\d.]+ s on postgres\.$/m);
    expect(code).toBe(0);
    const server = await openWarehouse({ type: 'postgres', url: new Secret(url, 'test'), poolSize: 2 });
    const left = await server.query(
      `select datname from pg_database where datname like 'revops_cases_%' and datname in (select datname from pg_database except select datname from pg_stat_activity)`,
    );
    await server.close();
    expect(left).toEqual([]);
    const without = await run(['--warehouse', 'postgres']);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('NOWHERE');
  });

  it('watches: a change runs what it affects again, a project that does not compile is told, Ctrl+C ends it', async () => {
    const steps = [
      { until: /not affected|passed\b.*on duckdb/, files: { 'models/marts/winners.sql': 'select' } },
      {
        until: /MODEL_INVALID/,
        files: {
          'models/marts/winners.sql': model(
            ['company_id text', 'customers bigint'],
            'select company_id, count(*) + 1 as customers from conversions group by company_id',
          ),
        },
      },
      { until: /customers {2}expected 2, found 3/, files: null },
    ];
    let text = '';
    let guard: NodeJS.Timeout | undefined;
    const told = (pid: number, piece: string): void => {
      // a watch that never sees what it waits for would outlive the test
      guard ??= setTimeout(() => process.kill(pid, 'SIGKILL'), 110_000);
      text += piece;
      const step = steps[0];
      if (step?.until.test(text) !== true) return;
      steps.shift();
      text = '';
      if (step.files === null) process.kill(pid, 'SIGINT');
      else setTimeout(() => project.write(step.files ?? {}), 300);
    };
    const { code, stdout } = await revops(['test', 'winners', 'deals', '--watch'], {
      cwd: project.folder,
      onStdout: told,
      onStderr: told,
    });
    clearTimeout(guard);
    expect(code).toBe(130);
    expect(stdout).toMatch(/2 cases of 1 model: 1 passed, 1 failed; \d+ not affected\./);
  });
});
