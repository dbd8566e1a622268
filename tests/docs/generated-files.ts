/**
 * Files of the repository that are made of the code: written by `npm run docs:cli`, compared by a test.
 */
import { cliPage } from '../../src/cli/reference/cli-page.ts';
import { manPage } from '../../src/cli/reference/man-page.ts';
import { schemaText, SCHEMAS } from './schemas.ts';

/** `text` gives what the file at `path` (from the root) must be. */
export const GENERATED: readonly { path: string; text(): string }[] = [
  { path: 'docs/cli.md', text: cliPage },
  { path: 'docs/revops.1', text: manPage },
  ...SCHEMAS.map((schema) => ({ path: `schemas/${schema.name}.schema.json`, text: () => schemaText(schema) })),
];
