/**
 * docs/own-connector.md, literally: its files, imported from outside of the package, pass the contract suite.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/own-connector.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'revops-own-connector-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(ROOT, join(folder, 'node_modules/revops'));
for (const name of ['zod', 'vitest']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
for (const [, name = '', text = ''] of page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm))
  writeFileSync(join(folder, name), text);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Registers the cases.
await import(/* @vite-ignore */ pathToFileURL(join(folder, 'contract.test.ts')).href);
