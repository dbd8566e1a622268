import { expect, it } from 'vitest';

import { requireChecks } from '../../src/cli/check.ts';

it('A mistyped check is told with the one that was meant', () => {
  const known = ['freshness', 'volume_drop'].map((name) => ({
    ...{ name, description: 'What.', remedy: 'Do.', tags: [], isByDay: false },
  }));
  expect(() => requireChecks(['build_age', 'volume_drop'], known)).not.toThrow();
  expect(() => requireChecks(['volum_drop'], known)).toThrow('there is no check volum_drop; did you mean volume_drop?');
  expect(() => requireChecks(['something'], known)).toThrow(/^there is no check something$/);
});
