/**
 * `npm run drill:collect -- [--kills 30] [--engine duckdb|postgres] [--seed 1]`: kills a collector again and again while senders send and
 * syncs run, and compares what is in the warehouse with what senders know. Ends with 1 on any difference.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import { randomFor } from '../../fixtures/world/random.ts';
import { Secret } from '../../src/secret.ts';
import { sync } from '../../src/sync/index.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { collectorIn } from '../connectors/collector/connector.ts';
import { killCollectors } from './collect-drill.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    engine: { type: 'string', multiple: true, default: ['duckdb', 'postgres'] },
    seed: { type: 'string', default: '1' },
  },
});
const now = (): Date => new Date();
const folder = mkdtempSync(join(tmpdir(), 'revops-collect-drill-'));
let failures = 0;
try {
  for (const engine of values.engine) await (engine === 'postgres' ? onPostgres() : onDuckdb());
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failures === 0 ? 0 : 1;

// --- internal ---

async function onDuckdb(): Promise<void> {
  const warehouse = await openWarehouse({ type: 'duckdb', path: join(folder, 'warehouse.duckdb') });
  try {
    await drill('duckdb', warehouse);
  } finally {
    await warehouse.close();
  }
}

async function onPostgres(): Promise<void> {
  const server = await startEmbeddedPostgres(mkdtempSync(join(tmpdir(), 'revops-drill-postgres-')));
  try {
    const warehouse = await openWarehouse({ type: 'postgres', url: new Secret(server.url, 'drill') });
    try {
      await drill('postgres', warehouse);
    } finally {
      await warehouse.close();
    }
  } finally {
    await server.stop();
  }
}

async function drill(engine: string, warehouse: Warehouse): Promise<void> {
  await migrateState(warehouse, now);
  const project = join(folder, engine);
  let syncs = 0;
  const load = async (): Promise<void> => {
    syncs += 1;
    const report = await sync({
      warehouse,
      connectors: [collectorIn(project)],
      spoolFolder: join(project, '.revops/spool'),
      start: '2026-01-01',
      now,
      signal: new AbortController().signal,
      select: [],
      onEvent: () => undefined,
      runId: crypto.randomUUID(),
    });
    if (report.status !== 'ok')
      throw report.streams.find(({ error }) => error !== undefined)?.error ?? new Error('failed');
  };
  const random = randomFor('collect', values.seed, engine);
  const sent = await killCollectors(project, Number(values.kills), () => random.unit(), load);
  await load();
  const rows = await warehouse.query('select event_id from raw_collector.events');
  const ids = new Set(rows.map(({ event_id: id }) => String(id)));
  const lost = [...sent.acknowledged].filter((id) => !ids.has(id)).length;
  const twice = rows.length - ids.size;
  const invented = [...ids].filter((id) => !sent.all.has(id)).length;
  failures += lost + twice + invented;
  console.log(
    `${engine}: ${values.kills} kills, ${syncs} syncs, ${sent.acknowledged.size} of ${sent.all.size} events acknowledged; ${rows.length} rows, ${lost} lost, ${twice} twice, ${invented} invented`,
  );
}
