import { inspect } from 'node:util';

import { afterEach, describe, expect, it } from 'vitest';

import { env } from '../../src/project/env.ts';
import { redact } from '../../src/secret.ts';

afterEach(() => {
  delete process.env['REVOPS_TEST_TOKEN'];
});

describe('env', () => {
  it('gives the value of the variable, and prints as [secret]', () => {
    process.env['REVOPS_TEST_TOKEN'] = 'canary-of-env-1';
    const secret = env('REVOPS_TEST_TOKEN');
    expect(secret.reveal()).toBe('canary-of-env-1');
    expect([String(secret), JSON.stringify({ secret }), inspect({ secret })].join()).not.toContain('canary');
    expect(redact('token=canary-of-env-1')).toBe('token=[secret]');
  });

  it('does not fail for an absent variable until its value is needed, and then names variable and line', () => {
    const secret = env('REVOPS_TEST_TOKEN');
    expect(secret.missing?.code).toBe('SECRET_MISSING');
    expect(String(secret)).toBe('[secret]');
    expect(() => secret.reveal()).toThrow(/REVOPS_TEST_TOKEN is not set \(used in env\.test\.ts:\d+\)/);
  });

  it('takes an empty variable for an absent one', () => {
    process.env['REVOPS_TEST_TOKEN'] = '';
    expect(env('REVOPS_TEST_TOKEN').missing?.code).toBe('SECRET_MISSING');
  });
});
