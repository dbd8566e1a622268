import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { GENERATED } from './generated-files.ts';

const ROOT = join(import.meta.dirname, '../..');

it.each(GENERATED.map(({ path, text }) => [path, text] as const))(
  '%s is what `npm run docs:cli` makes of the code',
  (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text());
  },
);
