/**
 * How long does a build take that has nothing to do, next to opening the warehouse and asking one question?
 * `--models 100`, `--engine duckdb,postgres`, `--times 5` (the median).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { startEmbeddedPostgres } from '../fixtures/postgres.ts';
import { build, compileFolders } from '../src/model/index.ts';
import { Secret } from '../src/secret.ts';
import type { WarehouseConfig } from '../src/warehouse/config.ts';
import type { Session, Warehouse } from '../src/warehouse/contract.ts';
import { openWarehouse } from '../src/warehouse/index.ts';
import { migrateState } from '../src/warehouse/state/index.ts';
import { GENERATED_INPUTS, GENERATED_READS, generatedModels } from './generated-models.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '100' },
    engine: { type: 'string', default: 'duckdb,postgres' },
    times: { type: 'string', default: '5' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'revops-bench-'));
const postgres = values.engine.includes('postgres')
  ? await startEmbeddedPostgres(mkdtempSync(join(tmpdir(), 'revops-bench-postgres-')))
  : undefined;
try {
  for (const [path, text] of generatedModels(Number(values.models))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  if (values.engine.includes('duckdb')) {
    await bench({ type: 'duckdb', path: join(folder, 'warehouse.duckdb') });
  }
  if (postgres !== undefined) await bench({ type: 'postgres', url: new Secret(postgres.url, 'bench') });
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

// --- internal ---

async function bench(config: WarehouseConfig): Promise<void> {
  const first = await openWarehouse(config);
  await makeRawTables(first);
  const whole = await seconds(() => buildOnce(first));
  await first.close();
  const builds: number[] = [];
  const floors: number[] = [];
  let statements = 0;
  for (let time = 0; time < Number(values.times); time += 1) {
    floors.push(await seconds(async () => ask(config)));
    builds.push(
      await seconds(async () => {
        const warehouse = await openWarehouse(config);
        const counted = counting(warehouse);
        const { status } = await buildOnce(counted.warehouse);
        if (status !== 'unchanged') throw new Error(`the build was not empty: ${status}`);
        statements = counted.statements();
        await warehouse.close();
      }),
    );
  }
  const [empty, floor] = [median(builds), median(floors)];
  console.log(
    `${config.type}, ${values.models} models: built whole in ${whole.toFixed(2)} s; nothing new: ${empty.toFixed(2)} s with ${statements} statements, ${(empty / floor).toFixed(1)} times opening it and asking once (${floor.toFixed(2)} s)`,
  );
}

async function buildOnce(warehouse: Warehouse): ReturnType<typeof build> {
  const compiled = await compileFolders(
    [{ origin: 'bench', models: join(folder, 'models'), sql: join(folder, 'sql') }],
    warehouse.engine,
    join(folder, '.revops'),
  );
  const { project } = compiled;
  return build({ warehouse, project, compiled, inputs: GENERATED_INPUTS, now: () => new Date(), runId: 'bench' });
}

async function ask(config: WarehouseConfig): Promise<void> {
  const warehouse = await openWarehouse(config);
  await warehouse.query('select 1 as one');
  await warehouse.close();
}

/** As syncs leave them, without rows. */
async function makeRawTables(warehouse: Warehouse): Promise<void> {
  await migrateState(warehouse, () => new Date());
  for (let block = 0; block * 10 < Number(values.models); block += 1) {
    const schema = `raw_shop_${block}`;
    await warehouse.execute(`create schema ${schema}`);
    const columns = Object.entries({ ...GENERATED_READS, _load_id: 'text', _deleted: 'boolean' } as const)
      .map(([name, type]) => `${name} ${warehouse.typeName(type)}`)
      .join(', ');
    for (const table of ['orders', 'refunds', 'imports']) {
      await warehouse.execute(`create table ${schema}.${table} (${columns})`);
      await warehouse.execute(`create table ${schema}.${table}__history (${columns}, _replaced_by text)`);
    }
  }
}

function counting(warehouse: Warehouse): { warehouse: Warehouse; statements: () => number } {
  let count = 0;
  const counted = <S extends Session>(session: S): S => ({
    ...session,
    query: (...call) => {
      count += 1;
      return session.query(...call);
    },
    execute: (...call) => {
      count += 1;
      return session.execute(...call);
    },
    describe: (relation) => {
      count += 1;
      return session.describe(relation);
    },
    relations: (...schemas) => {
      count += 1;
      return session.relations(...schemas);
    },
  });
  const outer = counted(warehouse);
  return {
    warehouse: { ...outer, transaction: (work) => warehouse.transaction((session) => work(counted(session))) },
    statements: () => count,
  };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
