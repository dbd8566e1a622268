import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { projectFolder, revops, revopsProcess } from '../support/cli.ts';

const number = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1]?.replaceAll(',', ''));

describe('revops demo', { timeout: 600_000 }, () => {
  const project = projectFolder();
  afterAll(() => project.remove());

  it('shows the whole way: first sync, build, numbers, nothing twice, and only the delta of a day', async () => {
    const { code, stdout, stderr } = await revopsProcess(['demo'], { cwd: project.folder });
    expect([code, stderr]).toEqual([0, '']);
    expect(number(/^([\d,]+) rows changed in \d+ streams\.$/m, stdout)).toBeGreaterThan(50_000);
    // where nobody watches, a run is one line
    expect(stdout).toMatch(/^run [0-9a-f]{8}: \d+ streams, 0 rows, 0 models changed, [\d.]+ s; trusted$/m);
    const nextDay = stdout.slice(stdout.indexOf('A day passes'));
    expect(number(/^run [0-9a-f]{8}: \d+ streams, ([\d,]+) rows, [1-9]\d* models changed/m, nextDay)).toBeLessThan(
      2_000,
    );
    expect(number(/^run [0-9a-f]{8}: \d+ streams, ([\d,]+) rows/m, nextDay)).toBeGreaterThan(0);
    expect(stdout).toMatch(/^Locked: baseline [0-9a-f]{8} of 2026-10-31, in force for all periods\./m);
    expect(stdout).toMatch(/^· 2026-10 .* incomplete_period$/m);
    expect(stdout.slice(stdout.indexOf('October is over'))).not.toContain('incomplete_period');
    expect(stdout).toMatch(/^Done in [\d.]+ s\./m);
  });

  it('leaves a project in which commands work, and refuses a folder that is not its own', async () => {
    const folder = join(project.folder, 'demo');
    const { stdout } = await revops(['query', "select count(*) as n from cac where status = 'ok'", '--csv'], {
      cwd: folder,
    });
    expect(Number(stdout.split('\n')[1])).toBeGreaterThan(0);
    project.write({ 'mine/notes.txt': 'keep' });
    const refused = await revops(['demo', '--folder', 'mine'], { cwd: project.folder });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was not made by a demo; nothing was written'),
    });
    expect(readFileSync(join(project.folder, 'mine/notes.txt'), 'utf8')).toBe('keep');
  });

  it('keeps its platforms up with --serve, so that syncs work there', async () => {
    const folder = join(project.folder, 'demo');
    let synced: ReturnType<typeof revops> | undefined;
    const served = await revops(['demo', '--serve', '--now', '2026-11-03'], {
      cwd: project.folder,
      onStdout: (pid, text) => {
        if (!text.includes('are up')) return;
        synced = revops(['sync', 'hubspot.contacts', '--quiet'], { cwd: folder });
        void synced.then(() => process.kill(pid, 'SIGTERM'));
      },
    });
    expect(served.code).toBe(143);
    expect(await synced).toMatchObject({ code: 0, stdout: expect.stringMatching(/rows changed|Nothing changed/) });
    expect(existsSync(join(folder, '.revops/spool'))).toBe(true);
  });
});
