import { describe, expect, it } from 'vitest';

import { diagnose, pause, RevopsError } from '../../src/connector/index.ts';

describe('diagnose', () => {
  it('says what a look found, and of one that failed why and what to do', async () => {
    const found = { subject: 'account', status: 'ok', message: 'is there' } as const;
    expect(await diagnose('account', async () => found)).toBe(found);
    const refused = new RevopsError('AUTH_FAILED', 'the token is refused.', { hint: 'Make another one.' });
    expect(await diagnose('account', () => Promise.reject(refused))).toEqual({
      subject: 'account',
      status: 'error',
      message: 'the token is refused. Make another one.',
    });
  });

  it('leaves defects what they are', async () => {
    const defect = new TypeError('undefined is not a function');
    await expect(diagnose('account', () => Promise.reject(defect))).rejects.toBe(defect);
  });
});

describe('pause', () => {
  it('ends with the reason as soon as it is aborted, or was before', async () => {
    const stop = new AbortController();
    const waited = pause(60_000, stop.signal);
    const reason = new Error('stopped');
    stop.abort(reason);
    await expect(waited).rejects.toBe(reason);
    await expect(pause(0, stop.signal)).rejects.toBe(reason);
    await expect(pause(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
