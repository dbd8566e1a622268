import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { type ProjectFolder, projectFolder, revops } from '../support/cli.ts';

describe('revops init', { timeout: 60_000 }, () => {
  let project: ProjectFolder;
  afterEach(() => project.remove());

  it.each(['duckdb', 'postgres'])(
    'makes a project on %s whose models compile and whose parts can be listed without a secret',
    async (engine) => {
      project = projectFolder();
      const made = await revops(['init', '--warehouse', engine, '--now', '2026-11-05'], { cwd: project.folder });
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(made.stdout).toContain('npx revops doctor');
      expect(readFileSync(join(project.folder, 'revops.config.ts'), 'utf8')).toContain("start: '2025-11-01'");
      const listed = await revops(['list', 'connectors'], { cwd: project.folder });
      expect([listed.code, listed.stderr]).toEqual([0, '']);
      expect(listed.stdout).toMatch(/hubspot +HubSpot +\d+ +missing/);
      const planned = await revops(['plan'], { cwd: project.folder });
      expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('marts.cac') });
      if (engine === 'duckdb') return;
      expect(planned.stderr).toContain('planned without the warehouse');
      expect((await revops(['build'], { cwd: project.folder })).stderr).toContain(
        'error SECRET_MISSING: warehouse.url: the environment variable DATABASE_URL is not set',
      );
    },
  );

  it('names in .env.example every variable that the config reads', async () => {
    project = projectFolder();
    await revops(['init', '--warehouse', 'postgres'], { cwd: project.folder });
    const read = (name: string): string => readFileSync(join(project.folder, name), 'utf8');
    const used = [...read('revops.config.ts').matchAll(/env\('(\w+)'\)/g)].map((match) => match[1] ?? '');
    const listed = [...read('.env.example').matchAll(/^(\w+)=$/gm)].map((match) => match[1] ?? '');
    expect(new Set(listed)).toEqual(new Set(used));
  });

  it.each([['duckdb'], ['postgres']])('has the secret of identity ready for files on %s, too', async (engine) => {
    project = projectFolder();
    await revops(['init', '--files', '--warehouse', engine], { cwd: project.folder });
    const read = (name: string): string => readFileSync(join(project.folder, name), 'utf8');
    expect(read('.env.example')).toMatch(/^REVOPS_IDENTITY_SECRET=$/m);
    const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', REVOPS_IDENTITY_SECRET: 'a'.repeat(32) };
    const doctor = async (): Promise<string> => (await revops(['doctor'], { cwd: project.folder, env })).stdout;
    expect(await doctor()).toMatch(/^warning +identity\.secret +not in the config/m);
    const config = read('revops.config.ts').replace('// identity:', 'identity:');
    project.write({
      'revops.config.ts': config.replace(/import \{.*\} from 'revops';/, "import { defineConfig, env } from 'revops';"),
    });
    expect(await doctor()).toMatch(/^ok +identity\.secret +env REVOPS_IDENTITY_SECRET/m);
  });

  it('refuses a folder that has a config, and keeps every file that is there', async () => {
    project = projectFolder({ 'README.md': 'mine' });
    const made = await revops(['init'], { cwd: project.folder });
    expect(made.stdout).toContain('kept     README.md');
    expect(readFileSync(join(project.folder, 'README.md'), 'utf8')).toBe('mine');
    const again = await revops(['init'], { cwd: project.folder });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('has a revops.config.ts already; nothing was written');
  });

  it.each([[false], [true]])('never asks a registry for revops: package.json there before: %s', async (isThere) => {
    project = projectFolder(isThere ? { 'package.json': '{}' } : {});
    const { folder } = project;
    rmSync(join(folder, 'node_modules'), { recursive: true });
    const { code, stdout } = await revops(['init'], { cwd: folder });
    expect(code).toBe(0);
    const steps = [...stdout.matchAll(/^ {2}(npm .*)$/gm)].map(([, step]) => step);
    expect(steps).toEqual([
      expect.stringMatching(/^npm pack .+ +# writes (revops-[\d.]+\.tgz): commit it$/),
      expect.stringMatching(/^npm install \.\/revops-[\d.]+\.tgz$/),
    ]);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    expect(Object.values(dependencies)).toEqual(isThere ? [] : [expect.stringMatching(/^file:revops-[\d.]+\.tgz$/)]);
  });

  it('makes the folder it is given, and a package.json only where revops is not installed', async () => {
    project = projectFolder();
    await revops(['init', 'revenue'], { cwd: project.folder });
    expect(existsSync(join(project.folder, 'revenue/revops.config.ts'))).toBe(true);
    expect(existsSync(join(project.folder, 'revenue/package.json'))).toBe(false);
  });
});
