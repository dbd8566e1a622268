import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';

import { filesAt, leadsOut, placeOf, placeOptions } from '../../src/connector/index.ts';
import { fileTables } from '../../src/connector/tables/file-tables.ts';

const part = fc.constantFrom('..', '.', 'data', '*', '**', 'a b', '...', '..a', 'größe', "o'neil", '');
let outside: string;
let folder: string;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'revops-outside-'));
  folder = join(outside, 'project');
  mkdirSync(folder);
  writeFileSync(join(outside, 'secret.jsonl'), '{"id":"1"}\n');
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

it('No relative path that leads out of the project is taken for one within, however it is written', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.constantFrom('/', '\\'), (parts, separator) => {
      const written = parts.join(separator);
      const place = relative('/project', resolve('/project', written.replaceAll('\\', '/')));
      const isOutside = !isAbsolute(written.replaceAll('\\', '/')) && (place === '..' || place.startsWith('../'));
      if (isOutside) expect(leadsOut(written), written).toBe(true);
    }),
    { seed: 20_260_301, numRuns: 500 },
  );
  expect(['data/spend.csv', 'data/..a/*.csv', '/data/../x.csv'].map(leadsOut)).toEqual([false, false, false]);
});

it('Files as tables are refused where their path leads out of the project, and read there by an absolute one', async () => {
  const options = z.strictObject(placeOptions(['tracks']));
  const read = (pattern: string): Promise<string[] | null> => fileTables(folder, { tracks: pattern }).columns('tracks');
  expect(options.safeParse({ files: { tracks: '../secret.jsonl' } }).error?.message).toContain(
    'leads out of the project',
  );
  expect(options.safeParse({ files: { tracks: 'data/secret.jsonl' } }).success).toBe(true);
  symlinkSync(outside, join(folder, 'data'));
  for (const pattern of ['data/secret.jsonl', 'data/*.jsonl'])
    await expect(read(pattern), pattern).rejects.toMatchObject({
      code: 'REQUEST_REJECTED',
      message: 'data/secret.jsonl is a symbolic link that leads out of the project',
    });
  expect(await read(join(outside, 'secret.jsonl'))).toEqual(['id']);
  expect(await read('nothing.jsonl')).toBeNull();
});

it('Files whose names would be SQL or globs elsewhere are found by their names alone', async () => {
  const names = ["o'neil; drop table x.csv", 'two\nlines.csv', '"quoted".csv', 'größe 😀.csv', '$(rm).csv'];
  for (const name of names) writeFileSync(join(folder, name), 'x');
  expect((await filesAt(folder, '*.csv')).toSorted()).toEqual(names.toSorted());
  for (const name of names) expect(await placeOf(folder, name, name)).toBe(join(folder, name));
  const rows = names.map((name) => name.replace('.csv', '.jsonl'));
  for (const name of rows) writeFileSync(join(folder, name), `{"id":"1","n":"2"}\n`);
  for (const name of rows) expect(await fileTables(folder, { t: name }).columns('t'), name).toEqual(['id', 'n']);
  writeFileSync(join(folder, 'a[b].jsonl'), '{"id":"1"}\n');
  await expect(fileTables(folder, { t: 'a*.jsonl' }).columns('t')).rejects.toThrow('has a character of globs');
});
