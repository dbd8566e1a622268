/**
 * docs/extending.md, literally: its files make a project, its commands run in it and print what it says.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';

import { projectFolder, revops, type ProjectFolder } from '../support/cli.ts';
import { createDatabase, dropDatabase } from '../support/databases.ts';
import { enginesOrOne, testPostgresUrl } from '../support/warehouses.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/extending.md'), 'utf8');
const blocks = [...PAGE.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language, path, text]) => ({
  language: language ?? '',
  path,
  text: text ?? '',
}));
const files = Object.fromEntries(blocks.flatMap(({ path, text }) => (path === undefined ? [] : [[path, text]])));

let project: ProjectFolder;
let env: Record<string, string> = {};
afterEach(() => project.remove());

const run = async (command: string): Promise<string> => {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const { code, stdout, stderr } = await revops(words.slice(1), { cwd: project.folder, env });
  expect(code, `${command}\n${stderr}`).toBe(0);
  return stdout;
};

it.each(enginesOrOne('postgres'))(
  'On %s its files are a project, and its commands print what the page says',
  async (engine) => {
    const server = await testPostgresUrl();
    const url = engine === 'postgres' ? await createDatabase(server) : '';
    env = engine === 'postgres' ? { DATABASE_URL: url } : {};
    const config = files['revops.config.ts'] ?? '';
    const elsewhere = config
      .replace("{ type: 'duckdb', path: 'warehouse.duckdb' }", "{ type: 'postgres', url: env('DATABASE_URL') }")
      .replace('{ defineConfig }', '{ defineConfig, env }');
    project = projectFolder({ ...files, 'revops.config.ts': engine === 'postgres' ? elsewhere : config });
    let printed: string | null = '';
    for (const { language, text } of blocks) {
      if (language === 'sh') {
        for (const command of text.trim().split('\n')) {
          // which warehouse it is does not matter here
          const isSame = engine === 'postgres' && command.startsWith('revops list');
          printed = isSame ? null : await run(command);
        }
      }
      if (language !== 'text' || printed === null) continue;
      const lines = printed.split('\n').map((line) => line.replaceAll(/\s+/g, ' '));
      for (const line of text.trim().split('\n'))
        expect(
          lines.some((one) => one.startsWith(line)),
          `${line} in\n${printed}`,
        ).toBe(true);
    }
    env = {};
    if (engine === 'postgres') await dropDatabase(server, url);
  },
  240_000,
);

it('The same from an installed package: everything works, and list shows the package', async () => {
  const name = '@acme/revops-fairs';
  project = projectFolder(files);
  const installed = join(project.folder, 'node_modules', name);
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ name, version: '1.0.0', exports: {} }));
  for (const folder of ['models', 'sql']) {
    cpSync(join(project.folder, folder), join(installed, folder), { recursive: true });
    rmSync(join(project.folder, folder), { recursive: true });
  }
  const config = files['revops.config.ts'] ?? '';
  project.write({ 'revops.config.ts': config.replace("name: 'fairs',", `name: 'mine', packages: ['${name}'],`) });
  const listed = JSON.parse(await run('revops list --json')) as Record<string, { name: string; origin: string }[]>;
  const origins = (part: string): Record<string, string> =>
    Object.fromEntries((listed[part] ?? []).map((row) => [row.name, row.origin]));
  expect(origins('models')).toMatchObject({
    companies: `${name} (replaces revops)`,
    fair_costs: name,
    fairs_feed: name,
    files_fair_spend: name,
    channel_by_campaign_type: expect.stringContaining(name),
    deals: 'revops',
  });
  expect(origins('functions')).toMatchObject({ without_tax: name, period_start: 'revops' });
  expect(origins('checks')).toMatchObject({ within_budget: name, credits_sum_to_one: 'revops' });
  await run('revops sync --now 2026-10-01 --openlineage events.jsonl');
  expect(readFileSync(join(project.folder, 'events.jsonl'), 'utf8')).toMatch(/"START".*"name":"sync"/);
  await run('revops build +fair_costs --now 2026-10-01');
  expect(await run('revops query "select net_cost from fair_costs order by 1" --csv')).toBe(
    'net_cost\n5000.000000\n10000.000000\n',
  );

  // the project's own lies over the package
  project.write({ 'models/marts/fair_costs.sql': files['models/marts/fair_costs.sql'] ?? '' });
  const over = JSON.parse(await run('revops list models --select fair_costs --json')) as typeof listed;
  expect(over['models']).toMatchObject([{ name: 'fair_costs', origin: `mine (replaces ${name})` }]);
  rmSync(join(project.folder, 'models/marts/fair_costs.sql'));
  writeFileSync(join(installed, 'models/marts/fair_costs.sql'), 'select 1');
  const wrong = await revops(['plan'], { cwd: project.folder });
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringContaining(`error MODEL_INVALID: ${name}/models/marts/fair_costs.sql:1`),
  ]);
}, 240_000);

it.each([
  ['not installed', '@acme/none', 'packages: @acme/none is not installed'],
  ['a path', './models', 'packages: ./models is not installed'],
  ['without models', '@acme/empty', 'packages: @acme/empty has neither models/ nor sql/'],
])('A package that is %s is told', async (_, name, message) => {
  project = projectFolder({ ...files, 'node_modules/@acme/empty/package.json': '{ "name": "@acme/empty" }' });
  const config = files['revops.config.ts'] ?? '';
  project.write({ 'revops.config.ts': config.replace("name: 'fairs',", `packages: ['${name}'],`) });
  const { code, stderr } = await revops(['list'], { cwd: project.folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining(`error CONFIG_INVALID: revops.config.ts: ${message}`)]);
});
