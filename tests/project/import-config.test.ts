import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { importConfig } from '../../src/project/import-config.ts';
import { projectFolder, type ProjectFolder } from '../support/cli.ts';

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
});
