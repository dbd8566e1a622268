import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Fault } from '../../src/connector/faults.ts';
import { createGateway, type GatewayOptions } from '../../src/connector/gateway.ts';
import { RevopsError } from '../../src/errors.ts';
import { remember } from '../../src/secret.ts';

/** Thrown as platforms' SDKs do: an object that is no Error. */
class NotAnError {
  readonly fault: Fault;
  constructor(fault: Fault) {
    this.fault = fault;
  }
}

function gateway(options: Partial<GatewayOptions> = {}) {
  return createGateway({
    source: 'shop',
    requests: 1000,
    perMilliseconds: 1000,
    concurrency: 4,
    classify: (error) => (error as NotAnError).fault ?? { kind: 'rejected', message: (error as Error).message },
    signal: new AbortController().signal,
    firstWaitMs: 1,
    ...options,
  });
}

/** A request that fails with these faults first, then answers. */
function failing(...faults: Fault[]) {
  const calls: number[] = [];
  const request = async (): Promise<string> => {
    calls.push(performance.now());
    const fault = faults[calls.length - 1];
    if (fault !== undefined) throw new NotAnError(fault);
    return 'answer';
  };
  return { calls, request };
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('did not throw'),
    (error: unknown) => error,
  );
}

describe('the gateway', () => {
  it('repeats a request that failed in passing, whatever was thrown', async () => {
    const { calls, request } = failing({ kind: 'transient', message: '502' }, { kind: 'rate_limited', message: '429' });
    const way = gateway();
    expect(await way.call('read', request)).toBe('answer');
    expect(calls).toHaveLength(3);
    expect(way.spent).toMatchObject({ requests: 3, retries: 2 });
  });

  it('repeats a request that is not answered in time, and takes nothing of what comes later', async () => {
    const way = gateway({ answerWithinMs: 40 });
    let calls = 0;
    const answer = await way.call('read', async () => {
      calls += 1;
      const call = calls;
      if (call === 1) await new Promise((resolve) => setTimeout(resolve, 80));
      return `answer ${call}`;
    });
    expect(answer).toBe('answer 2');
    const silent = gateway({ answerWithinMs: 10, attempts: 2 });
    expect(await thrown(silent.call('read', () => new Promise(() => undefined)))).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: 'shop, read: no answer within 0.01 seconds',
      retryable: true,
    });
  });

  it('repeats after a TypeError that the connector calls passing', async () => {
    let calls = 0;
    const way = gateway({ classify: () => ({ kind: 'transient', message: 'unreadable body' }) });
    const answer = await way.call('read', async () => {
      calls += 1;
      if (calls === 1) throw new TypeError("Cannot read properties of undefined (reading 'details')");
      return calls;
    });
    expect(answer).toBe(2);
  });

  it('waits as long as the platform asks from the first refusal on, and no longer', async () => {
    const { calls, request } = failing({ kind: 'rate_limited', message: '429', retryAfterMs: 900 });
    // The backoff alone is 500 to 1,000 ms: both waits together would be 1,400 at least.
    const way = gateway({ firstWaitMs: 500 });
    await way.call('read', request);
    const waited = (calls[1] as number) - (calls[0] as number);
    expect(waited).toBeGreaterThanOrEqual(898);
    expect(waited).toBeLessThan(1350);
    expect(way.spent.waitedMs).toBeGreaterThanOrEqual(500);
    expect(way.spent.waitedMs).toBeLessThan(1350);
  });

  it('takes the wait from the latest refusal, not from the one before', async () => {
    const { calls, request } = failing(
      { kind: 'rate_limited', message: '429', retryAfterMs: 250 },
      { kind: 'transient', message: '502' },
    );
    await gateway().call('read', request);
    expect((calls[2] as number) - (calls[1] as number)).toBeLessThan(240);
  });

  it('holds back every request of the connection while the platform asks to wait', async () => {
    const way = gateway();
    const { calls, request } = failing({ kind: 'rate_limited', message: '429', retryAfterMs: 300 });
    const first = way.call('read', request);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const other = await way.call('other', async () => performance.now());
    await first;
    expect(other - (calls[0] as number)).toBeGreaterThanOrEqual(295);
  });

  it('ends with the code of the fault, the label and the cause', async () => {
    const { request, calls } = failing({ kind: 'auth', message: 'token expired', hint: 'Make a new one.' });
    const error = (await thrown(gateway().call('accounts', request))) as RevopsError;
    expect(error).toBeInstanceOf(RevopsError);
    expect(error).toMatchObject({
      code: 'AUTH_FAILED',
      message: 'shop, accounts: token expired',
      hint: 'Make a new one.',
      retryable: false,
    });
    expect(error.cause).toBeInstanceOf(NotAnError);
    expect(calls).toHaveLength(1);
  });

  it('gives up after the attempts allowed and says that later may succeed', async () => {
    const { request, calls } = failing(
      ...Array.from({ length: 9 }, (): Fault => ({ kind: 'transient', message: '503' })),
    );
    const error = await thrown(gateway({ attempts: 3 }).call('read', request));
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', retryable: true });
    expect(calls).toHaveLength(3);
  });

  it('asks a platform that is down only twice, until it answers again', async () => {
    const way = gateway();
    const down: Fault = { kind: 'transient', message: '503' };
    const asked = async (faults: number): Promise<number> => {
      const { request, calls } = failing(...Array.from({ length: faults }, () => down));
      await way.call('read', request).catch(() => undefined);
      return calls.length;
    };
    expect([await asked(9), await asked(9), await asked(9)]).toEqual([6, 2, 2]);
    // it answers the second time, and is worth waiting for again
    expect([await asked(1), await asked(4), await asked(9)]).toEqual([2, 5, 6]);
    // a refusal is an answer
    const { request } = failing({ kind: 'rejected', message: '400' });
    await thrown(way.call('read', request));
    expect(await asked(9)).toBe(6);
  });

  it('calls a wait beyond the longest one an exhausted quota, without waiting', async () => {
    const { request, calls } = failing({ kind: 'rate_limited', message: '429', retryAfterMs: 301_000 });
    const started = performance.now();
    expect(await thrown(gateway().call('read', request))).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryable: true });
    expect(calls).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('does not repeat an exhausted quota or a rejected request', async () => {
    for (const kind of ['quota_exhausted', 'rejected'] as const) {
      const { request, calls } = failing({ kind, message: 'no' });
      await thrown(gateway().call('read', request));
      expect(calls).toHaveLength(1);
    }
  });

  it('passes a RevopsError through as it is', async () => {
    const own = new RevopsError('STREAM_CONTRACT', 'mine', { retryable: true });
    let calls = 0;
    const error = await thrown(
      gateway({ classify: () => ({ kind: 'transient', message: 'x' }) }).call('read', async () => {
        calls += 1;
        throw own;
      }),
    );
    expect(error).toBe(own);
    expect(calls).toBe(1);
  });

  it('does not hide a defect in classify', async () => {
    const way = gateway({
      classify: () => {
        throw new RangeError('defect');
      },
    });
    expect(await thrown(way.call('read', async () => Promise.reject(new Error('x'))))).toBeInstanceOf(RangeError);
  });

  it('keeps known secrets out of the message', async () => {
    remember('sh0p-access-token');
    const { request } = failing({ kind: 'rejected', message: 'GET /x?token=sh0p-access-token failed' });
    expect(((await thrown(gateway().call('read', request))) as Error).message).toBe(
      'shop, read: GET /x?token=[secret] failed',
    );
  });

  it('starts no more requests in any period than allowed', async () => {
    const way = gateway({ requests: 5, perMilliseconds: 200, concurrency: 50 });
    const starts = await Promise.all(Array.from({ length: 18 }, () => way.call('read', async () => performance.now())));
    starts.sort((a, b) => a - b);
    for (let index = 5; index < starts.length; index += 1) {
      expect((starts[index] as number) - (starts[index - 5] as number)).toBeGreaterThanOrEqual(100);
    }
  });

  it('runs no more requests at once than allowed', async () => {
    const way = gateway({ concurrency: 3 });
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, () =>
        way.call('read', async () => {
          most = Math.max(most, (running += 1));
          await new Promise((resolve) => setTimeout(resolve, 10));
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
  });

  it('stops at once when the run is stopped: while waiting, in the queue and in the request', async () => {
    const reason = new Error('stopped by the user');
    const stop = new AbortController();
    const way = gateway({ signal: stop.signal, concurrency: 1 });
    const { request } = failing({ kind: 'rate_limited', message: '429', retryAfterMs: 60_000 });
    const waiting = thrown(way.call('waiting', request));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const queued = [1, 2, 3].map(() => thrown(way.call('queued', async () => 'never')));
    const started = performance.now();
    stop.abort(reason);
    expect(await Promise.all([waiting, ...queued])).toEqual([reason, reason, reason, reason]);
    expect(performance.now() - started).toBeLessThan(200);
    expect(await thrown(way.call('after', async () => 'never'))).toBe(reason);

    const second = new AbortController();
    const hanging = thrown(gateway({ signal: second.signal }).call('hanging', () => new Promise(() => undefined)));
    setTimeout(() => second.abort(reason), 20);
    expect(await hanging).toBe(reason);
  });

  it('leaves no timer behind that keeps the process alive', async () => {
    const program = `
      import { createGateway } from ${JSON.stringify(join(import.meta.dirname, '../../src/connector/gateway.ts'))};
      const stop = new AbortController();
      const way = createGateway({ source: 's', requests: 1, perMilliseconds: 60_000, concurrency: 1, signal: stop.signal,
        classify: () => ({ kind: 'rate_limited', message: 'm', retryAfterMs: 50_000 }) });
      await way.call('ok', async () => 1);
      const queued = way.call('queued', async () => 1).catch(() => 0);
      stop.abort(new Error('stop'));
      await queued;
      const other = new AbortController();
      const failing = createGateway({ source: 's', requests: 9, perMilliseconds: 60_000, concurrency: 1, signal: other.signal,
        classify: () => ({ kind: 'rate_limited', message: 'm', retryAfterMs: 50_000 }) });
      const held = failing.call('held', async () => Promise.reject(new Error('x'))).catch(() => 0);
      setTimeout(() => other.abort(new Error('stop')), 50);
      await held;
      console.log('done');`;
    const started = performance.now();
    const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
      stdio: 'pipe',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    clearTimeout(killer);
    expect({ output, code }).toEqual({ output: 'done\n', code: 0 });
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
