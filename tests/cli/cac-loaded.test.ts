import { describe, expect, it } from 'vitest';

import { renderAverage, type AverageRow } from '../../src/cli/cac-average.ts';
import { aboutFixedCosts } from '../../src/cli/cac-loaded.ts';
import { cacQuestion } from '../../src/cli/cac-question.ts';

const ROW: AverageRow = {
  channel: 'Paid Search',
  period_grain: 'month',
  period_start: '2026-08-01',
  period_end: '2026-08-31',
  spend: '1240',
  customers: 5,
  cac: 248,
  status: 'ok',
  fixed_costs: '1771.428571',
  fully_loaded_cac: 602.2857142,
  fully_loaded_status: 'ok',
  is_complete: true,
  attribution_model: 'linear',
  baseline_id: 'b1',
};

describe('fully loaded CAC', () => {
  it('stands beside media CAC wherever other costs are known, and says where their rate is missing', () => {
    const organic = { ...ROW, channel: 'SEO', spend: '0', cac: null, status: 'no_spend', fully_loaded_cac: 103.333 };
    const unknown = {
      ...ROW,
      channel: 'Events',
      fixed_costs: null,
      fully_loaded_cac: null,
      fully_loaded_status: 'missing_rate',
    };
    const table = renderAverage([organic, ROW, unknown], 'month', 'EUR', 100);
    expect(table).toMatch(/^Period +Spend +New +CAC +Status/);
    expect(table).toMatch(/2026-08 +€0.00 +5 +– +no_spend\n└ loaded +€1,771 +€103.33\n/);
    expect(table).toMatch(/2026-08 +€1,240 +5 +€248.00 +ok\n└ loaded +€3,011 +€602.29\n/);
    expect(table).toMatch(/2026-08 +€1,240 +5 +€248.00 +ok\n└ loaded +– +missing_rate$/);
    expect(aboutFixedCosts([ROW], cacQuestion({}))).toEqual([]);
  });

  it('is the same, and said to be, where no other costs are known', () => {
    const row = { ...ROW, fixed_costs: '0.000000', fully_loaded_cac: 248 };
    expect(renderAverage([row], 'month', 'EUR', 100)).not.toContain('loaded');
    expect(aboutFixedCosts([row], cacQuestion({}))).toEqual([
      'Fully loaded: the same; no costs besides ad spend are known for these periods.',
    ]);
  });

  it("of campaigns is a part of the channel's, and the answer says by what", () => {
    for (const [options, noun] of [
      [{ by: 'campaign' }, 'campaign'],
      [{ by: 'platform' }, 'platform'],
      [{ by: 'channel', campaign: 'Brand' }, 'campaign'],
    ] as const) {
      expect(aboutFixedCosts([ROW], cacQuestion(options))[0]).toContain(`each ${noun} has its part by its share`);
    }
  });
});
