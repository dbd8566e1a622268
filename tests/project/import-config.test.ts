import { rmSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { importConfig } from '../../src/project/import-config.ts';
import { projectFolder, revops, type ProjectFolder } from '../support/cli.ts';

describe('a config', () => {
  let project: ProjectFolder;
  beforeEach(() => {
    project = projectFolder({
      'parts/settings.ts': `export const start: string = '2026-01-01';`,
      'revops.config.ts': `import { start } from './parts/settings.ts';\nexport default { start, url: import.meta.url };`,
      'revops.config.js': `import { start } from './parts/settings.ts';\nexport default { start };`,
    });
  });
  afterEach(() => project.remove());

  for (const type of ['commonjs', 'module', undefined]) {
    it(`is an ES module, with what it imports, where package.json says ${type ?? 'nothing'}`, async () => {
      project.write({ 'package.json': JSON.stringify({ name: 'x', ...(type === undefined ? {} : { type }) }) });
      for (const name of ['revops.config.ts', 'revops.config.js']) {
        expect(await importConfig(`${project.folder}/${name}`)).toMatchObject({ start: '2026-01-01' });
      }
    });
  }

  it('imports the revops that runs where none is installed beside it, and nothing else that is missing', async () => {
    rmSync(`${project.folder}/node_modules`, { recursive: true });
    const config = (more: string): string => `import { defineConfig } from 'revops';
      import { files } from 'revops/connectors/files';
      ${more}
      export default defineConfig({
        warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
        connectors: { files: files({ feeds: { ad_spend: 'spend.csv' } }) },
        start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
      });`;
    project.write({ 'revops.config.ts': config(''), 'other/revops.config.ts': config(`import 'revopsy';`) });
    const own = await revops(['list'], { cwd: project.folder });
    expect(own.stderr).toBe('');
    expect(own.stdout).toContain('ad_spend');
    const other = await revops(['list'], { cwd: `${project.folder}/other` });
    expect(other.stderr).toContain(`Cannot find package 'revopsy'`);
    expect(other.code).toBe(2);
  });
});
