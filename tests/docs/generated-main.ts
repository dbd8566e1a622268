/**
 * `npm run docs:cli`: writes what is made of the code.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { GENERATED } from './generated-files.ts';

const ROOT = join(import.meta.dirname, '../..');

for (const { path, text } of GENERATED) {
  writeFileSync(join(ROOT, path), text());
  console.log(`written ${path}`);
}
