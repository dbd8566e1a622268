import { describe, expect, it } from 'vitest';

import { checkShrink } from '../../src/sync/shrink.ts';
import type { StreamShape } from '../../src/sync/shape.ts';

const shape = { connector: 'made-up', stream: 'spend' } as StreamShape;
const manifest = {
  partition: { key: {}, label: 'One' },
  slice: { kind: 'window' as const, from: '2026-03-01', to: '2026-03-02' },
};
const check =
  (before: [string, number][], after: [string, number][], limit = 0.5) =>
  () =>
    checkShrink(shape, manifest, new Map(before), new Map(after), limit);

describe('checkShrink', () => {
  it('lets rows come, go and be restated within the limit', () => {
    expect(check([], [['2026-03-01', 5]])).not.toThrow();
    expect(check([], [])).not.toThrow();
    expect(check([['2026-03-01', 40]], [['2026-03-01', 20]])).not.toThrow();
    expect(check([['2026-03-01', 19]], [['2026-03-01', 1]])).not.toThrow();
    expect(
      check(
        [
          ['2026-03-01', 3],
          ['2026-03-02', 3],
        ],
        [['2026-03-01', 3]],
      ),
    ).not.toThrow();
  });

  it('refuses a slice that would be empty, however small it was', () => {
    expect(check([['2026-03-01', 1]], [])).toThrow(
      'made-up.spend, One 2026-03-01..2026-03-02: it had 1 rows and would have 0',
    );
  });

  it('refuses a day of 20 rows that would be empty beside days that are not', () => {
    const full: [string, number] = ['2026-03-02', 200];
    expect(check([['2026-03-01', 20], full], [full])).toThrow('2026-03-01 had 20 rows and would have none');
    expect(check([['2026-03-01', 19], full], [full])).not.toThrow();
  });

  it('refuses to lose more than the limit of 20 rows or more', () => {
    expect(check([['2026-03-01', 40]], [['2026-03-01', 19]])).toThrow(/had 40 rows and would have 19/);
    expect(check([['2026-03-01', 40]], [['2026-03-01', 19]], 0.9)).not.toThrow();
  });
});
