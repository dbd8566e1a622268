import { afterAll, expect, it } from 'vitest';

import { projectFolder, revops } from '../support/cli.ts';

const project = projectFolder({
  'revops.config.ts': `import { defineConfig } from 'revops';
export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: {},
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`,
});
afterAll(() => project.remove());

const run = (...words: string[]) => revops(['lineage', ...words], { cwd: project.folder });

it('A tree says how each column is used, up to raw columns, and names what filters', async () => {
  const { code, stdout } = await run('marts.marginal_cac.spend');
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'marts.marginal_cac.spend',
    '└─ passed on  marts.cac.spend',
    '   └─ passed on  core.channel_periods.spend',
  ]);
  expect(stdout).toMatch(/computed {3}raw_google_ads\.campaign_days\.cost\n/);
  expect(stdout).toMatch(/\nIts rows are filtered, joined or grouped by .*marts\.cac\.period_start/);
  expect(stdout).not.toMatch(/filter {4}/);
}, 60_000);

it('As JSON it gives edges both ways, and a wrong name its neighbours with code 2', async () => {
  const { stdout } = await run('raw_hubspot.deals.amount', '--up', '--down', '--depth', '2', '--json');
  expect(JSON.parse(stdout)).toEqual({
    columns: [
      {
        column: 'raw_hubspot.deals.amount',
        rows_decided_by: [],
        up: [],
        down: [
          { from: 'raw_hubspot.deals.amount', to: 'staging.hubspot_deals.amount', kind: 'computed' },
          { from: 'staging.hubspot_deals.amount', to: 'feeds.deals_feed.amount', kind: 'passed' },
        ],
      },
    ],
  });
  const wrong = await run('cac.spnd');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('error USAGE: cac has no column spnd; did you mean spend?');
}, 60_000);
