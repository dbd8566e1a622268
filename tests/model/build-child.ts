/**
 * A build in a process of its own that is killed at a step: `build-child.ts <warehouse> <folder> <inputs> <step number>`.
 */
import { build } from '../../src/model/build/build.ts';
import { readModelProject } from '../../src/model/read/read.ts';
import { join } from 'node:path';

import { Secret } from '../../src/secret.ts';
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';

const [, , where = '', folder = '', inputs = '', last = ''] = process.argv;
const plain = JSON.parse(where) as { type: 'duckdb'; path: string } | { type: 'postgres'; url: string };
const config: WarehouseConfig =
  plain.type === 'postgres' ? { ...plain, url: new Secret(plain.url, 'test server') } : plain;
const warehouse = await openWarehouse(config);
const project = await readModelProject([
  { origin: 'revops', models: join(folder, 'models'), sql: join(folder, 'sql') },
]);
let step = 0;
await build({
  warehouse,
  project,
  inputs: JSON.parse(inputs) as Record<string, []>,
  now: () => new Date('2026-03-01T12:00:00Z'),
  runId: 'killed',
  onStep(name) {
    step += 1;
    if (step === Number(last)) {
      process.stdout.write(name);
      process.kill(process.pid, 'SIGKILL');
    }
  },
});
await warehouse.close();
