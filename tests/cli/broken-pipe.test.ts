import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectFolder, revops, type ProjectFolder } from '../support/cli.ts';

const REVOPS = `"${process.execPath}" --conditions=source "${join(import.meta.dirname, '../../src/cli/bin.ts')}"`;

describe('where the reader of a pipe goes away', { timeout: 240_000 }, () => {
  let project: ProjectFolder;
  beforeAll(async () => {
    project = projectFolder();
    expect((await revops(['init', '--files', '--now', '2026-11-05'], { cwd: project.folder })).code).toBe(0);
  });
  afterAll(() => project.remove());

  /** A command line of bash; gives what the last program of the pipe says, and how revops ended. */
  const piped = (line: string): { stdout: string; stderr: string; code: number | null } => {
    const { stdout, stderr, status } = spawnSync('bash', ['-c', `${line}; exit \${PIPESTATUS[0]}`], {
      cwd: project.folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: project.folder,
        REVOPS_NOW: '2026-11-05T08:00:00Z',
        REVOPS_COMPILE_CACHE: process.env['REVOPS_COMPILE_CACHE'] ?? '',
      },
      encoding: 'utf8',
    });
    return { stdout, stderr, code: status };
  };
  const runs = async (): Promise<{ command: string; status: string }[]> => {
    const { stdout } = await revops(['runs', '--json'], { cwd: project.folder });
    return JSON.parse(stdout) as { command: string; status: string }[];
  };

  it('run goes on to its end, and leaves its record', async () => {
    expect(piped(`${REVOPS} run --select deals 2>&1 | head -1`)).toMatchObject({ code: 0, stderr: '' });
    expect(await runs()).toMatchObject([{ command: 'run', status: 'ok' }]);
    const { stdout } = await revops(['query', 'select count(*) as n from deals', '--csv'], { cwd: project.folder });
    expect(Number(stdout.split('\n')[1])).toBeGreaterThan(0);
  });

  it('a log that nobody takes any more stops nothing, and the code is that of the command', async () => {
    project.write({ 'data/stages.csv': 'stage_label\nlost its key\n' });
    expect(piped(`${REVOPS} run --json --select deals 2>&1 | true`)).toMatchObject({ code: 4, stderr: '' });
    expect(await runs()).toHaveLength(2);
  });

  it('what only prints ends quietly', () => {
    const many = `${REVOPS} query "select n from generate_series(1, 10000000) as many(n)" --limit 10000000 --csv | head -2`;
    expect(piped(many)).toEqual({ code: 0, stdout: 'n\n1\n', stderr: '' });
  });
});
