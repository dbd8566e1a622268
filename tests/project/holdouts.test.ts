import { describe, expect, it } from 'vitest';

import { holdouts } from '../../src/project/holdouts-schema.ts';
import { holdoutLists } from '../../src/project/holdouts.ts';

const good = { name: 'autumn', share: 0.1, from: '2026-10-01' };

describe('holdouts', () => {
  it('Experiments become the lists that models read; the name is the salt unless told.', () => {
    const checked = holdouts.parse([
      { ...good, channels: ['Paid Social', 'Display', 'Display'] },
      { ...good, name: 'winter', salt: 'a, b', share: 0.25, to: '2026-12-31' },
    ]);
    expect(holdoutLists(checked).map(({ parts, text }) => [parts.at(-1), text])).toEqual([
      [
        'holdouts.csv',
        'experiment,salt,control_share,from_date,to_date\n"autumn","autumn","0.100000","2026-10-01",\n"winter","a, b","0.250000","2026-10-01","2026-12-31"\n',
      ],
      ['holdout_channels.csv', 'experiment,channel\n"autumn","Paid Social"\n"autumn","Display"\n'],
    ]);
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
