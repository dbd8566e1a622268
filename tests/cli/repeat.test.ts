import { afterAll, describe, expect, it } from 'vitest';

import type { CommandContext } from '../../src/cli/context.ts';
import { repeated } from '../../src/cli/repeat.ts';
import { RevopsError } from '../../src/errors.ts';
import { projectFolder, revops } from '../support/cli.ts';

/** A context that collects what is told, stopped by `stop`. */
function surroundings() {
  const controller = new AbortController();
  const told: string[] = [];
  const context = {
    globals: { json: false, verbose: false },
    signal: controller.signal,
    terminal: { warn: (text: string) => void told.push(text) },
  } as unknown as CommandContext;
  return { context, told, stop: () => controller.abort(new RevopsError('CANCELLED', 'stopped by SIGTERM')) };
}

describe('--watch', () => {
  it('begins each turn so long after the one before, tells what goes wrong and goes on, until it is stopped', async () => {
    const { context, told, stop } = surroundings();
    const began: number[] = [];
    const turns = repeated(async () => {
      began.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (began.length === 2) throw new RevopsError('SOURCE_UNAVAILABLE', 'crm, deals: 503', { retryable: true });
      if (began.length === 3) stop();
    });
    await expect(turns(context, [], { watch: '1s' })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(told).toEqual(['error SOURCE_UNAVAILABLE: crm, deals: 503']);
    const waits = began.slice(1).map((at, index) => at - (began[index] ?? 0));
    expect(waits).toHaveLength(2);
    for (const wait of waits) {
      expect(wait).toBeGreaterThan(980);
      expect(wait).toBeLessThan(3_000);
    }
  });

  it('ends on what no waiting mends, and is one turn where it is not asked for', async () => {
    const { context, told } = surroundings();
    const wrong = repeated(async () => {
      throw new RevopsError('CONFIG_INVALID', 'connectors.crm.token: missing');
    });
    await expect(wrong(context, [], { watch: '1s' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    let turns = 0;
    await repeated(async () => void (turns += 1))(context, [], {});
    expect([turns, told]).toEqual([1, []]);
    for (const watch of ['0s', 'often', '']) {
      const error = await repeated(async () => undefined)(context, [], { watch }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'USAGE' });
    }
  });

  describe('of a sync', () => {
    const project = projectFolder({
      'revops.config.ts': `import { defineConfig } from 'revops';
        import { files } from 'revops/connectors/files';
        export default defineConfig({
          warehouse: { type: 'duckdb', path: 'w.duckdb' },
          connectors: { files: files({ feeds: { deals: 'deals.csv' } }) },
          start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
        });`,
      'deals.csv': 'deal_id,amount\n1,10\n',
    });
    afterAll(() => project.remove());

    it(
      'loads what comes between two turns; each turn is a run of its own, and a signal ends it',
      { timeout: 120_000 },
      async () => {
        let loads = 0;
        const watched = await revops(['sync', '--watch', '1s'], {
          cwd: project.folder,
          onStdout: (pid, text) => {
            if (!/changed/i.test(text)) return;
            loads += 1;
            if (loads === 1) project.write({ 'deals.csv': 'deal_id,amount\n1,10\n2,20\n' });
            else process.kill(pid, 'SIGTERM');
          },
        });
        expect([watched.code, loads >= 2]).toEqual([143, true]);
        const { stdout } = await revops(['runs', '--json'], { cwd: project.folder });
        expect((JSON.parse(stdout) as unknown[]).length).toBeGreaterThanOrEqual(2);
      },
    );
  });
});
