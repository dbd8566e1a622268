import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { OverProblem, Problem } from '../../src/project/alert-destinations.ts';
import { tellProblems, type Told } from '../../src/project/alerts.ts';
import { loadProject, type Project } from '../../src/project/load.ts';
import { Secret } from '../../src/secret.ts';
import { projectFolder, type ProjectFolder } from '../support/cli.ts';

const STALE: Problem = { key: 'check freshness', text: 'freshness (crm.deals)' };
const BEHIND: Problem = { key: 'stream crm.deals', text: 'crm.deals failed: no' };
const MONDAY = { at: new Date('2026-03-02T06:00:00Z'), isAll: true };
const TUESDAY = { at: new Date('2026-03-03T06:00:00Z'), isAll: true };

/** What both were told, which is the same; null where nothing was. */
async function tellBoth(
  ...given: Parameters<typeof tellProblems>
): Promise<{ begun: Problem[]; ended: OverProblem[] } | null> {
  const { told, failed } = await tellProblems(...given);
  expect(failed).toEqual([]);
  const [one, other] = told;
  expect(other === undefined ? undefined : { ...other, destination: one?.destination }).toEqual(one);
  return one === undefined ? null : { begun: one.begun, ended: one.ended };
}

/** Who was told of what has begun and what is over, by key; and why somebody was not. */
function keysOf({ told, failed }: Told): object {
  const keys = (problems: Problem[]): string[] => problems.map(({ key }) => key);
  return {
    told: Object.fromEntries(told.map(({ destination, begun, ended }) => [destination, [keys(begun), keys(ended)]])),
    failed: failed.map(({ code, message }) => `${code} ${message}`),
  };
}

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
    await tellBoth(project, [STALE, BEHIND], MONDAY);
    expect(await tellBoth(project, [{ ...STALE, text: 'freshness, still' }], TUESDAY)).toMatchObject({
      begun: [],
      ended: [{ ...BEHIND, since: '2026-03-02T06:00:00.000Z' }],
    });
    expect(await tellBoth(project, [STALE], TUESDAY)).toBeNull();
    expect(told).toEqual([
      'revops shop: 2 new\n• freshness (crm.deals)\n• crm.deals failed: no',
      'revops shop: 1 over\n✓ over, since 2026-03-02 06:00 UTC: crm.deals failed: no',
    ]);
    expect(noted()).toMatchObject([{ project: 'shop', begun: [STALE, BEHIND] }, { ended: [BEHIND] }]);
  });

  it('of a run that broke off end nothing', async () => {
    await tellBoth(project, [STALE], MONDAY);
    const broken = { key: 'run WAREHOUSE_FAILED', text: 'run failed' };
    expect(await tellBoth(project, [broken], { ...TUESDAY, isAll: false })).toMatchObject({
      begun: [broken],
      ended: [],
    });
    expect(await tellBoth(project, [], TUESDAY)).toMatchObject({ ended: [STALE, broken] });
  });

  it('of runs that find the warehouse held, now and then, are one; it is over after a day without', async () => {
    const busy = { key: 'run LEASE_BUSY', text: 'run failed: held by 12', lingersHours: 24 };
    const after = (hours: number, isAll: boolean, ...problems: Problem[]): ReturnType<typeof tellBoth> =>
      tellBoth(project, problems, { at: new Date(MONDAY.at.getTime() + hours * 3_600_000), isAll });
    expect(await after(0, false, busy)).toMatchObject({ begun: [{ key: 'run LEASE_BUSY' }], ended: [] });
    expect(await after(0.1, true)).toBeNull();
    expect(await after(2, false, { ...busy, text: 'run failed: held by 13' })).toBeNull();
    expect(await after(25.9, true, STALE)).toMatchObject({ begun: [STALE], ended: [] });
    expect(await after(26, true, STALE)).toMatchObject({
      begun: [],
      ended: [{ key: 'run LEASE_BUSY', text: 'run failed: held by 12', since: '2026-03-02T06:00:00.000Z' }],
    });
    expect(noted().at(-1)).toEqual({
      project: 'shop',
      at: '2026-03-03T08:00:00.000Z',
      begun: [],
      ended: [{ key: 'run LEASE_BUSY', text: 'run failed: held by 12', since: '2026-03-02T06:00:00.000Z' }],
    });
    expect(await after(26.1, false, busy)).toMatchObject({ begun: [{ key: 'run LEASE_BUSY' }] });
  });

  it('that cannot be delivered are tried again by the next run, each destination on its own', async () => {
    const failing = { ...project, alerts: { ...project.alerts, command: [process.execPath, 'note.mjs', 'fail'] } };
    const ended7 = expect.stringMatching(/^ALERT_FAILED alerts\.command .* ended with 7$/) as string;
    status = 503;
    expect(keysOf(await tellProblems(failing, [STALE], MONDAY))).toEqual({
      told: {},
      failed: expect.arrayContaining(['ALERT_FAILED alerts.webhook answered 503', ended7]) as string[],
    });
    expect(existsSync(join(folder.folder, '.revops/alerts.json'))).toBe(false);
    // the command is told though the webhook is not
    expect(keysOf(await tellProblems(project, [STALE], MONDAY))).toEqual({
      told: { command: [['check freshness'], []] },
      failed: ['ALERT_FAILED alerts.webhook answered 503'],
    });
    status = 200;
    // and is not told again when the webhook is
    expect(keysOf(await tellProblems(project, [STALE, BEHIND], MONDAY))).toEqual({
      told: { webhook: [['check freshness', 'stream crm.deals'], []], command: [['stream crm.deals'], []] },
      failed: [],
    });
    // what is over is told to each that was told of it, once
    expect(keysOf(await tellProblems(failing, [STALE], TUESDAY))).toEqual({
      told: { webhook: [[], ['stream crm.deals']] },
      failed: [ended7],
    });
    told = [];
    expect(keysOf(await tellProblems(failing, [STALE], TUESDAY))).toEqual({ told: {}, failed: [ended7] });
    expect(told).toEqual([]);
    expect(keysOf(await tellProblems(project, [STALE], TUESDAY))).toEqual({
      told: { command: [[], ['stream crm.deals']] },
      failed: [],
    });
    // what one never heard of is not over for it
    status = 500;
    await tellProblems(project, [STALE, BEHIND], TUESDAY);
    status = 200;
    expect(keysOf(await tellProblems(project, [], TUESDAY))).toEqual({
      told: { webhook: [[], ['check freshness']], command: [[], ['check freshness', 'stream crm.deals']] },
      failed: [],
    });
  });

  it('name what failed, never the address; a command that is not there neither stops nor spares the webhook', async () => {
    const gone = {
      ...project,
      alerts: { webhook: new Secret('http://127.0.0.1:9/hook/geheim', 'test'), command: ['./nobody'] },
    };
    const { failed } = await tellProblems(gone, [STALE], MONDAY);
    expect(failed.map(({ message }) => message).toSorted()).toEqual([
      expect.stringMatching(/^alerts\.command \.\/nobody cannot be started: /),
      expect.stringMatching(/^alerts\.webhook cannot be reached: /),
    ]);
    expect(String(failed)).not.toContain('geheim');
    const unheard = { ...project, alerts: { ...project.alerts, command: ['./nobody'] } };
    expect(keysOf(await tellProblems(unheard, [STALE], MONDAY))).toMatchObject({
      told: { webhook: [['check freshness'], []] },
    });
  });

  it('go on from the file of a version that remembered one list for all; who is named later is told what is open', async () => {
    const since = '2026-03-01T06:00:00.000Z';
    folder.write({ '.revops/alerts.json': JSON.stringify({ version: 1, open: [{ ...STALE, since }] }) });
    expect(keysOf(await tellProblems(project, [STALE], MONDAY))).toEqual({ told: {}, failed: [] });
    const { webhook } = project.alerts;
    const one = { ...project, alerts: webhook === undefined ? {} : { webhook } };
    expect(keysOf(await tellProblems(one, [STALE, BEHIND], MONDAY))).toMatchObject({
      told: { webhook: [['stream crm.deals'], []] },
    });
    expect(keysOf(await tellProblems(project, [STALE], MONDAY))).toEqual({
      told: { webhook: [[], ['stream crm.deals']], command: [['check freshness'], []] },
      failed: [],
    });
    expect(told.at(-1)).toBe('revops shop: 1 over\n✓ over, since 2026-03-02 06:00 UTC: crm.deals failed: no');
    expect((await tellProblems(project, [], TUESDAY)).told).toMatchObject([
      { destination: 'webhook', ended: [{ key: 'check freshness', since }] },
      { destination: 'command', ended: [{ key: 'check freshness', since: '2026-03-02T06:00:00.000Z' }] },
    ]);
  });

  it('are one line for the streams that one cause stops, and each stream is remembered', async () => {
    const down = (...names: string[]): Problem[] =>
      names.map((name) => ({
        key: `stream crm.${name}`,
        text: `crm.${name} failed: no answer`,
        alike: { of: 'crm', cause: 'failed SOURCE_UNAVAILABLE', name, text: 'failed: no answer' },
      }));
    await tellProblems(project, [...down('a', 'b', 'c', 'd', 'e'), STALE], MONDAY);
    await tellProblems(project, [...down('a', 'b', 'c', 'd', 'e', 'f'), STALE], TUESDAY);
    await tellProblems(project, [...down('e'), STALE], TUESDAY);
    await tellProblems(project, [STALE], TUESDAY);
    expect(told).toEqual([
      'revops shop: 2 new\n• crm (a, b, c and 2 more) failed: no answer\n• freshness (crm.deals)',
      'revops shop: 1 new\n• crm.f failed: no answer',
      `revops shop: 2 over\n✓ over, since 2026-03-02 06:00 UTC: crm (a, b, c and 1 more) failed: no answer
✓ over, since 2026-03-03 06:00 UTC: crm.f failed: no answer`,
      'revops shop: 1 over\n✓ over, since 2026-03-02 06:00 UTC: crm.e failed: no answer',
    ]);
    expect(noted()[0]).toMatchObject({
      begun: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ key: `stream crm.${name}` })).concat(STALE),
    });
  });

  it('show text of others as it is written, and let it neither mention nor link anybody, nor begin a line', async () => {
    const name = '<!channel> <https://evil.test|click> R&D\n• all is well\r\u2028\u001b[2J\u202e';
    await tellProblems(project, [{ key: 'x', text: `utm (${name})` }], MONDAY);
    expect(told).toEqual([
      'revops shop: 1 new\n• utm (&lt;!channel&gt; &lt;https://evil.test|click&gt; R&amp;D • all is well \\u{1b}[2J\\u{202e})',
    ]);
    expect(noted()).toMatchObject([{ begun: [{ text: `utm (${name})` }] }]);
  });

  it('hold no secret, and nobody is told where nobody is named', async () => {
    const secret = new Secret('hunter2-hunter2', 'test');
    await tellProblems(project, [{ key: 'x', text: `token ${secret.reveal()} was refused` }], MONDAY);
    expect(told).toEqual(['revops shop: 1 new\n• token [secret] was refused']);
    expect(folder.everything()).not.toContain('hunter2');
    expect(await tellBoth({ ...project, alerts: {} }, [STALE], MONDAY)).toBeNull();
  });
});
