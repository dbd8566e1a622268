/**
 * `npm run test:contract`: every connector through every case of the contract suite on both engines, and the matrix.
 * `-- --only "pipedrive on duckdb"`: groups whose title matches.
 */
import { parseArgs } from 'node:util';

import { startVitest } from 'vitest/node';

import { Matrix } from './matrix.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });

process.env['REVOPS_TEST_ALL'] = '1';
const vitest = await startVitest('test', ['tests/contract/'], {
  run: true,
  watch: false,
  reporters: ['dot', new Matrix()],
  ...(values.only === undefined ? {} : { testNamePattern: values.only }),
});
await vitest.close();
