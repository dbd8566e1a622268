import { describe, expect, it } from 'vitest';

import { amongAll } from '../../src/cli/cac-average.ts';
import { cacQuestion, isPublished } from '../../src/cli/cac-question.ts';
import type { CacRow } from '../../src/cli/cac-rows.ts';

describe('what revops cac is asked', () => {
  it('is by channel and month, under the primary model, from the published marts, unless told', () => {
    const question = cacQuestion({});
    expect(question).toEqual({
      basis: 'conversion',
      grain: 'month',
      by: 'channel',
      filters: {},
      credits: { kind: 'published' },
      isDecomposed: false,
      isAverage: false,
    });
    expect(isPublished(question)).toBe(true);
  });

  it('takes the grain of the period, unless --by names one, and a dimension beside it in any order', () => {
    expect(cacQuestion({ period: '2025-Q4' })).toMatchObject({ grain: 'quarter', by: 'channel' });
    expect(cacQuestion({ period: '2025-Q4', by: 'month' })).toMatchObject({ grain: 'month', by: 'channel' });
    expect(cacQuestion({ period: '2025-Q4', by: 'Campaign' })).toMatchObject({ grain: 'quarter', by: 'campaign' });
    expect(cacQuestion({ by: 'week, segment' })).toMatchObject({ grain: 'week', by: 'segment' });
    expect(cacQuestion({ by: 'segment,week' })).toMatchObject({ grain: 'week', by: 'segment' });
  });

  it.each(['year', 'campaign,segment', 'day,week', 'campaign,campaign', '', 'campaign,'])(
    'cannot be counted by %j',
    (by) => {
      expect(() => cacQuestion({ by })).toThrow('is nothing to count by');
    },
  );

  it('is by campaign or segment where it is about one', () => {
    expect(cacQuestion({ campaign: 'Brand' })).toMatchObject({ by: 'campaign', filters: { campaign: 'Brand' } });
    expect(cacQuestion({ campaign: 'Brand', segment: 'Exact' })).toMatchObject({ by: 'segment' });
    expect(cacQuestion({ campaign: 'Brand', by: 'channel' })).toMatchObject({ by: 'channel' });
  });

  it('is about cohorts where one or an age is named, in the grain of the cohort', () => {
    expect(cacQuestion({ cohort: '2025-Q3' })).toMatchObject({
      basis: 'cohort',
      grain: 'quarter',
      range: { from: '2025-07-01', to: '2025-09-30' },
    });
    expect(cacQuestion({ age: '0' })).toMatchObject({ basis: 'cohort', grain: 'month', age: 0 });
    expect(cacQuestion({ basis: 'cohort', by: 'week,campaign' })).toMatchObject({ basis: 'cohort', by: 'campaign' });
  });

  it.each([
    [{ basis: 'cohort', period: '2025-Q3' }, '--period: not of cohorts'],
    [{ cohort: 'Q3' }, '--cohort: "Q3" is no period'],
    [{ basis: 'conversion', cohort: '2025-Q3' }, '--basis conversion: not with --cohort or --age'],
    [{ age: '1.5' }, '--age: "1.5" is no age of a cohort'],
    [{ age: '27' }, '--age: "27" is no age of a cohort'],
    [{ decompose: true, cohort: '2025-Q3' }, '--decompose: not of cohorts'],
    [{ decompose: true, by: 'first_channel' }, '--decompose: not by first_channel'],
    [{ decompose: true, minTouchpoints: '3' }, '--decompose: not of cohorts'],
  ])('refuses %j', (options, message) => {
    expect(() => cacQuestion(options)).toThrow(message);
  });

  it('is the average alone where customers are filtered by touchpoints', () => {
    expect(cacQuestion({ minTouchpoints: '3' })).toMatchObject({ isAverage: true, filters: { minTouchpoints: 3 } });
    for (const wrong of ['0', '-1', '2.5', 'three']) {
      expect(() => cacQuestion({ minTouchpoints: wrong })).toThrow('is no number of touchpoints');
    }
  });

  it.each([
    { by: 'campaign' },
    { model: 'markov' },
    { campaign: 'Brand' },
    { segment: 'Exact' },
    { minTouchpoints: '2' },
    { asKnownNow: true },
  ])('is computed anew for %j', (options) => {
    expect(isPublished(cacQuestion(options))).toBe(false);
  });
});

describe('customers among all', () => {
  const row = (given: Partial<CacRow>): CacRow => ({ ...EMPTY, ...given });

  it('have all of the spend, and everybody beside them', () => {
    const all = [row({ channel: 'Display', spend: '600', customers: 6, cac: 100, cac_status: 'ok' })];
    const some = [row({ channel: 'Display', spend: '600', customers: 2, cac: 300, cac_status: 'ok' })];
    expect(amongAll(all, some)).toMatchObject([
      { spend: '600', customers: 2, cac: 300, status: 'ok', all_customers: 6, all_cac: 100 },
    ]);
  });

  it('are none, and not missing, where nobody had so many touchpoints', () => {
    const all = [
      row({ channel: 'Display', spend: '600', customers: 6, cac: 100, cac_status: 'ok' }),
      row({ channel: 'Email', spend: '0', customers: 6, cac_status: 'no_spend' }),
    ];
    expect(amongAll(all, [])).toMatchObject([
      { channel: 'Display', customers: 0, cac: null, status: 'no_customers', all_customers: 6, all_cac: 100 },
      { channel: 'Email', customers: 0, cac: null, status: 'no_spend', all_customers: 6, all_cac: null },
    ]);
  });
});

const EMPTY: CacRow = {
  channel: '',
  period_grain: 'month',
  period_start: '2025-01-01',
  period_end: '2025-01-31',
  spend: '0',
  customers: 0,
  conversions: 0,
  previous_period_start: null,
  previous_spend: null,
  spend_change: null,
  previous_customers: null,
  customers_change: null,
  previous_conversions: null,
  customers_change_low: null,
  customers_change_high: null,
  cac: null,
  cac_status: 'no_activity',
  marginal_cac: null,
  ci_low: null,
  ci_high: null,
  status: 'no_baseline',
  is_complete: true,
  is_decaying: false,
  elasticity: null,
  elasticity_periods: 0,
  elasticity_r2: null,
  elasticity_marginal_cac: null,
  elasticity_ci_low: null,
  elasticity_ci_high: null,
  elasticity_status: 'not_identified',
  attribution_model: 'linear',
  baseline_id: 'b1',
};
