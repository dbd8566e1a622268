/**
 * Vitest's global set-up: what projects compile to is shared by all tests of a run, as hundreds of them have the same models.
 * `REVOPS_COMPILE_CACHE` keeps it from one run to the next.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function setup(): (() => void) | undefined {
  if ((process.env['REVOPS_COMPILE_CACHE'] ?? '') !== '') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'revops-test-compiled-'));
  process.env['REVOPS_COMPILE_CACHE'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
