/**
 * Cases of platforms that fail, refuse, or ask to wait.
 */
import { type Given, missing } from './connector-case.ts';
import { failuresOf } from './sync-failures.ts';
import type { TestFault, TestPlatform } from './test-platform.ts';

export const HTML = {
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>Server Error</title></head><body><h1>Server Error</h1></body></html>',
};

export async function waitedOut(
  { platform, course, expect, undisturbed }: Given,
  fault: Omit<TestFault, 'after' | 'times'>,
): Promise<void> {
  const wanted = await undisturbed();
  platform.inject({ ...fault, after: 1, times: 1 });
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(wanted);
  expect(course.miscounted).toEqual([]);
}

/** A request that nobody answers: it is given up in time, and asked again. */
export async function unanswered({ platform, course, expect, undisturbed }: Given): Promise<void> {
  const wanted = await undisturbed();
  platform.inject({ delayMs: 4_000, after: 1, times: 1 });
  const began = performance.now();
  expect(failuresOf(await course.sync({ answerWithinMs: 1_000 }))).toEqual([]);
  expect(performance.now() - began > 900).toBe(true);
  expect(await course.rows()).toEqual(wanted);
  expect(course.miscounted).toEqual([]);
}

export function said({ platform }: Given, what: keyof TestPlatform['says']): Omit<TestFault, 'after' | 'times'> {
  const fault = platform.says[what];
  return fault ?? missing(`does not say "${what}"`);
}

/** Every request from the second on is refused, until another day. */
export async function quotaUsedUp(given: Given): Promise<void> {
  const { platform, course, expect, undisturbed } = given;
  const wanted = await undisturbed();
  const before = platform.requests();
  platform.inject({ ...said(given, 'quota'), after: 1, times: 1_000 });
  const stopped = await course.sync();
  expect([...new Set(failuresOf(stopped).map(({ code, retryable }) => `${code} ${retryable}`))]).toEqual([
    'QUOTA_EXHAUSTED true',
  ]);
  // One refusal is enough: a stream that goes on asking is blocked by some platforms.
  expect(platform.requests() - before <= 2 + platform.select.length).toBe(true);
  platform.clearFaults();
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(wanted);
}

export async function credentialsRefused({ platform, course, expect }: Given): Promise<void> {
  const failures = failuresOf(await course.sync({ connector: platform.refused }));
  expect(failures.map(({ code, hasHint }) => ({ code, hasHint }))).toEqual(
    platform.select.map(() => ({ code: 'AUTH_FAILED', hasHint: true })),
  );
  expect(secretsIn(platform, await course.everything())).toEqual([]);
}

/** A platform that quotes in its refusals what it was sent. */
export async function secretsNowhere({ platform, course, expect }: Given): Promise<void> {
  const quoted = platform.secrets.join(' ');
  const body = platform.refusal?.(quoted) ?? flatRefusal(quoted);
  for (const [index, status] of [400, 401, 403, 500].entries()) {
    platform.inject({
      status,
      headers: { 'content-type': 'application/json' },
      body,
      after: index % 3,
      times: status === 500 ? 1 : 50,
    });
    await course.sync();
    platform.clearFaults();
  }
  await course.sync();
  expect(secretsIn(platform, await course.everything())).toEqual([]);
}

export async function strict({ platform, course, expect }: Given): Promise<void> {
  const refuses = Object.entries(platform.refuses ?? missing('names nothing that it refuses'));
  // The second one follows changes, which some platforms are asked for by other requests.
  for (let run = 0; run < 2; run += 1) expect(failuresOf(await course.sync())).toEqual([]);
  const answers: string[] = [];
  for (const [what, ask] of refuses) {
    const status = await ask();
    answers.push(`${what}: ${status >= 400 && status < 500 ? 'refused' : status}`);
  }
  expect(answers).toEqual(refuses.map(([what]) => `${what}: refused`));
}

// --- internal ---

/** What most platforms' refusals look like, with the text in every place. */
function flatRefusal(text: string): string {
  const fields = ['error', 'message', 'error_description', 'code', 'errorCode', 'category', 'type'];
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, text])));
}

/** Only where they are: the secrets themselves have no place in a report. */
function secretsIn({ secrets }: TestPlatform, text: string): string[] {
  return secrets.flatMap((secret, index) => {
    const at = text.indexOf(secret);
    return at === -1 ? [] : [`secret ${index} after: ${text.slice(Math.max(0, at - 60), at)}`];
  });
}
