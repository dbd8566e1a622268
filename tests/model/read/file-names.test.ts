import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { model, projectOf } from '../project.ts';

const FINE = { 'models/core/fine.sql': model(['id text'], "select 'a' as id") };

/** What a file system takes as the name of a file, and nobody should get into SQL. */
const stem = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      'a"b',
      "a'b",
      'a\nb',
      'a;drop schema core',
      'größe',
      '..',
      'A',
      '1a',
      '-- a',
      '\u202ea',
      'a'.repeat(60),
    ),
  )
  .filter((name) => !/[/\\\0]/.test(name) && Buffer.byteLength(name) < 200 && !/^[a-z][a-z0-9_]{0,47}$/.test(name))
  // what begins with a dot is hidden, and no model
  .filter((name) => !name.startsWith('.') && !name.startsWith('_'));

it('A model whose file has any other name than a plain one is refused, and named', async () => {
  await fc.assert(
    fc.asyncProperty(stem, async (name) => {
      const file = `models/core/${name}.sql`;
      await expect(projectOf({ ...FINE, [file]: FINE['models/core/fine.sql'] })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('is no name: lower case letters'),
      });
    }),
    { seed: 20_260_301, numRuns: 60 },
  );
  expect((await projectOf(FINE)).models.map(({ name }) => name)).toEqual(['fine']);
});
