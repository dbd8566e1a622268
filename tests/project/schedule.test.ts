import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import type { Connector } from '../../src/connector/contract.ts';
import { dueStreams } from '../../src/project/schedule.ts';
import { checkConfig } from '../../src/project/schema.ts';
import { projectFolder, revops } from '../support/cli.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const at = (hours: number): Date => new Date(START + hours * HOUR);
const CONNECTORS = [
  { name: 'ads', streams: [{ name: 'days' }, { name: 'clicks' }] },
  { name: 'crm', streams: [{ name: 'deals' }] },
] as unknown as Connector[];

describe('a schedule', () => {
  const schedule = { ads: 6 * HOUR, 'ads.clicks': 24 * HOUR };
  const reads = new Map(['ads.days', 'ads.clicks', 'crm.deals'].map((stream) => [stream, at(0).toISOString()]));

  it('lets a source wait until its interval is over, its stream before its connector; what has none is always due', () => {
    expect(dueStreams(schedule, CONNECTORS, reads, at(5.99))).toEqual({
      due: ['crm.deals'],
      waiting: [
        { connector: 'ads', stream: 'days', dueAt: at(6).toISOString() },
        { connector: 'ads', stream: 'clicks', dueAt: at(24).toISOString() },
      ],
    });
    expect(dueStreams(schedule, CONNECTORS, reads, at(6)).due).toEqual(['ads.days', 'crm.deals']);
    expect(dueStreams(schedule, CONNECTORS, reads, at(24)).waiting).toEqual([]);
  });

  it('takes what was never read to its end, and no turn is lost by a timer that is off by seconds', () => {
    expect(dueStreams(schedule, CONNECTORS, new Map(), at(0)).waiting).toEqual([]);
    expect(dueStreams(schedule, CONNECTORS, reads, new Date(START + 6 * HOUR - 29_000)).due).toContain('ads.days');
    expect(dueStreams(schedule, CONNECTORS, reads, new Date(START + 6 * HOUR - 31_000)).due).not.toContain('ads.days');
  });

  it('reads as often as it says, however often runs begin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 2, max: 600 }), (turn, every) => {
        const state = new Map<string, string>();
        const times: number[] = [];
        for (let minute = 0; minute < 6_000; minute += turn) {
          const now = new Date(START + minute * 60_000);
          if (!dueStreams({ crm: every * 60_000 }, CONNECTORS, state, now).due.includes('crm.deals')) continue;
          state.set('crm.deals', now.toISOString());
          times.push(minute);
        }
        const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
        expect(gaps.every((gap) => gap === Math.ceil(every / turn) * turn)).toBe(true);
      }),
      { numRuns: 50, seed: 41 },
    );
  });

  it('that names no interval is refused', () => {
    const config = (): unknown =>
      checkConfig(
        {
          warehouse: { type: 'duckdb', path: 'x' },
          connectors: {},
          start: '2026-01-01',
          timeZone: 'UTC',
          currency: 'EUR',
          schedule: { crm: '6 hours' },
        },
        'revops.config.ts',
      );
    expect(config).toThrow("schedule.crm: expected minutes, hours or days: '15m', '6h', '7d'");
  });
});

describe('revops sync under a schedule', () => {
  const project = projectFolder({
    'revops.config.ts': `import { defineConfig } from 'revops';
      import { files } from 'revops/connectors/files';
      export default defineConfig({
        warehouse: { type: 'duckdb', path: 'w.duckdb' },
        connectors: { files: files({ feeds: { deals: 'deals.csv', contacts: 'contacts.csv' } }) },
        schedule: { 'files.deals': '6h' },
        start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
      });`,
    'deals.csv': 'deal_id,amount\n1,10\n',
    'contacts.csv': 'contact_id\n1\n',
  });
  afterAll(() => project.remove());

  it('leaves out what is not due and says so, but for what is named or read anew', { timeout: 120_000 }, async () => {
    const sync = async (now: string, ...words: string[]): Promise<unknown> => {
      const env = { REVOPS_NOW: `2026-03-01T${now}:00Z` };
      const { stdout } = await revops(['sync', ...words, '--json'], { cwd: project.folder, env });
      const { streams, waiting } = JSON.parse(stdout) as { streams: { stream: string }[]; waiting?: object[] };
      return { read: streams.map(({ stream }) => stream), waiting };
    };
    const waiting = [{ connector: 'files', stream: 'deals', dueAt: '2026-03-01T06:00:00.000Z' }];
    expect(await sync('00:00')).toEqual({ read: ['deals', 'contacts'], waiting: undefined });
    expect(await sync('05:59')).toEqual({ read: ['contacts'], waiting });
    expect(await sync('05:59', '--full')).toEqual({ read: ['deals', 'contacts'], waiting: undefined });
    expect(await sync('11:58', 'files.deals')).toEqual({ read: ['deals'], waiting: undefined });
    const told = await revops(['sync'], { cwd: project.folder, env: { REVOPS_NOW: '2026-03-01T12:00:00Z' } });
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Not due: files (1 stream) until 2026-03-01 17:58 UTC.'),
    });
    expect(await sync('17:58')).toEqual({ read: ['deals', 'contacts'], waiting: undefined });
  });
});
