import { describe, expect, it } from 'vitest';

import { holdouts } from '../../src/project/holdouts-schema.ts';
import { holdoutRows } from '../../src/project/holdouts.ts';

const good = { name: 'autumn', share: 0.1, from: '2026-10-01' };

describe('holdouts', () => {
  it('Experiments become the rows that models read; the name is the salt unless told.', () => {
    const checked = holdouts.parse([
      { ...good, channels: ['Paid Social', 'Display', 'Display'] },
      { ...good, name: 'winter', salt: 'a, b', share: 0.25, to: '2026-12-31' },
    ]);
    expect(holdoutRows(checked)).toEqual({
      holdouts: [
        { experiment: 'autumn', salt: 'autumn', control_share: '0.100000', from_date: '2026-10-01', to_date: null },
        {
          experiment: 'winter',
          salt: 'a, b',
          control_share: '0.250000',
          from_date: '2026-10-01',
          to_date: '2026-12-31',
        },
      ],
      holdout_channels: [
        { experiment: 'autumn', channel: 'Paid Social' },
        { experiment: 'autumn', channel: 'Display' },
      ],
    });
    expect(holdoutRows([])).toEqual({});
  });

  it.each([
    [[{ ...good, share: 0 }], 'share'],
    [[{ ...good, share: 1 }], 'share'],
    [[{ ...good, to: '2026-09-30' }], 'to'],
    [[{ ...good, unit: 'company' }], 'unit'],
    [[{ ...good, name: 'a b' }], 'name'],
    [[good, good], 'name'],
  ])('An experiment that cannot be is refused, by its option.', (given, option) => {
    const { error } = holdouts.safeParse(given);
    expect(error?.issues.map(({ path }) => path.at(-1))).toEqual([option]);
  });
});
