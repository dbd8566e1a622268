import { describe, expect, it } from 'vitest';

import { faultError, isNetworkError, isPassing, retryAfterMs } from '../../src/connector/faults.ts';

describe('Retry-After', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it('is read as seconds or as an HTTP date', () => {
    expect(retryAfterMs('30', now)).toBe(30_000);
    expect(retryAfterMs('0.5', now)).toBe(500);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(retryAfterMs('Thu, 01 Jan 2025 00:01:00 GMT', now)).toBe(0);
  });

  it('counts as absent where there is none or it cannot be read', () => {
    for (const header of [null, undefined, '', '  ', 'soon']) expect(retryAfterMs(header, now)).toBeUndefined();
  });
});

describe('a fault', () => {
  it('passes when it is transient or rate limited', () => {
    expect(
      (['transient', 'rate_limited', 'quota_exhausted', 'auth', 'rejected'] as const).map((kind) =>
        isPassing({ kind, message: '' }),
      ),
    ).toEqual([true, true, false, false, false]);
  });

  it('becomes an error with the code of its kind', () => {
    const code = (kind: Parameters<typeof isPassing>[0]['kind']) =>
      faultError('shop', { kind, message: 'm' }, undefined).code;
    expect(code('transient')).toBe('SOURCE_UNAVAILABLE');
    expect(code('quota_exhausted')).toBe('QUOTA_EXHAUSTED');
    expect(code('auth')).toBe('AUTH_FAILED');
    expect(code('rejected')).toBe('REQUEST_REJECTED');
  });
});

describe('a network error', () => {
  it('is found by its code, also in the causes', () => {
    const reset = Object.assign(new Error('read'), { code: 'ECONNRESET' });
    expect(isNetworkError(reset)).toBe(true);
    // A name server that is away for a moment, as laptops and small machines have it after sleeping.
    expect(isNetworkError(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }))).toBe(true);
    expect(isNetworkError(new Error('outer', { cause: new TypeError('middle', { cause: reset }) }))).toBe(true);
  });

  it('is found for what fetch throws against a closed port and a socket closed in mid-body', async () => {
    const error: unknown = await fetch('http://127.0.0.1:1/').catch((thrown: unknown) => thrown);
    expect(isNetworkError(error)).toBe(true);
    expect(isNetworkError(new TypeError('terminated'))).toBe(true);
  });

  it('is nothing else', () => {
    for (const other of [new TypeError('x is not a function'), 'ECONNRESET', null, { code: 'ECONNRESET' }]) {
      expect(isNetworkError(other)).toBe(false);
    }
  });
});
