/**
 * A process that syncs more than its limit on file sizes allows to spool, and prints what became of it.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { column, type Stream } from '../../src/connector/index.ts';
import { sync } from '../../src/sync/sync.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { NOW, syncOptions } from './support-options.ts';

const folder = process.argv[2]!;
const warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'warehouse.duckdb') });
await migrateState(warehouse, () => NOW);
const stream = (name: string, rows: number): Stream => ({
  name,
  description: 'Noise.',
  mode: 'upsert',
  schema: { id: column.text(), noise: column.text() },
  primaryKey: ['id'],
  async *read() {
    for (let id = 0; id < rows; id += 1) yield { records: [{ id, noise: randomBytes(30_000).toString('base64') }] };
  },
});
const spoolFolder = join(folder, 'spool');
const report = await sync(syncOptions(warehouse, spoolFolder, [stream('big', 2000), stream('small', 1)]));
const count = async (table: string): Promise<number> =>
  Number((await warehouse.query<{ n: number }>(`select count(*) as n from raw_made_up.${table}`))[0]?.n);
const result = {
  code: report.streams[0]?.error?.code,
  hint: report.streams[0]?.error?.hint,
  statuses: report.streams.map(({ status }) => status),
  big: await count('big'),
  small: await count('small'),
  left: (await readdir(spoolFolder, { recursive: true })).filter((name) => name.includes('.')),
};
await warehouse.close();
process.stdout.write(JSON.stringify(result));
