/**
 * A warehouse for tests of what others write.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openWarehouse } from '../warehouse/index.ts';
import type { OpenWarehouse } from './test-platform.ts';

/** An empty DuckDB file in a temporary folder, which goes with it. */
export const emptyDuckdb: OpenWarehouse = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'revops-test-'));
  const warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'warehouse.duckdb') });
  return {
    warehouse,
    async dispose() {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
