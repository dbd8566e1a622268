import { describe, expect, it } from 'vitest';

import { newUsageMeter, pauseAt, retryAfterIn } from '../../../connectors/meta-ads/usage.ts';

const business = (uses: Record<string, object[]>) => ({ 'x-business-use-case-usage': JSON.stringify(uses) });

describe('the use of the limits', () => {
  it('is the highest of calls and times, of the account, of insights and of the app', () => {
    const meter = newUsageMeter(() => 0);
    meter.note(business({ '1': [{ call_count: 10, total_cputime: 41, total_time: 3 }, { call_count: 22 }] }));
    expect(meter.percent('1')).toBe(41);
    expect(meter.percent('2')).toBe(0);
    meter.note({
      ...business({ '1': [{ call_count: 10 }] }),
      'x-fb-ads-insights-throttle': '{"app_id_util_pct":5,"acc_id_util_pct":62.5}',
    });
    expect(meter.percent('1')).toBe(62.5);
    meter.note({ 'x-app-usage': '{"call_count":70,"total_time":71,"total_cputime":2}' });
    expect([meter.percent('1'), meter.percent('2'), meter.percent(undefined)]).toEqual([71, 71, 71]);
  });

  it('is forgotten after five minutes, and unreadable headers tell nothing', () => {
    let now = 0;
    const meter = newUsageMeter(() => now);
    meter.note(business({ '1': [{ call_count: 99 }] }));
    now = 300_001;
    expect(meter.percent('1')).toBe(0);
    meter.note({
      'x-business-use-case-usage': '<html>',
      'x-app-usage': 'null',
      'x-fb-ads-insights-throttle': '{"app_id_util_pct":"many"}',
    });
    expect(meter.percent('1')).toBe(0);
  });

  it('asks for a wait in minutes', () => {
    expect(
      retryAfterIn(
        business({ '1': [{ estimated_time_to_regain_access: 3 }, { estimated_time_to_regain_access: 17 }] }),
      ),
    ).toBe(1_020_000);
    expect(retryAfterIn(business({ '1': [{ estimated_time_to_regain_access: 0 }] }))).toBeUndefined();
    expect(retryAfterIn({})).toBeUndefined();
  });

  it('holds requests back from 75 percent on, the longer the more is used', () => {
    expect([74.9, 75, 85, 95, 100].map(pauseAt)).toEqual([0, 250, 1125, 2000, 2000]);
  });
});
