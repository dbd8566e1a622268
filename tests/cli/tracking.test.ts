import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type ProjectFolder, projectFolder, revops, type Outcome } from '../support/cli.ts';

let project: ProjectFolder;
const run = (...words: string[]): Promise<Outcome> =>
  revops(words, { cwd: project.folder, env: { REVOPS_NOW: '2026-03-01T06:00:00Z' } });
const MODEL = 'models/core/event_signed_up.sql';
const CLICKED = 'models/core/event_clicked.sql';

beforeAll(() => {
  project = projectFolder({
    'revops.config.ts': `import { defineConfig } from 'revops';
import { files } from 'revops/connectors/files';
export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: { files: files({ feeds: { events: 'events.csv' } }) },
  start: '2026-01-01',
  timeZone: 'UTC',
  currency: 'EUR',
});
`,
    'events.csv': `source,event_id,event_name,occurred_at,anonymous_id,user_id,properties
site,1,signed_up,2026-02-20T09:00:00Z,m,u1,"{""plan"":""pro""}"
site,2,signed_up,2026-02-21T09:00:00Z,m,u2,"{""plan"":""trial""}"
site,3,clicked,2026-02-21T09:00:00Z,m,,
`,
  });
});
afterAll(() => project.remove());

it('The events that came are held against the plan, and the plan makes models of them, the same ones each time.', async () => {
  expect(await run('tracking')).toMatchObject({ code: 2, stderr: expect.stringContaining('no tracking plan') });
  project.write({
    'tracking-plan.yml': `events:
  signed_up: { purpose: says who came, priority: critical, properties: { plan: { type: text, values: [free, pro] } } }
  clicked: {}
`,
  });
  const made = await run('tracking', 'codegen');
  expect([made.code, made.stdout]).toEqual([0, `wrote ${CLICKED}\nwrote ${MODEL}\n`]);
  expect((await run('tracking', 'codegen', '--check')).stdout).toBe('All models are as the plan says.\n');
  expect((await run('sync', '--quiet')).code).toBe(0);
  // what the plan calls critical stops the build
  const refused = await run('build', 'event_signed_up', '--quiet');
  expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('accepted_values') });
  const built = await run('build', 'plan_violations', 'event_clicked', '--quiet');
  expect(built.code, built.stderr).toBe(0);
  const found = await run('tracking', 'validate');
  expect(found.stdout).toMatch(/^signed_up \(critical\) +unlisted_value +plan +1 +2 +2026-02-21$/m);
  expect(found.stdout).toMatch(/^clicked +no_purpose +1 +1 +2026-02-21$/m);
  expect(found.stdout).toContain('2 planned events: 2 violations, in 30 days.\nNo model names: signed_up, clicked.\n');
  expect(found).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('CHECK_FAILED: 2 violations of tracking-plan.yml'),
  });
  const plan = readFileSync(join(project.folder, 'tracking-plan.yml'), 'utf8');
  // A laxer plan, a stricter one, and one of other events: all but words for people were asked of the events otherwise.
  for (const other of [
    plan.replace('critical', 'normal'),
    plan.replace('[free, pro]', '[free, pro, trial]'),
    plan.replace('clicked: {}', 'clicked: { purpose: counts clicks }'),
    plan.replace('clicked: {}', 'clicked: { identifiers: [user_id] }'),
    plan.replace('{ type: text, ', '{ type: number, '),
    `sources: { site: client }\n${plan}`,
    'events:\n  clicked: { purpose: nothing else }\n',
  ]) {
    project.write({ 'tracking-plan.yml': other });
    // oxlint-disable-next-line no-await-in-loop -- one file
    expect(await run('tracking', 'validate'), other).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringContaining('Run `revops build plan_violations`'),
    });
  }
  project.write({ 'tracking-plan.yml': `owner: growth\n${plan.replace('critical,', 'critical, owner: product,')}` });
  expect((await run('tracking', 'validate')).stdout).toBe(found.stdout);
  project.write({ 'tracking-plan.yml': 'events:\n  clicked: { purpose: nothing else }\n' });
  const check = await run('tracking', 'codegen', '--check');
  expect([check.code, check.stdout]).toEqual([5, `would write ${CLICKED}\nwould remove ${MODEL}\n`]);
  expect(existsSync(join(project.folder, MODEL))).toBe(true);
  expect((await run('tracking', 'codegen')).stdout).toBe(`wrote ${CLICKED}\nremoved ${MODEL}\n`);
  project.write({ [MODEL]: 'somebody wrote this' });
  project.write({ 'tracking-plan.yml': 'events:\n  signed_up: {}\n' });
  expect(await run('tracking', 'codegen')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('was not made by'),
  });
  expect(readFileSync(join(project.folder, MODEL), 'utf8')).toBe('somebody wrote this');
}, 300_000);
