/**
 * `revops collect` as people run it: a process that listens, logs, and ends well when it is asked to.
 */
import { expect, test } from 'vitest';

import { projectFolder, revops, revopsProcess } from '../support/cli.ts';

const KEY = 'canary7f3a-write-key';
const CONFIG = `import { defineConfig, env } from 'revops';
import { collector } from 'revops/connectors/collector';

export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: { collector: collector({ writeKeys: { website: env('WEBSITE_KEY') } }) },
  start: '2026-01-01',
  timeZone: 'UTC',
  currency: 'EUR',
});
`;

test('It takes events until SIGTERM, ends with 0, and a sync loads them; without its key it does not start.', async () => {
  const project = projectFolder({ 'revops.config.ts': CONFIG });
  const cwd = project.folder;
  try {
    const without = await revops(['collect', '--port', '0'], { cwd });
    expect(without).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('connectors.collector.writeKeys.website'),
    });

    let log = '';
    let isSent = false;
    const env = { WEBSITE_KEY: KEY };
    const ended = await revopsProcess(['collect', '--port', '0'], {
      cwd,
      env,
      onStderr(pid, text) {
        log += text;
        const port = /"port":(\d+)/.exec(log)?.[1];
        if (port === undefined || isSent) return;
        isSent = true;
        void fetch(`http://127.0.0.1:${port}/v1/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEY}` },
          body: JSON.stringify({ event_name: 'sign_up', email: 'canary@example.org' }),
        }).then(() => process.kill(pid, 'SIGTERM'));
      },
    });
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    const messages = ended.stderr
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { msg: string }] : []));
    expect(messages.map(({ msg }) => msg)).toEqual([
      'collecting',
      expect.stringMatching(/^stopping/),
      'collected',
      'stopped',
    ]);
    expect(ended.stderr).not.toContain('canary');

    const synced = await revops(['sync', '--json'], { cwd, env });
    expect(synced.code).toBe(0);
    expect(JSON.parse(synced.stdout)).toMatchObject({
      streams: expect.arrayContaining([
        expect.objectContaining({ stream: 'events', rows: expect.objectContaining({ loaded: 1 }) }),
      ]),
    });
  } finally {
    project.remove();
  }
});
