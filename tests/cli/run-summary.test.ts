import { describe, expect, it } from 'vitest';

import { summariseRun, summaryLine } from '../../src/cli/run-summary.ts';
import { parseDuration } from '../../src/cli/time-budget.ts';
import { RevopsError } from '../../src/errors.ts';
import type { BuildReport } from '../../src/model/index.ts';
import type { StreamReport } from '../../src/sync/contract.ts';

const ROWS = { read: 900, loaded: 600, unchanged: 300, rejected: 0, deleted: 1, vanished: 1 };

function stream(name: string, more: Partial<StreamReport> = {}): StreamReport {
  return { connector: 'crm', stream: name, status: 'ok', loads: 1, rows: ROWS, milliseconds: 1, ...more };
}

const BUILT = {
  relations: [
    { action: 'run', ran: 'full' },
    { action: 'run', ran: 'incremental' },
    { action: 'run', ran: null },
    { action: 'run', ran: 'unchanged' },
    { action: 'skip', ran: null },
    { action: 'test', ran: null },
  ],
} as BuildReport;

describe('the line that sums a run up', () => {
  const ok = { runId: '4f9d12ab-93a1-4f60-9b1c-2d1c50f0a001', status: 'ok' as const };

  it('says streams, rows, models, time and trust', () => {
    const report = { ...ok, streams: [stream('deals'), stream('contacts')] };
    const summary = summariseRun(report, BUILT, { trust: 'trusted', because: [] }, 41_234);
    expect(summaryLine(summary)).toBe('run 4f9d12ab: 2 streams, 1,204 rows, 3 models changed, 41.2 s; trusted');
  });

  it('names what is behind and why the numbers are untrusted', () => {
    const error = new RevopsError('TIME_BUDGET', 'over');
    const stopped = ['a', 'b', 'c', 'd'].map((name) => stream(name, { status: 'stopped', error }));
    const report = { ...ok, status: 'partial' as const, streams: [stream('deals', { status: 'stopped' }), ...stopped] };
    const because = [{ check: 'freshness', subject: 'crm.deals' }];
    const summary = summariseRun(report, BUILT, { trust: 'untrusted', because }, 0);
    expect(summaryLine(summary)).toBe(
      'run 4f9d12ab: 0 of 5 streams, 3,010 rows, 3 models changed, 0.0 s; not up to date: crm.deals (stopped), crm.a (TIME_BUDGET), crm.b (TIME_BUDGET), and 2 more; UNTRUSTED: freshness (crm.deals)',
    );
    expect(summary.left[1]).toEqual({ stream: 'crm.a', status: 'stopped', code: 'TIME_BUDGET' });
  });
});

describe('a time budget', () => {
  it.each([
    ['20m', 1_200_000],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['0s', 0],
    ['24h', 86_400_000],
  ])('of %s is %i ms', (written, milliseconds) => {
    expect(parseDuration(written, '--time-budget')).toBe(milliseconds);
  });

  it.each(['', '20', '1.5h', '-5m', '5m1h', '25h', '20 m'])('is not %j', (written) => {
    expect(() => parseDuration(written, '--time-budget')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
