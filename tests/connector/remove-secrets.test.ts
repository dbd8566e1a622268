import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { faultError } from '../../src/connector/faults.ts';
import { removeSecrets } from '../../src/connector/remove-secrets.ts';
import { remember } from '../../src/secret.ts';

const CANARY = 'canary-0123456789';
remember(CANARY);

class PlatformError extends Error {
  readonly code = `bad ${CANARY}`;
  readonly raw = { list: [`x ${CANARY}`], status: 400, deep: { text: CANARY } };
}

test('an error and its causes lose secrets wherever they are, and stay what they are', () => {
  const inner = new PlatformError(`inner ${CANARY}`);
  // As an SDK may have it: the stack is then no plain property.
  Error.captureStackTrace(inner);
  const outer = new TypeError(`outer ${CANARY}`, { cause: inner });
  const error = faultError('source', { kind: 'rejected', message: `told ${CANARY}` }, outer);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
  expect(error.cause).toBe(outer);
  expect(outer.cause).toBe(inner);
  expect(inner).toBeInstanceOf(PlatformError);
  expect(inner.code).toBe('bad [secret]');
  expect(inner.raw).toEqual({ list: ['x [secret]'], status: 400, deep: { text: '[secret]' } });
});

test('what an error refers to is still in use: it is copied, never changed', () => {
  const headers = { authorization: `Bearer ${CANARY}` };
  const client = new Map([['token', CANARY]]);
  const error = Object.assign(new Error('refused'), { config: { headers }, client, cause: undefined });
  removeSecrets(error);
  expect(error.config.headers).toEqual({ authorization: 'Bearer [secret]' });
  expect(headers).toEqual({ authorization: `Bearer ${CANARY}` });
  expect(error.client).toBe(client);
});

test('what is frozen, refers to itself, or is no error does no harm', () => {
  const loop = new Error('loop');
  Object.assign(loop, { self: { loop: { back: loop } } });
  for (const thrown of [Object.freeze(new Error(CANARY)), loop, 'text', null, undefined, { message: CANARY }])
    expect(() => removeSecrets(thrown)).not.toThrow();
});
