import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openWarehouse } from '../../src/warehouse/index.ts';
import { projectFolder, revops } from '../support/cli.ts';
import { CANARY, configText, openTestProject, type TestProject } from '../support/project.ts';
import { enginesOrOne } from '../support/warehouses.ts';

const MINIMAL = `import { defineConfig, env } from 'revops';
export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: {},
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`;

/** One message, its hint, nothing else: no stack, and paths of this machine left out. */
function message(stderr: string, folder: string): string {
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr.replaceAll(folder, '<project>').trimEnd();
}

describe('without a project', { timeout: 60_000 }, () => {
  const project = projectFolder();
  afterAll(() => project.remove());
  const run = async (...words: string[]) => {
    const { code, stderr, stdout } = await revops(words, { cwd: project.folder });
    return { code, stdout, text: message(stderr, project.folder) };
  };

  it.each([
    [['sync'], 'CONFIG_NOT_FOUND: no revops.config.ts in <project> or any folder above it'],
    [['syn'], "USAGE: unknown command 'syn' (did you mean sync?)"],
    [['sync', '--ful'], "USAGE: unknown option '--ful' (did you mean --full?)"],
    [['query'], "USAGE: missing required argument 'sql'"],
    [['query', ' '], 'USAGE: there is no SQL to run'],
    [['query', 'select 1', '--limit', 'many'], 'USAGE: --limit: "many" is no number of rows'],
    [['list', 'tables'], 'USAGE: there is no list of "tables"'],
    [['cac', '--period', 'October'], 'USAGE: --period: "October" is no period'],
    [['cac', '--by', 'year'], 'USAGE: --by: "year" is nothing to count by'],
    [['cac', '--min-touchpoints', '0'], 'USAGE: --min-touchpoints: "0" is no number of touchpoints'],
    [['sync', '--now', 'yesterday'], 'USAGE: --now: "yesterday" is no instant'],
    [['sync', '--lock-timeout', '-1'], 'USAGE: --lock-timeout: "-1" is no number of seconds'],
    [['list', '--config', 'elsewhere'], 'CONFIG_NOT_FOUND: --config: there is no config at <project>/elsewhere'],
    [['--quiet'], 'USAGE: no command given'],
  ])('%j is told in one message', async (words, expected) => {
    const { code, text, stdout } = await run(...words);
    expect(code).toBe(2);
    expect(text).toContain(`error ${expected}`);
    expect(text.match(/^error /gm)).toHaveLength(1);
    expect(stdout).toBe('');
  });

  it('tells the same to programs with --json', async () => {
    const { code, text } = await run('sync', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(text)).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      command: 'sync',
      error: {
        code: 'CONFIG_NOT_FOUND',
        message: 'no revops.config.ts in <project> or any folder above it',
        hint: 'Run `revops init` in an empty folder to make a project, or point to one with --config.',
        retryable: false,
      },
    });
  });

  it('shows help for each command with examples, and for no command', async () => {
    expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining('Models:') });
    expect((await run('--quiet')).text).toContain('Models:');
    expect(await run('sync', '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('$ revops sync hubspot.deals --full'),
    });
  });
});

