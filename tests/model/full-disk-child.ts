/**
 * A process whose second build needs more room for its warehouse than a limit on file sizes gives it; prints what became
 * of it.
 */
import { join } from 'node:path';

import { isRevopsError } from '../../src/errors.ts';
import { build } from '../../src/model/build/build.ts';
import { readModelProject } from '../../src/model/read/read.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';

const [folder = '', ...models] = process.argv.slice(2);
const warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'warehouse.duckdb'), memoryLimit: '64MB' });
await migrateState(warehouse, () => new Date());
for (const files of models) {
  const project = await readModelProject([{ origin: 'own', models: join(folder, files), sql: join(folder, 'sql') }]);
  try {
    const { status } = await build({ warehouse, project, inputs: {}, now: () => new Date(), runId: 'child' });
    console.log(status);
  } catch (error) {
    console.log(isRevopsError(error) ? `${error.code}: ${error.message.split('\n')[0] ?? ''}` : String(error));
  }
}
const shown = await warehouse.query<{ rows: number }>('select count(*) as rows from core.big');
console.log(`${shown[0]?.rows ?? 0} rows`);
await warehouse.close();
