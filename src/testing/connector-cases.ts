/**
 * What every connector must do, as cases with names that say so.
 */
import type { SyncOptions, SyncReport } from '../sync/contract.ts';
import type { Course } from './connector-course.ts';
import type { TestFault, TestPlatform } from './test-platform.ts';
import type { TestRunner } from './test-runner.ts';
import { eachRecordList } from './record-lists.ts';

export interface Given {
  platform: TestPlatform;
  course: Course;
  expect: TestRunner['expect'];
  /** What an undisturbed first sync leaves. */
  undisturbed(): Promise<string[]>;
  /** Another course on the same platform, as it is now. */
  another(): Promise<Course>;
}

export interface ConnectorCase {
  name: string;
  run(given: Given): Promise<void>;
}

/** The names are those of the matrix; `without` of a connector names them. */
export const CONNECTOR_CASES: readonly ConnectorCase[] = [
  { name: 'read twice, nothing changes', run: readTwice },
  { name: 'pages of any size', run: pagesOfAnySize },
  { name: 'stopped anywhere', run: (given) => interrupted(given, stoppingAt) },
  { name: 'dead anywhere', run: (given) => interrupted(given, dyingAt) },
  { name: 'changed, restated, gone', run: (given) => changed(given) },
  { name: 'clock ahead', run: (given) => changed(given, 4) },
  { name: 'clock behind', run: (given) => changed(given, -4) },
  {
    name: 'every record twice',
    run: (given) => answered(given, (records) => (records.length > 1 ? records.flatMap((one) => [one, one]) : records)),
  },
  { name: 'records in another order', run: (given) => answered(given, (records) => records.toReversed()) },
  {
    name: 'fields nobody knows',
    run: (given) => answered(given, (records) => records.map((one) => ({ ...one, revops_unknown: { a: [1] } }))),
  },
  { name: 'a row is missing', run: rowMissing },
  { name: 'amounts, days and long ids', run: trueToThePlatform },
  { name: '502 in HTML', run: (given) => waitedOut(given, { ...HTML, status: 502 }) },
  { name: '200 in HTML', run: (given) => waitedOut(given, { ...HTML, status: 200 }) },
  { name: 'connection reset', run: (given) => waitedOut(given, { reset: true }) },
  { name: 'answer cut off', run: (given) => waitedOut(given, { resetAfterBytes: 40 }) },
  { name: 'told to wait', run: (given) => waitedOut(given, said(given, 'wait')) },
  { name: 'told to slow down', run: (given) => waitedOut(given, said(given, 'slower')) },
  { name: 'token ends in mid-run', run: (given) => waitedOut(given, said(given, 'expired')) },
  { name: 'quota used up', run: quotaUsedUp },
  { name: 'credentials refused', run: credentialsRefused },
  { name: 'secrets nowhere', run: secretsNowhere },
  { name: 'the platform is strict', run: strict },
];

// --- internal ---

type RecordsChange = Parameters<typeof eachRecordList>[1];

const HTML = {
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>Server Error</title></head><body><h1>Server Error</h1></body></html>',
};

async function readTwice({ course, expect, undisturbed }: Given): Promise<void> {
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(await undisturbed());
  for (const full of [false, true]) {
    const again = await course.sync({ full });
    expect(failuresOf(again)).toEqual([]);
    expect(changesOf(again)).toEqual([]);
  }
  expect(course.miscounted).toEqual([]);
}

async function pagesOfAnySize({ platform, course, expect, undisturbed }: Given): Promise<void> {
  for (const records of [1, 2, 7]) {
    platform.setPageSize?.(records);
    expect(failuresOf(await course.sync({ full: true }))).toEqual([]);
    expect(await course.rows()).toEqual(await undisturbed());
  }
  expect(course.miscounted).toEqual([]);
}

type Interruption = (step: number) => Pick<SyncOptions, 'onStep'> & { signal?: AbortSignal };

/** Runs that end at steps farther and farther on, then one that is let be. */
async function interrupted({ course, expect, undisturbed }: Given, at: Interruption): Promise<void> {
  for (const step of [1, 2, 4, 7, 11, 16]) await course.sync(at(step));
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(await undisturbed());
  expect(course.miscounted).toEqual([]);
}

function stoppingAt(step: number): ReturnType<Interruption> {
  const stop = new AbortController();
  let steps = 0;
  return {
    signal: stop.signal,
    onStep: () => {
      steps += 1;
      if (steps === step) stop.abort(new Error('stopped'));
    },
  };
}

function dyingAt(step: number): ReturnType<Interruption> {
  let steps = 0;
  return {
    onStep: () => {
      steps += 1;
      if (steps >= step) throw new Error('died');
    },
  };
}

/** What is followed by changes must come to what is read anew, also where the run's clock is some hours off. */
async function changed({ platform, course, expect, another }: Given, hoursOff = 0): Promise<void> {
  const now = (): Date => new Date(platform.now().getTime() + hoursOff * 3_600_000);
  expect(failuresOf(await course.sync({ now }))).toEqual([]);
  const before = await course.liveRows();
  platform.later();
  expect(failuresOf(await course.sync({ now }))).toEqual([]);
  const anew = await another();
  expect(failuresOf(await anew.sync())).toEqual([]);
  const [found, wanted] = [await course.liveRows(), await anew.liveRows()];
  expect(wanted.filter((row) => !found.includes(row))).toEqual([]);
  // History is kept of what is gone: only of what is now must there be no more.
  const past = platform.connector.streams.filter(({ mode }) => mode === 'append' || mode === 'set');
  const isPast = (row: string): boolean => past.some(({ name }) => row.startsWith(`{"_stream":"${name}"`));
  expect(found.filter((row) => !isPast(row) && !wanted.includes(row))).toEqual([]);
  // Else the platform did not change and the case says nothing.
  expect(JSON.stringify(before) === JSON.stringify(wanted)).toBe(false);
}

