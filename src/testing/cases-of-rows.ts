/**
 * Cases of what is read: the same rows, whatever the size of pages, the order, and how often it was interrupted.
 */
import type { Connector } from '../connector/contract.ts';
import type { SyncOptions } from '../sync/contract.ts';
import { type Given, missing } from './connector-case.ts';
import { eachRecordList } from './record-lists.ts';
import { changesOf, failuresOf } from './sync-failures.ts';
import type { TestPlatform } from './test-platform.ts';

export async function readTwice({ course, expect, undisturbed }: Given): Promise<void> {
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(await undisturbed());
  for (const full of [false, true]) {
    const again = await course.sync({ full });
    expect(failuresOf(again)).toEqual([]);
    expect(changesOf(again)).toEqual([]);
  }
  expect(course.miscounted).toEqual([]);
}

/** Pages of one record, and of as many as a stream has, and one less: where it ends, and where one more begins. */
export async function pagesOfAnySize({ platform, course, expect, undisturbed }: Given): Promise<void> {
  const wanted = await undisturbed();
  const perStream = platform.select.map((name) => {
    const [, stream = ''] = name.split('.');
    return wanted.filter((row) => row.startsWith(`{"_stream":"${stream}"`)).length;
  });
  const most = Math.max(...perStream);
  for (const records of new Set([1, 2, 7, most - 1, most])) {
    if (records < 1) continue;
    platform.setPageSize?.(records);
    expect(failuresOf(await course.sync({ full: true }))).toEqual([]);
    expect(await course.rows()).toEqual(wanted);
  }
  expect(course.miscounted).toEqual([]);
}

/**
 * Memory is flat: with ten times the records a stream asks for no more answers before it hands on what they hold. One that
 * keeps a whole read would hold more with every answer; one that gathers ids for a request says how many (`gathers`).
 */
export async function tenTimes({ platform, another, expect }: Given): Promise<void> {
  const grow = platform.grow ?? missing('cannot give more records');
  platform.setPageSize?.(PAGE);
  async function read(times: number): Promise<{ held: Map<string, number>; rows: number }> {
    grow.call(platform, times);
    const course = await another();
    const held = new Map<string, number>();
    expect(failuresOf(await course.sync({ connector: watched(platform, held), concurrency: 1 }))).toEqual([]);
    return { held, rows: (await course.rows()).length };
  }
  const [before, after] = [await read(6), await read(60)];
  expect(after.rows > 5 * before.rows).toBe(true);
  const growing = [...after.held].filter(([stream, answers]) => {
    const gathered = platform.gathers?.[stream] ?? 0;
    return answers > (before.held.get(stream) ?? 0) + gathered / PAGE;
  });
  expect(growing).toEqual([]);
}

/** A platform that has nothing yet, and what is followed from there. */
export async function nothingYet(given: Given): Promise<void> {
  const { platform, course, expect } = given;
  (platform.beforeAnything ?? missing('is never without records')).call(platform);
  expect(failuresOf(await course.sync())).toEqual([]);
  const first = await course.rows();
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(first);
  await changed(given);
}

type Interruption = (step: number) => Pick<SyncOptions, 'onStep'> & { signal?: AbortSignal };

/** Runs that end at steps farther and farther on, then one that is let be. */
export async function interrupted({ course, expect, undisturbed }: Given, at: Interruption): Promise<void> {
  for (const step of [1, 2, 4, 7, 11, 16]) await course.sync(at(step));
  expect(failuresOf(await course.sync())).toEqual([]);
  expect(await course.rows()).toEqual(await undisturbed());
  expect(course.miscounted).toEqual([]);
}

export function stoppingAt(step: number): ReturnType<Interruption> {
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

export function dyingAt(step: number): ReturnType<Interruption> {
  let steps = 0;
  return {
    onStep: () => {
      steps += 1;
      if (steps >= step) throw new Error('died');
    },
  };
}

/** What is followed by changes must come to what is read anew, also where the run's clock is some hours off. */
export async function changed({ platform, course, expect, another }: Given, hoursOff = 0): Promise<void> {
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

/** Two records that become one: the one that is gone is gone here too, and the other stands. */
export async function merged({ platform, course, expect }: Given): Promise<void> {
  const { select, sql, before, happens, after } = platform.merge ?? missing('merges no records');
  const found = async (): Promise<string[]> =>
    (await course.query(sql)).map((row) => Object.values(row).map(String).join(' '));
  expect(failuresOf(await course.sync({ select }))).toEqual([]);
  expect(await found()).toEqual(before);
  happens.call(platform.merge);
  expect(failuresOf(await course.sync({ select }))).toEqual([]);
  expect(await found()).toEqual(after);
}

/** Answers with the same records, otherwise. */
export async function answered({ platform, course, expect, undisturbed }: Given, change: RecordsChange): Promise<void> {
  const wanted = await undisturbed();
  let lists = 0;
  const counted: RecordsChange = (records) => {
    const others = change(records);
    if (JSON.stringify(others) !== JSON.stringify(records)) lists += 1;
    return others;
  };
  platform.inject({ rewrite: (body) => eachRecordList(body, counted), after: 0, times: 10_000 });
  expect(failuresOf(await course.sync())).toEqual([]);
  platform.clearFaults();
  // Else no list was known as one and the case says nothing.
  expect(lists > 0).toBe(true);
  expect((await course.rows()).map(declared)).toEqual(wanted.map(declared));
}

/** The columns that the stream declares. */
function declared(row: string): unknown {
  const { _extra, _row_hash, ...rest } = JSON.parse(row) as Record<string, unknown>;
  return rest;
}

/** An answer that lacks a row, without a word: the sum or the number of rows that the platform tells gives it away. */
export async function rowMissing({ platform, course, expect, undisturbed }: Given): Promise<void> {
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

export async function trueToThePlatform({ platform, course, expect }: Given): Promise<void> {
  const { sql, rows } = platform.truth ?? missing('tells no truth');
  expect(failuresOf(await course.sync())).toEqual([]);
  expect((await course.query(sql)).map((row) => Object.values(row).map(String).join(' '))).toEqual(rows);
  expect(rows.length > 0).toBe(true);
}

// --- internal ---

type RecordsChange = Parameters<typeof eachRecordList>[1];

const PAGE = 10;

/** The connector, telling for each stream the most answers that it asks for between two pages that it hands on. */
function watched({ connector, requests }: TestPlatform, held: Map<string, number>): Connector {
  return {
    ...connector,
    streams: connector.streams.map((stream) => ({
      ...stream,
      async *read(context: never, slice: never) {
        let before = requests();
        for await (const page of stream.read(context, slice)) {
          held.set(stream.name, Math.max(held.get(stream.name) ?? 0, requests() - before));
          yield page;
          before = requests();
        }
      },
    })),
  };
}
