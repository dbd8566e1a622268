import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { findConfig } from '../../src/project/find.ts';
import { projectFolder } from '../support/cli.ts';

const project = projectFolder({ 'revops.config.ts': '', 'deep/er/file.txt': '', 'other/revops.config.js': '' });
afterAll(() => project.remove());

describe('findConfig', () => {
  it('looks in the folder and in every folder above it', () => {
    expect(findConfig(join(project.folder, 'deep/er'))).toBe(join(project.folder, 'revops.config.ts'));
    expect(findConfig(join(project.folder, 'other'))).toBe(join(project.folder, 'other/revops.config.js'));
  });

  it('takes the file or the folder that --config names, relative to the working directory', () => {
    expect(findConfig(join(project.folder, 'deep'), '../other')).toBe(join(project.folder, 'other/revops.config.js'));
    expect(findConfig(project.folder, 'other/revops.config.js')).toBe(join(project.folder, 'other/revops.config.js'));
  });

  it('names what it looked for where there is none', () => {
    expect(() => findConfig('/')).toThrow('no revops.config.ts in / or any folder above it');
    expect(() => findConfig(project.folder, 'nowhere')).toThrow('--config: there is no config at');
    expect(() => findConfig(project.folder, 'deep/er/file.txt')).toThrow('--config: there is no config at');
  });
});