describe('with a config that is wrong', { timeout: 60_000 }, () => {
  const project = projectFolder();
  afterAll(() => project.remove());
  const list = async (config: string) => {
    project.write({ 'revops.config.ts': config });
    const { code, stderr } = await revops(['list'], { cwd: project.folder });
    return { code, text: message(stderr, project.folder) };
  };

  it.each([
    ['an unknown option', MINIMAL.replace('currency:', "colour: 'red', currency:"), 'colour: there is no such option'],
    [
      'a wrong value',
      MINIMAL.replace('Europe/Berlin', 'Berlin'),
      "timeZone: expected an IANA time zone such as 'Europe/Berlin'",
    ],
    ['a missing option', MINIMAL.replace(/ *start.*\n/, ''), "start: missing, expected a day as 'YYYY-MM-DD'"],
    ['a wrong option of a connector', configText('duckdb').replace('accessToken', 'token'), 'connectors.hubspot'],
    [
      'a connector under another key',
      configText('duckdb').replace('    hubspot:', '    crm:'),
      "connectors.crm: this is the connector hubspot: its key must be 'hubspot'",
    ],
    ['a syntax error', MINIMAL.replace('connectors: {}', 'connectors: {'), 'cannot be loaded'],
    ['an import that is not installed', `import 'revops/connectors/none';\n${MINIMAL}`, 'cannot be loaded'],
    ['no default export', 'export const config = 1;\n', 'has no config as its default export'],
    [
      'a models folder that is not there',
      MINIMAL.replace('currency:', "models: 'sql/mine', currency:"),
      'models: there is no folder sql/mine',
    ],
  ])('%s is named with its path', async (_title, config, expected) => {
    const { code, text } = await list(config);
    expect(code).toBe(2);
    expect(text).toMatch(/^error CONFIG_INVALID: revops\.config\.ts/);
    expect(text).toContain(expected);
  });
});

