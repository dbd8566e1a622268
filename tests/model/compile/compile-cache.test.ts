import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { expect, it, onTestFinished } from 'vitest';

import { compileFolders } from '../../../src/model/compile/compile-cache.ts';
import type { CompiledProject } from '../../../src/model/relation.ts';
import { model, writeFiles, type Files } from '../project.ts';

const FILES: Files = {
  'models/core/ones.sql': model(['one integer'], 'select 1 as one'),
  'models/marts/sums.sql': model(['total bigint'], 'select cast(sum(twice(one)) as bigint) as total from ones'),
  'sql/duckdb/functions.sql': 'create or replace macro twice(a) as 2 * a;\n',
  'sql/postgres/functions.sql':
    'create or replace function twice(a integer) returns integer language sql as $$ select 2 * a $$;\n',
};

function opened(files: Files = FILES): { folder: string; cache: string; compile: () => Promise<CompiledProject> } {
  const folder = writeFiles(files);
  const cache = mkdtempSync(join(tmpdir(), 'revops-cache-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const folders = [{ origin: 'own', models: join(folder, 'models'), sql: join(folder, 'sql') }];
  return { folder, cache, compile: () => compileFolders(folders, 'duckdb', cache) };
}

/** Marks what is kept, so that it can be told from what is compiled anew. */
function mark(cache: string): void {
  const file = join(cache, 'compiled-duckdb');
  const kept = deserialize(readFileSync(file)) as { compiled: { marked?: boolean } };
  kept.compiled.marked = true;
  writeFileSync(file, serialize(kept));
}

it('What the same files compile to is kept, and is the same in every part', async () => {
  const { cache, compile } = opened();
  const first = await compile();
  expect(await compile()).toEqual(first);
  mark(cache);
  expect(await compile()).toMatchObject({ marked: true });
  expect(readdirSync(cache)).toEqual(['compiled-duckdb']);
  expect(statSync(join(cache, 'compiled-duckdb')).mode & 0o077).toBe(0);
});

it.each([
  ['a model', 'models/core/ones.sql', 'select 1', 'select 2'],
  ['a comment', 'models/core/ones.sql', 'Made for a test.', 'Made for two tests.'],
  ['a function', 'sql/duckdb/functions.sql', '2 * a', 'a * 2'],
  ['the function of the other engine', 'sql/postgres/functions.sql', '2 * a', 'a * 2'],
])('A project is compiled again after a change of %s', async (_, path, from, to) => {
  const { folder, cache, compile } = opened();
  await compile();
  mark(cache);
  const file = join(folder, path);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  expect(await compile()).not.toHaveProperty('marked');
});

it('A file more, and one less, are changes', async () => {
  const { folder, cache, compile } = opened();
  await compile();
  mark(cache);
  writeFileSync(join(folder, 'models/core/twos.sql'), model(['two integer'], 'select 2 as two'));
  expect((await compile()).byName.has('twos')).toBe(true);
  mark(cache);
  rmSync(join(folder, 'models/core/twos.sql'));
  expect((await compile()).byName.has('twos')).toBe(false);
});

it('A project with a problem is refused every time, and what was kept before stays of no use to it', async () => {
  const { folder, compile } = opened();
  await compile();
  writeFileSync(join(folder, 'models/core/ones.sql'), model(['one integer'], 'select 1 as two'));
  for (const _ of [1, 2]) await expect(compile()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

it('A damaged file and a folder that cannot be written cost nothing but time', async () => {
  const { cache, compile } = opened();
  await compile();
  writeFileSync(join(cache, 'compiled-duckdb'), 'no v8');
  expect((await compile()).relations).toHaveLength(2);
  const folder = writeFiles(FILES);
  const folders = [{ origin: 'own', models: join(folder, 'models'), sql: join(folder, 'sql') }];
  expect((await compileFolders(folders, 'duckdb', join(cache, 'compiled-duckdb/below-a-file'))).relations).toHaveLength(
    2,
  );
});
