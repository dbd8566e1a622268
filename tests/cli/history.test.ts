import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { projectFolder, revops } from '../support/cli.ts';

const CONFIG = `import { defineConfig } from 'revops';

export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: {},
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`;
const mine = (amount: number): string => `/*
description: A test. One row per name.
grain: [name]
tags: [tried]
columns:
  name: { type: text, description: Name. }
  amount: { type: integer, description: Amount. }
*/
select 'a' as name, ${amount} as amount from clock
union all
select 'b' as name, 7 as amount from clock
`;

it('Builds are listed, explained and taken back', { timeout: 240_000 }, async () => {
  const project = projectFolder({ 'revops.config.ts': CONFIG, 'models/marts/mine.sql': mine(1) });
  const run = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await revops([...words, '--now', '2026-03-01T06:00:00Z'], { cwd: project.folder });
    expect(`${words.join(' ')}: ${code} ${stderr}`).toMatch(/: 0 /);
    return stdout;
  };
  await run('build', 'tag:tried', '--openlineage', 'events.jsonl');
  expect(existsSync(join(project.folder, 'events.jsonl'))).toBe(true);
  project.write({ 'models/marts/mine.sql': mine(5) });
  await run('build', '--select', 'state:changed,models/marts/mine.sql');
  const diff = await run('diff', 'mine');
  expect(diff).toContain('  build b2: published 2026-03-01 06:00, clock 2026-03-01 06:00, built whole');
  expect(diff).toContain('    own SQL changed');
  expect(diff).toMatch(/^~ +a +amount +1 +5$/m);
  expect(await run('diff', 'mine', '--csv')).toBe('change,name,column,before,after\nchanged,a,amount,1,5\n');
  expect(JSON.parse(await run('diff', 'mine', '--json'))).toMatchObject({
    counts: { changed: 1 },
    rows: [{ change: 'changed', key: { name: 'a' }, before: { amount: 1 }, after: { amount: 5 } }],
  });
  const runs = JSON.parse(await run('runs', '--json')) as { status: string; builds: { buildId: string }[] }[];
  expect(runs.map(({ status, builds }) => [status, builds[0]?.buildId])).toEqual(
    expect.arrayContaining([
      ['published', 'b2'],
      ['published', 'b1'],
    ]),
  );
  expect(await run('runs', 'show', 'b2')).toMatch(/^mine +full .* own SQL changed$/m);
  expect(await run('rollback')).toBe('Build b2 was taken back; build b1 is shown again (1 relation).\n');
  expect(await run('plan', 'mine', '--offline')).toMatch(/^marts\.mine +run +own SQL changed$/m);
  expect(await run('query', 'select name, amount from mine order by 1', '--csv')).toBe('name,amount\na,1\nb,7\n');
  expect(await run('vacuum')).toMatch(/^Vacuumed: 1 table dropped, [\d.]+ MB before, [\d.]+ MB after\.$/m);
  project.remove();
});