for (const engine of enginesOrOne('duckdb')) {
  describe(`a project on ${engine}`, { timeout: 240_000 }, () => {
    let project: TestProject;
    const printed: string[] = [];
    const run = async (words: string[], env: Record<string, string> = {}) => {
      const { code, stdout, stderr } = await project.run(words, { env });
      printed.push(stdout, stderr);
      return { code, stdout, text: message(stderr, project.folder) };
    };

    beforeAll(async () => {
      project = await openTestProject(engine);
    });
    afterAll(() => project.dispose());

    it('misses a secret only where it is needed, and names option, variable and line', async () => {
      const without = { HUBSPOT_ACCESS_TOKEN: '' };
      expect((await run(['list'], without)).code).toBe(0);
      const { code, text } = await run(['sync'], without);
      expect(code).toBe(2);
      expect(text).toMatchInlineSnapshot(`
        "error SECRET_MISSING: connectors.hubspot.accessToken: the environment variable HUBSPOT_ACCESS_TOKEN is not set (used in revops.config.ts:15)
          Set HUBSPOT_ACCESS_TOKEN in the environment or in the file .env beside revops.config.ts."
      `);
    });

    it('ends with the one cause when a token is refused, and with code 4 when other streams are up to date', async () => {
      const wrong = { HUBSPOT_ACCESS_TOKEN: `${CANARY}-expired` };
      const alone = await run(['sync', 'hubspot.deals', '--quiet'], wrong);
      expect(alone.code).toBe(1);
      expect(alone.text).toMatch(/^error AUTH_FAILED: .*hubspot/);
      const among = await run(['sync', 'hubspot.deals', 'google-ads.campaigns', '--quiet'], wrong);
      expect(among.code).toBe(4);
      expect(among.text).toMatch(/^error PARTIAL: 1 stream of 2 not up to date \(hubspot\.deals\): /);
      expect(among.stdout).toContain('google-ads.campaigns');
    });

    it('does not know a stream or model that is not there', async () => {
      expect(await run(['sync', 'hubspot.deal'])).toMatchObject({
        code: 2,
        text: expect.stringContaining('error USAGE: the project has no connector or stream "hubspot.deal"'),
      });
      expect(await run(['build', 'cak'])).toMatchObject({
        code: 2,
        text: expect.stringContaining('error USAGE: no model cak'),
      });
    });

    it.each([
      ['a syntax error', 'select from where', 'MODEL_INVALID'],
      ['a missing table', 'select nothing.one as one from nothing', 'MODEL_UNKNOWN_RELATION'],
      ['a cycle', 'select mine.one as one from mine', 'MODEL_CYCLE'],
    ])('refuses a model with %s before anything runs', async (_title, sql, code) => {
      const header =
        '/*\ndescription: A test. One row per one.\ngrain: [one]\ncolumns:\n  one: { type: integer, description: One. }\n*/\n';
      project.write({ 'models/core/mine.sql': `${header}${sql}\n` });
      for (const command of ['plan', 'build']) {
        const outcome = await run([command]);
        expect(outcome.code).toBe(2);
        expect(outcome.text).toMatch(new RegExp(`^error ${code}: .*mine\\.sql`));
      }
      project.write({ 'models/core/mine.sql': `${header}select 1 as one\n` });
    });

    it('publishes nothing when a data test fails, and ends with code 5', async () => {
      const header =
        '/*\ndescription: A test. One row per one.\ngrain: [one]\ncolumns:\n  one: { type: integer, description: One., tests: [{ accepted_values: [2] }] }\n*/\n';
      project.write({ 'models/core/mine.sql': `${header}select 1 as one\n` });
      const { code, text } = await run(['build', 'mine', '--quiet']);
      expect(code).toBe(5);
      expect(text).toMatch(/^error AUDIT_FAILED: [\s\S]*mine/);
      expect((await run(['query', 'select * from mine'])).code).toBe(1);
    });

    it('lets one run at a time write, and names who does', async () => {
      const warehouse = await openWarehouse(project.warehouse);
      const lease = await warehouse.lease('revops sync', 0);
      try {
        const { code, text } = await run(['build', '--lock-timeout', '0.5']);
        expect(code).toBe(3);
        expect(text).toMatch(
          new RegExp(
            `^error LEASE_BUSY: .* in use by .*revops sync.*${process.pid}|^error LEASE_BUSY: .*${process.pid}.*revops sync`,
          ),
        );
      } finally {
        await lease.release();
        await warehouse.close();
      }
    });

    it('says so when the warehouse cannot be reached or written', async () => {
      if (engine === 'postgres') {
        const { code, text } = await run(['gaps'], {
          DATABASE_URL: `postgres://user:${CANARY}-password@127.0.0.1:1/none`,
        });
        expect(code).toBe(1);
        expect(text).toMatch(/^error WAREHOUSE_UNREACHABLE: postgres:\/\/127\.0\.0\.1:1\/none/);
        return;
      }
      project.write({ 'other/revops.config.ts': MINIMAL, 'other/warehouse.duckdb': 'no database, but '.repeat(1000) });
      const { code, text } = await run(['gaps', '--config', 'other']);
      expect(code).toBe(1);
      expect(text).toMatch(/^error WAREHOUSE_UNREACHABLE: .* is not a DuckDB database file/);
    });

    it('says so when the warehouse may only be read', async () => {
      // Not even root can make a file there.
      project.write({
        'frozen/revops.config.ts': configText('duckdb').replace("'warehouse.duckdb'", "'/sys/warehouse.duckdb'"),
      });
      const { code, text } =
        engine === 'duckdb'
          ? await run(['sync', '--config', 'frozen'])
          : await run(['sync'], {
              DATABASE_URL: `${project.warehouse.type === 'postgres' && project.warehouse.url.reveal()}?options=-c%20default_transaction_read_only%3Don`,
            });
      expect(text).toMatch(/^error WAREHOUSE_READ_ONLY: /);
      expect(code).toBe(1);
    });

    it('stops cleanly on a signal and goes on from there', async () => {
      project.ads.inject({ match: '.*', times: 1000, delayMs: 400 });
      const stopped = await project.run(['sync', 'google-ads'], {
        onStderr: (() => {
          let sent = false;
          return (pid: number) => {
            if (!sent) process.kill(pid, 'SIGINT');
            sent = true;
          };
        })(),
      });
      project.ads.clearFaults();
      printed.push(stopped.stdout, stopped.stderr);
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toContain('SIGINT: stopping');
      expect((await run(['sync', 'google-ads', '--quiet'])).code).toBe(0);
    });

    it('writes no secret anywhere', () => {
      expect(printed.join('\n')).not.toContain(CANARY);
      expect(project.everything()).not.toContain(CANARY);
    });
  });
}
