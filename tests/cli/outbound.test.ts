import { afterEach, expect, it } from 'vitest';

import { projectFolder, revops, type ProjectFolder } from '../support/cli.ts';

let project: ProjectFolder;
afterEach(() => project.remove());

/** Every command line of the tests is watched like this one: `revops` throws where one calls anybody but emulators. */
it('A command that calls another machine is seen, whatever it calls it with', async () => {
  project = projectFolder({
    'revops.config.ts': `import { request } from 'node:https';
import { connect } from 'node:net';
import { defineConfig } from 'revops';
await fetch('http://192.0.2.1/telemetry').catch(() => null);
await new Promise((end) => request('https://updates.example/latest').on('error', end).end());
await new Promise((end) => connect(5432, '192.0.2.2').on('error', end));
await fetch('http://127.0.0.1:1/').catch(() => null);
export default defineConfig({
  warehouse: { type: 'duckdb', path: 'w.duckdb' },
  connectors: {},
  start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
});`,
  });
  await expect(revops(['list', 'connectors'], { cwd: project.folder })).rejects.toThrow(
    /^`revops list connectors` called 192\.0\.2\.1, updates\.example, 192\.0\.2\.2$/,
  );
});