/** Answers with the same records, otherwise. */
async function answered({ platform, course, expect, undisturbed }: Given, change: RecordsChange): Promise<void> {
  const wanted = await undisturbed();
  platform.inject({ rewrite: (body) => eachRecordList(body, change), after: 0, times: 10_000 });
  expect(failuresOf(await course.sync())).toEqual([]);
  platform.clearFaults();
  expect((await course.rows()).map(declared)).toEqual(wanted.map(declared));
}

/** The columns that the stream declares. */
function declared(row: string): unknown {
  const { _extra, _row_hash, ...rest } = JSON.parse(row) as Record<string, unknown>;
  return rest;
}

/** An answer that lacks a row, without a word: the sum or the number of rows that the platform tells gives it away. */
async function rowMissing({ platform, course, expect, undisturbed }: Given): Promise<void> {
  const wanted = await undisturbed();
  const rewrite = (body: string): string =>
    eachRecordList(body, (records) => (records.length > 1 ? records.slice(1) : records));
  platform.inject({ rewrite, after: 0, times: 10_000 });
  const failed = failuresOf(await course.sync());
  expect(failed.length > 0).toBe(true);
  expect(failed.filter(({ code }) => code !== 'CONTROL_TOTAL' && code !== 'SOURCE_UNAVAILABLE')).toEqual([]);
  platform.clearFaults();
  // It was not taken for loaded.
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.liveRows()).toEqual(wanted);
}

async function trueToThePlatform({ platform, course, expect }: Given): Promise<void> {
  const { sql, rows } = platform.truth ?? missing('tells no truth');
  expect(failuresOf(await course.sync())).toEqual([]);
  expect((await course.query(sql)).map((row) => Object.values(row).map(String).join(' '))).toEqual(rows);
  expect(rows.length > 0).toBe(true);
}

async function strict({ platform, course, expect }: Given): Promise<void> {
  const refuses = Object.entries(platform.refuses ?? missing('names nothing that it refuses'));
  await course.sync();
  const answers: string[] = [];
  for (const [what, ask] of refuses) {
    const status = await ask();
    answers.push(`${what}: ${status >= 400 && status < 500 ? 'refused' : status}`);
  }
  expect(answers).toEqual(refuses.map(([what]) => `${what}: refused`));
}

function missing(what: string): never {
  throw new Error(`the platform ${what}: name the case in \`without\``);
}

async function waitedOut(
  { platform, course, expect, undisturbed }: Given,
  fault: Omit<TestFault, 'after' | 'times'>,
): Promise<void> {
  const wanted = await undisturbed();
  platform.inject({ ...fault, after: 1, times: 1 });
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(wanted);
  expect(course.miscounted).toEqual([]);
}

function said({ platform }: Given, what: keyof TestPlatform['says']): Omit<TestFault, 'after' | 'times'> {
  const fault = platform.says[what];
  return fault ?? missing(`does not say "${what}"`);
}

/** Every request from the second on is refused, until another day. */
async function quotaUsedUp(given: Given): Promise<void> {
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

async function credentialsRefused({ platform, course, expect }: Given): Promise<void> {
  const failures = failuresOf(await course.sync({ connector: platform.refused }));
  expect(failures.map(({ code, hasHint }) => ({ code, hasHint }))).toEqual(
    platform.select.map(() => ({ code: 'AUTH_FAILED', hasHint: true })),
  );
  expect(secretsIn(platform, await course.everything())).toEqual([]);
}

/** A platform that quotes in its refusals what it was sent. */
async function secretsNowhere({ platform, course, expect }: Given): Promise<void> {
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

/** What most platforms' refusals look like, with the text in every place. */
function flatRefusal(text: string): string {
  const fields = ['error', 'message', 'error_description', 'code', 'errorCode', 'category', 'type'];
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, text])));
}

function failuresOf(report: SyncReport) {
  return report.streams
    .filter(({ status }) => status !== 'ok')
    .map(({ stream, status, error }) => ({
      stream,
      status,
      code: error?.code,
      message: error?.message,
      retryable: error?.retryable,
      hasHint: error?.hint !== undefined,
    }));
}

function changesOf(report: SyncReport) {
  return report.streams
    .filter(({ rows: { loaded, deleted, vanished } }) => loaded + deleted + vanished > 0)
    .map(({ stream, rows }) => ({ stream, rows }));
}

/** Only where they are: the secrets themselves have no place in a report. */
function secretsIn({ secrets }: TestPlatform, text: string): string[] {
  return secrets.flatMap((secret, index) => {
    const at = text.indexOf(secret);
    return at === -1 ? [] : [`secret ${index} after: ${text.slice(Math.max(0, at - 60), at)}`];
  });
}
