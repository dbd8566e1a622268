/**
 * A process that syncs the kill drill's source and ends itself with SIGKILL at a given step.
 * Arguments: warehouse config as JSON, spool folder, version of the source, step to die at, how many times to pass it.
 */
import { Secret } from '../../src/secret.ts';
import { sync } from '../../src/sync/sync.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import type { WarehouseConfig } from '../../src/warehouse/index.ts';
import { killStreams } from './kill-source.ts';
import { syncOptions } from './support-options.ts';

const [configText, spoolFolder, version, step, passes] = process.argv.slice(2);
const given = JSON.parse(configText!) as { type: 'duckdb'; path: string } | { type: 'postgres'; url: string };
const config: WarehouseConfig =
  given.type === 'duckdb' ? given : { type: 'postgres', url: new Secret(given.url, 'test') };
const warehouse = await openWarehouse(config);
let left = Number(passes);
await sync({
  ...syncOptions(warehouse, spoolFolder!, killStreams(Number(version))),
  checkpoint: { rows: 4, bytes: 1_000_000 },
  concurrency: 1,
  onStep(name) {
    if (name !== step) return;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    left -= 1;
  },
});
await warehouse.close();
