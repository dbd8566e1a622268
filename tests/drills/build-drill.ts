/**
 * The build drill: a build that extends a ledger, brings connected components and keyed models up to date, and the rollback
 * of it are killed right before a statement. Readers must see the state of before, that of the build, or that of before
 * with what the ledger keeps; and the next build must leave what an undisturbed one leaves.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { build, readModelProject, type BuildOptions } from '../../src/model/index.ts';
import { verifyLedger } from '../../src/model/ledger/ledger-digest.ts';
import { Secret } from '../../src/secret.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import type { EngineName, Row } from '../../src/warehouse/types.ts';
import { everything } from '../model/building.ts';
import { firstLinks, LINKED_LEDGER, secondLinks } from '../model/linked-ledger.ts';
import { createDatabase, dropDatabase } from '../support/databases.ts';
import { orphanTables } from '../support/contents.ts';
import type { Kill } from './drill.ts';

export interface BuildDrill {
  /** The statements of an undisturbed build and rollback, in order, with `begin`, `commit`, `built` and `rolled back`. */
  statements: string[];
  /** The number of the commit that shows the build. */
  published: number;
  /** Kills right before the statement of that number; gives what is wrong then. */
  kill(statement: number): Promise<Kill>;
  dispose(): Promise<void>;
}

/** Prepares a warehouse with one build and rows for the next. `server`: URL of a Postgres server, for that engine. */
export async function prepareBuildDrill(engine: EngineName, server: string): Promise<BuildDrill> {
  const folder = mkdtempSync(join(tmpdir(), 'revops-drill-build-'));
  for (const [path, text] of Object.entries(LINKED_LEDGER)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const project = await readModelProject([
    { origin: 'revops', models: join(folder, 'models'), sql: join(folder, 'sql') },
  ]);
  const places = new Set<Place>();
  async function newPlace(copyOf?: Place): Promise<Place> {
    const place =
      engine === 'duckdb'
        ? { type: engine, path: join(mkdtempSync(join(folder, 'warehouse-')), 'warehouse.duckdb') }
        : { type: engine, url: await createDatabase(server, copyOf?.type === 'postgres' ? copyOf.url : undefined) };
    if (place.type === 'duckdb' && copyOf?.type === 'duckdb') copyFileSync(copyOf.path, place.path);
    places.add(place);
    return place;
  }
  async function drop(place: Place): Promise<void> {
    places.delete(place);
    if (place.type === 'duckdb') rmSync(dirname(place.path), { recursive: true });
    else await dropDatabase(server, place.url);
  }
  const buildOnce = (warehouse: Warehouse): Promise<unknown> => build(optionsOf(warehouse, project));

  const base = await newPlace();
  const before = await within(base, async (warehouse) => {
    await firstLinks(warehouse);
    await buildOnce(warehouse);
    await secondLinks(warehouse);
    return shown(warehouse);
  });
  const calm = await newPlace(base);
  const after = await within(calm, async (warehouse) => {
    await buildOnce(warehouse);
    return shown(warehouse);
  });
  await drop(calm);
  const whole = await newPlace(base);
  const { stdout } = await runChild(whole, folder, '');
  const back = await within(whole, shown);
  await drop(whole);
  const states = new Map<unknown, unknown>([
    ['published', after],
    ['rolled_back', back],
  ]);

  async function kill(statement: number): Promise<Kill> {
    const place = await newPlace(base);
    const { wasKilled } = await runChild(place, folder, String(statement));
    const wrong = await within(place, async (warehouse) => {
      const [record] = await warehouse.query("select status from revops.builds where build_id = 'b2'");
      const status = record?.['status'] ?? 'none';
      const found = differing(
        await shown(warehouse),
        states.get(status) ?? before,
        `readers after the kill (${status})`,
      );
      await buildOnce(warehouse);
      return [
        ...found,
        ...differing(await shown(warehouse), after, 'the next build'),
        ...(await verifyLedger(warehouse, 'kept')).map((breach) => `the ledger: ${JSON.stringify(breach)}`),
        ...(await orphanTables(warehouse)).map((table) => `revops_store.${table} belongs to nothing published`),
      ];
    });
    await drop(place);
    return { wasKilled, wrong };
  }
  const statements = JSON.parse(stdout) as string[];
  return {
    statements,
    published: commitOf(statements, 'insert into "revops"."published"'),
    kill,
    async dispose() {
      for (const place of [...places]) await drop(place);
      rmSync(folder, { recursive: true });
    },
  };
}

// --- internal ---

type Place = { type: 'duckdb'; path: string } | { type: 'postgres'; url: string };

const CHILD = new URL('build-child.ts', import.meta.url).pathname;

/** The number of the commit of the transaction that has a statement with that beginning. */
function commitOf(statements: readonly string[], beginning: string): number {
  return statements.indexOf(
    'commit',
    statements.findIndex((statement) => statement.startsWith(beginning)),
  );
}

function optionsOf(warehouse: Warehouse, project: BuildOptions['project']): BuildOptions {
  const now = (): Date => new Date('2026-03-01T12:00:00Z');
  return { warehouse, project, inputs: {}, now, runId: 'drill', rebuildShare: Infinity };
}

async function within<T>(place: Place, work: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const warehouse = await openWarehouse(
    place.type === 'duckdb' ? place : { ...place, url: new Secret(place.url, 'drill'), poolSize: 4 },
  );
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/** What people see of tables, and what the ledger froze; without the number of the build. */
async function shown(warehouse: Warehouse): Promise<Record<string, Row[]>> {
  const tables = Object.entries(await everything(warehouse)).filter(([name]) => !name.startsWith('staging.'));
  const frozen = await warehouse.query(
    'select relation_name, period, cast(sum(row_count) as bigint) as frozen from revops.ledger_digests group by relation_name, period order by 1, 2',
  );
  const columns = await warehouse.query(
    'select relation_name, column_name, role from revops.ledger_columns order by 1, 2',
  );
  const all = [...tables, ['frozen rows', frozen] as const, ['ledger columns', columns] as const];
  return Object.fromEntries(all.map(([name, rows]) => [name, rows.map(({ build_id: _, ...row }) => row)]));
}

function differing(found: Record<string, Row[]>, wanted: unknown, where: string): string[] {
  const other = wanted as Record<string, Row[]>;
  return [...new Set([...Object.keys(found), ...Object.keys(other)])].toSorted().flatMap((name) => {
    const [one, two] = [JSON.stringify(found[name]), JSON.stringify(other[name])];
    return one === two ? [] : [`${where}: ${name} is ${one ?? 'gone'}, not ${two ?? 'gone'}`];
  });
}

function runChild(place: Place, folder: string, deadly: string): Promise<{ wasKilled: boolean; stdout: string }> {
  const words = ['--conditions=source', CHILD, JSON.stringify(place), folder, deadly];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ wasKilled: signal === 'SIGKILL', stdout });
      else reject(new Error(`a build of the drill failed: ${stderr.slice(-3000)}`));
    });
  });
}
