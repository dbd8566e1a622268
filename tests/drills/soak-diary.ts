/**
 * What a soaked project has behind it, in a file beside it: a drill of hours can be stopped and goes on where it was.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Diary {
  /** What cannot change on the way: a drill goes on only with the same. */
  settings: string;
  /** Name of the project's database; undefined: DuckDB. */
  database?: string | undefined;
  /** Days that are done. */
  days: number;
  /** A day that began: one more than `days` where the drill died within it. */
  began: number;
  /** How long a run took that nothing disturbed. */
  milliseconds: number;
  /** What days brought: how many, and runs until they were done. */
  kinds: Record<string, { times: number; runs: number }>;
  /** Days whose last run did not succeed. */
  wrong: string[];
}

/** The diary in a folder, or a new one. Throws where it is of a drill with other settings. */
export function readDiary(folder: string, settings: string): Diary {
  const file = join(folder, FILE);
  if (!existsSync(file)) return { settings, days: 0, began: 0, milliseconds: 10_000, kinds: {}, wrong: [] };
  const diary = JSON.parse(readFileSync(file, 'utf8')) as Diary;
  if (diary.settings === settings) return diary;
  throw new Error(`${file} is of a drill with ${diary.settings}, not ${settings}: give another --folder`);
}

/** Writes it as a whole. */
export function writeDiary(folder: string, diary: Diary): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(diary, null, 1));
  renameSync(`${file}.new`, file);
}

// --- internal ---

const FILE = 'diary.json';
