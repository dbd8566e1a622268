import { describe, expect, it } from 'vitest';

import { parsePeriod, periodName } from '../../src/cli/period.ts';

describe('parsePeriod', () => {
  it.each([
    ['2026', { from: '2026-01-01', to: '2026-12-31', grain: 'month' }],
    ['2026-Q3', { from: '2026-07-01', to: '2026-09-30', grain: 'quarter' }],
    ['2024-02', { from: '2024-02-01', to: '2024-02-29', grain: 'month' }],
    ['2026-W01', { from: '2025-12-29', to: '2026-01-04', grain: 'week' }],
    ['2026-W36', { from: '2026-08-31', to: '2026-09-06', grain: 'week' }],
    ['2026-09-14', { from: '2026-09-14', to: '2026-09-14', grain: 'day' }],
  ])('reads %s', (written, expected) => {
    expect(parsePeriod(written)).toEqual(expected);
  });

  it.each(['', '26', '2026-13', '2026-Q5', '2026-W54', '2026-02-30', 'last month'])('refuses %j', (written) => {
    expect(() => parsePeriod(written)).toThrow(/is no period/);
  });
});

describe('periodName', () => {
  it('names a period as people write it', () => {
    expect([
      periodName('2026-07-01', 'quarter'),
      periodName('2026-07-01', 'month'),
      periodName('2026-07-06', 'week'),
    ]).toEqual(['2026-Q3', '2026-07', '2026-07-06']);
  });
});
