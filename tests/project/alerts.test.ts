import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { tellProblems, type Problem } from '../../src/project/alerts.ts';
import { loadProject, type Project } from '../../src/project/load.ts';
import { Secret } from '../../src/secret.ts';
import { projectFolder, type ProjectFolder } from '../support/cli.ts';

const STALE: Problem = { key: 'check freshness', text: 'freshness (crm.deals)' };
const BEHIND: Problem = { key: 'stream crm.deals', text: 'crm.deals failed: no' };
const MONDAY = { at: new Date('2026-03-02T06:00:00Z'), isAll: true };
const TUESDAY = { at: new Date('2026-03-03T06:00:00Z'), isAll: true };

describe('alerts', () => {
  let folder: ProjectFolder;
  let server: Server;
  let status: number;
  let told: string[];
  let project: Project;

  beforeEach(async () => {
    status = 200;
    told = [];
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      request.on('end', () => {
        told.push((JSON.parse(text) as { text: string }).text);
        response.writeHead(status).end('x');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    folder = projectFolder({
      'note.mjs': `import { readFileSync, appendFileSync } from 'node:fs';
        appendFileSync('noted.jsonl', JSON.stringify(JSON.parse(readFileSync(0, 'utf8'))) + '\\n');
        if (process.argv[2] === 'fail') process.exit(7);`,
      'revops.config.ts': `import { defineConfig } from 'revops';
        export default defineConfig({
          name: 'shop',
          warehouse: { type: 'duckdb', path: 'w.duckdb' },
          connectors: {},
          start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
          alerts: { webhook: 'http://127.0.0.1:${port}/hook/geheim', command: [process.execPath, 'note.mjs'] },
        });`,
    });
    project = await loadProject(folder.folder);
  });
  afterEach(async () => {
    folder.remove();
    await new Promise((resolve) => server.close(resolve));
  });

  const noted = (): object[] =>
    readFileSync(join(folder.folder, 'noted.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);

  it('are sent once while a problem lasts, and once more when it is over', async () => {
    await tellProblems(project, [STALE, BEHIND], MONDAY);
    expect(await tellProblems(project, [{ ...STALE, text: 'freshness, still' }], TUESDAY)).toMatchObject({
      begun: [],
      ended: [{ ...BEHIND, since: '2026-03-02T06:00:00.000Z' }],
    });
    expect(await tellProblems(project, [STALE], TUESDAY)).toBeNull();
    expect(told).toEqual([
      'revops shop: 2 new\n• freshness (crm.deals)\n• crm.deals failed: no',
      'revops shop: 1 over\n✓ over, since 2026-03-02 06:00 UTC: crm.deals failed: no',
    ]);
    expect(noted()).toMatchObject([{ project: 'shop', begun: [STALE, BEHIND] }, { ended: [BEHIND] }]);
  });

  it('of a run that broke off end nothing', async () => {
    await tellProblems(project, [STALE], MONDAY);
    const broken = { key: 'run WAREHOUSE_FAILED', text: 'run failed' };
    expect(await tellProblems(project, [broken], { ...TUESDAY, isAll: false })).toMatchObject({
      begun: [broken],
      ended: [],
    });
    expect(await tellProblems(project, [], TUESDAY)).toMatchObject({ ended: [STALE, broken] });
  });

  it('of runs that find the warehouse held, now and then, are one; it is over after a day without', async () => {
    const busy = { key: 'run LEASE_BUSY', text: 'run failed: held by 12', lingersHours: 24 };
    const after = (hours: number, isAll: boolean, ...problems: Problem[]): ReturnType<typeof tellProblems> =>
      tellProblems(project, problems, { at: new Date(MONDAY.at.getTime() + hours * 3_600_000), isAll });
    expect(await after(0, false, busy)).toMatchObject({ begun: [{ key: 'run LEASE_BUSY' }], ended: [] });
    expect(await after(0.1, true)).toBeNull();
    expect(await after(2, false, { ...busy, text: 'run failed: held by 13' })).toBeNull();
    expect(await after(25.9, true, STALE)).toMatchObject({ begun: [STALE], ended: [] });
    expect(await after(26, true, STALE)).toEqual({
      project: 'shop',
      at: '2026-03-03T08:00:00.000Z',
      begun: [],
      ended: [{ key: 'run LEASE_BUSY', text: 'run failed: held by 12', since: '2026-03-02T06:00:00.000Z' }],
    });
    expect(await after(26.1, false, busy)).toMatchObject({ begun: [{ key: 'run LEASE_BUSY' }] });
  });

  it('that cannot be delivered are tried again by the next run; the error does not name the address', async () => {
    status = 503;
    await expect(tellProblems(project, [STALE], MONDAY)).rejects.toMatchObject({
      code: 'ALERT_FAILED',
      message: 'alerts.webhook answered 503',
    });
    expect(existsSync(join(folder.folder, '.revops/alerts.json'))).toBe(false);
    status = 200;
    const failing = { ...project, alerts: { ...project.alerts, command: [process.execPath, 'note.mjs', 'fail'] } };
    await expect(tellProblems(failing, [STALE], MONDAY)).rejects.toThrow(/alerts.command .* ended with 7/);
    expect(await tellProblems(project, [STALE], MONDAY)).toMatchObject({ begun: [STALE] });
    const gone = { ...project, alerts: { webhook: new Secret('http://127.0.0.1:9/hook/geheim', 'test') } };
    const error = await tellProblems(gone, [], TUESDAY).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ALERT_FAILED' });
    expect(String(error)).not.toContain('geheim');
  });

  it('hold no secret, and nobody is told where nobody is named', async () => {
    const secret = new Secret('hunter2-hunter2', 'test');
    await tellProblems(project, [{ key: 'x', text: `token ${secret.reveal()} was refused` }], MONDAY);
    expect(told).toEqual(['revops shop: 1 new\n• token [secret] was refused']);
    expect(folder.everything()).not.toContain('hunter2');
    expect(await tellProblems({ ...project, alerts: {} }, [STALE], MONDAY)).toBeNull();
  });
});
