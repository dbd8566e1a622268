import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { projectFolder, revops, type Outcome } from '../support/cli.ts';

const config = (alerts: string): string => `import { defineConfig, env } from 'revops';
export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: {},
  identity: { secret: env('IDENTITY') },
  alerts: ${alerts},
  start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
});
`;
const SECRET = 'not-an-address-4711';

describe('alerts that could not be told', { timeout: 120_000 }, () => {
  const project = projectFolder({ notify: '#!/bin/sh\n', 'no-program': '' });
  chmodSync(join(project.folder, 'notify'), 0o755);
  afterAll(() => project.remove());

  const ask = (command: string, alerts: string, env = {}): Promise<Outcome> => {
    project.write({ 'revops.config.ts': config(alerts) });
    return revops([command], { cwd: project.folder, env: { IDENTITY: 'a'.repeat(32), ...env } });
  };

  it.each([
    ['webhook', `{ webhook: env('HOOK') }`, {}, 'the environment variable HOOK is not set', 'SECRET_MISSING'],
    ['webhook', `{ webhook: env('HOOK') }`, { HOOK: SECRET }, 'env HOOK is no URL', 'CONFIG_INVALID'],
    ['webhook', `{ webhook: env('HOOK') }`, { HOOK: 'ftp://example.com' }, 'env HOOK is no URL', 'CONFIG_INVALID'],
    ['command', `{ command: ['no-such-program'] }`, {}, 'there is no program no-such-program', null],
    ['command', `{ command: ['./no-program'] }`, {}, 'there is no program ./no-program', null],
  ])('are found by doctor: %s %s %j', async (option, alerts, env, message, code) => {
    const found = await ask('doctor', alerts, env);
    expect(found.code).toBe(1);
    expect(found.stderr).toContain(`1 check failed: alerts.${option}`);
    expect(found.stdout.replaceAll(/\s+/g, ' ')).toContain(message);
    if (code === null) return;
    const ran = await ask('run', alerts, env);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(`error ${code}: alerts.${option}: `)]);
    expect(found.stdout + found.stderr + ran.stdout + ran.stderr).not.toContain(SECRET);
  });

  it.each([
    ['webhook', `{ webhook: env('HOOK') }`, { HOOK: 'https://hooks.example.com/T0/B0' }, 'env HOOK'],
    ['command', `{ command: ['./notify', '-v'] }`, {}, './notify'],
    ['command', `{ command: ['sh', 'notify'] }`, {}, 'sh'],
  ])('are not those that can: %s %s', async (option, alerts, env, message) => {
    const { code, stdout } = await ask('doctor', alerts, env);
    expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^ok +alerts\\.${option} +${message}$`, 'm'))]);
  });
});
