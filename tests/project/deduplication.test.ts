import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { deduplication, isDeduplicationShipped } from '../../src/project/deduplication.ts';
import { packageRoot } from '../../src/project/package-root.ts';

describe('deduplication', () => {
  it('without choices is the shipped list', async () => {
    const nothing = { dedupHours: {}, dedupHoursAcrossCrms: {}, paymentHours: 720 };
    expect(isDeduplicationShipped(nothing)).toBe(true);
    expect(deduplication(nothing).text).toBe(
      await readFile(join(packageRoot(), 'models/reference/deduplication.csv'), 'utf8'),
    );
  });

  it('replaces single values, by zero too', () => {
    const chosen = { dedupHours: { lead: 0, mql: 48 }, dedupHoursAcrossCrms: { customer: 0 }, paymentHours: 24 };
    expect(isDeduplicationShipped(chosen)).toBe(false);
    expect(deduplication(chosen).text.split('\n')).toEqual([
      'conversion_type,window_hours,cross_source_hours,payment_hours',
      'lead,0,0,0',
      'mql,48,24,0',
      'sql,0,24,0',
      'opportunity,0,168,0',
      'customer,0,0,24',
      '',
    ]);
  });
});
