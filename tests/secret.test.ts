import { expect, it } from 'vitest';

import { redact, remember, Secret } from '../src/secret.ts';

it('A secret that holds another one is taken out whole, whichever was known first.', () => {
  remember('inner-value');
  expect(new Secret('outer-inner-value-1', 'test').missing).toBeUndefined();
  expect(redact('token outer-inner-value-1 and inner-value')).toBe('token [secret] and [secret]');
});
