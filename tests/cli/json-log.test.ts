/**
 * Standard error with --json: every line is one of a log, whoever wrote it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { projectFolder, revops, revopsProcess, type ProjectFolder } from '../support/cli.ts';

const CONFIG = `import { defineConfig } from 'revops';

export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: {},
  start: '2026-01-01',
  timeZone: 'UTC',
  currency: 'EUR',
  alerts: { command: ['./nobody'] },
});
`;
const OWN = `/*
description: A check that finds something. One row per subject.
grain: [subject]
check: { gates: coverage, remedy: Mend it. }
columns:
  subject: { type: text, description: What it is about. }
  day: { type: date, description: Its day. }
  severity: { type: text, description: Severity. }
  detail: { type: text, description: What is wrong. }
*/
select 'newsletter' as subject, cast(null as date) as day, 'error' as severity, 'told' as detail from clock
`;
const RUN_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

interface Line {
  level: string;
  time: string;
  command: string;
  run?: string;
  msg?: string;
  error?: { code: string };
}

/** Every line has a level and an instant. */
function linesOf(stderr: string): Line[] {
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  for (const { level, time } of lines) {
    expect(['info', 'warn', 'error']).toContain(level);
    expect(new Date(time).toISOString()).toBe(time);
  }
  return lines;
}

describe('standard error with --json', { timeout: 240_000 }, () => {
  let project: ProjectFolder;
  beforeEach(() => {
    project = projectFolder({ 'revops.config.ts': CONFIG, 'models/quality/own.sql': OWN });
  });
  afterEach(() => project.remove());

  it('is JSON lines of one run, warnings and the last error too', async () => {
    const { code, stdout, stderr } = await revops(['run', '--json', '--select', 'own'], { cwd: project.folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('summary');
    const lines = linesOf(stderr);
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['build_started', 'own: newsletter told; revops check says what to do']),
    );
    const [run] = lines.map((line) => line.run);
    expect(run).toMatch(RUN_ID);
    expect(new Set(lines.map((line) => `${line.command} ${line.run}`))).toEqual(new Set([`run ${run}`]));

    project.write({
      'models/quality/own.sql': OWN.replace("'told' as", 'cast(null as text) as').replace(
        'What is wrong. }',
        'What is wrong., tests: [not_null] }',
      ),
    });
    const failed = await revops(['run', '--json', '--select', 'own'], { cwd: project.folder });
    expect(failed).toMatchObject({ code: 5, stdout: '' });
    const all = linesOf(failed.stderr);
    expect(all.map(({ msg }) => msg)).toContainEqual(
      expect.stringMatching(/^no alert was sent: alerts\.command \.\/nobody cannot be started/),
    );
    const last = all.at(-1);
    expect(last).toMatchObject({ level: 'error', command: 'run', error: { code: 'AUDIT_FAILED', retryable: false } });
    expect(last?.run).toMatch(RUN_ID);
    expect(last?.run).not.toBe(run);
  });

  it('is JSON lines where a signal stops the run, and the record says that it was stopped', async () => {
    let isAsked = false;
    const { code, stderr } = await revopsProcess(['run', '--json'], {
      cwd: project.folder,
      onStderr: (pid) => {
        if (!isAsked) process.kill(pid, 'SIGTERM');
        isAsked = true;
      },
    });
    expect(code).toBe(143);
    const lines = linesOf(stderr);
    expect(lines.map(({ msg }) => msg)).toContain('SIGTERM: stopping; once more to stop at once');
    expect(lines.at(-1)).toMatchObject({ level: 'error', command: 'run', error: { code: 'CANCELLED' } });
    expect(new Set(lines.map((line) => line.run)).size).toBe(1);
    const { stdout } = await revops(['runs', '--json'], { cwd: project.folder });
    expect(JSON.parse(stdout)).toMatchObject([{ runId: lines.at(-1)?.run, status: 'stopped' }]);
  });

  it('is JSON lines where nothing ran', async () => {
    for (const words of [
      ['--json'],
      ['nothing', '--json'],
      ['run', '--json', '--time-budget', 'xyz'],
      ['query', 'x', '--json'],
    ])
      expect(linesOf((await revops(words, { cwd: project.folder })).stderr)).toMatchObject([
        { level: 'error', error: {} },
      ]);
    const [line] = linesOf((await revops(['run', '--json', '--time-budget', 'xyz'], { cwd: project.folder })).stderr);
    // checked before the warehouse is touched, so there is no run
    expect(line).toEqual({
      level: 'error',
      time: line?.time,
      command: 'run',
      error: expect.objectContaining({ code: 'USAGE', message: '--time-budget: "xyz" is no duration' }) as object,
    });
  });
});
