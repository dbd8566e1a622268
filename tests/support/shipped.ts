/**
 * The packaged models, compiled once per run of the tests: reading and compiling them takes seconds.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileFolders, type CompiledProject } from '../../src/model/index.ts';
import { packageRoot } from '../../src/project/package-root.ts';
import type { EngineName } from '../../src/warehouse/types.ts';

const known = new Map<EngineName, Promise<CompiledProject>>();

/** The whole packaged library; whoever changes it makes a copy. */
export function shippedLibrary(engine: EngineName = 'duckdb'): Promise<CompiledProject> {
  const root = packageRoot();
  const folder = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
  const cache = process.env['REVOPS_COMPILE_CACHE'] ?? join(tmpdir(), 'revops-test-compiled');
  const compiled = known.get(engine) ?? compileFolders([folder], engine, cache, true);
  known.set(engine, compiled);
  return compiled;
}
