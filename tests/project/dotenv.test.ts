import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { loadDotenv } from '../../src/project/dotenv.ts';

const folder = mkdtempSync(join(tmpdir(), 'revops-dotenv-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadDotenv', () => {
  it('sets what the environment does not have, and leaves what it has', () => {
    const file = join(folder, '.env');
    writeFileSync(file, '# a comment\nONE=from file\nTWO="quoted # not a comment"\nTHREE=\n');
    const environment: NodeJS.ProcessEnv = { ONE: 'from process' };
    loadDotenv(file, environment);
    expect(environment).toEqual({ ONE: 'from process', TWO: 'quoted # not a comment', THREE: '' });
  });

  it('is content without a file', () => {
    const environment: NodeJS.ProcessEnv = {};
    loadDotenv(join(folder, 'none'), environment);
    expect(environment).toEqual({});
  });

  it('says so when the file cannot be read', () => {
    expect(() => loadDotenv(folder, {})).toThrow(/cannot read .*: EISDIR/);
  });
});
