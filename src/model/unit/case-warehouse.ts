/**
 * Where cases run: DuckDB in memory, or a Postgres database that is made for them and dropped afterwards.
 */
import { randomUUID } from 'node:crypto';

import { isRevopsError, messageOf, RevopsError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { identityVariables } from '../../warehouse/identity-secret.ts';
import { openWarehouse } from '../../warehouse/index.ts';
import { identifier } from '../../warehouse/sql.ts';
import { migrateState } from '../../warehouse/state/index.ts';
import { installVersions } from '../store/library.ts';
import type { CompiledProject } from '../relation.ts';
import { ensureStore } from '../store/store.ts';

export interface CaseWarehouse {
  warehouse: Warehouse;
  /** Makes it ready for a project, or for another version of it. */
  install(compiled: CompiledProject): Promise<void>;
  /** Gives everything back; the Postgres database is gone. */
  close(): Promise<void>;
}

/** DuckDB in memory. */
export async function openMemory(): Promise<CaseWarehouse> {
  // cases are small: more threads only get in each other's way
  const warehouse = await openWarehouse({ type: 'duckdb', path: ':memory:', threads: 1 }, { variables: variables() });
  return { warehouse, install: (compiled) => install(warehouse, compiled), close: () => warehouse.close() };
}

/**
 * A database of its own on the server of `url`, so that nothing in the database the URL names can be touched. Throws
 * WAREHOUSE_UNREACHABLE; WAREHOUSE_FAILED where the role may not create databases.
 */
export async function openTemporaryPostgres(url: Secret, now: () => Date): Promise<CaseWarehouse> {
  const server = await openWarehouse({ type: 'postgres', url, poolSize: 2 });
  const second = Math.floor(now().getTime() / 1000);
  const database = `${PREFIX}${second}_${randomUUID().slice(0, 8)}`;
  const drop = async (): Promise<void> => {
    await server.execute(`drop database if exists ${identifier(database)} with (force)`);
    await server.close();
  };
  await dropAbandoned(server, second);
  try {
    await server.execute(`create database ${identifier(database)} template template0 encoding 'UTF8'`);
  } catch (error) {
    await server.close();
    if (!isRevopsError(error)) throw error;
    throw new RevopsError(
      'WAREHOUSE_FAILED',
      `no database for the cases can be made on ${server.location}: ${messageOf(error)}`,
      {
        hint: 'Cases run in a database of their own, which is dropped afterwards: grant the role CREATEDB, or name another server in REVOPS_TEST_POSTGRES_URL.',
        cause: error,
      },
    );
  }
  try {
    const own = new URL(url.reveal());
    own.pathname = `/${database}`;
    const warehouse = await openWarehouse(
      { type: 'postgres', url: new Secret(own.href, 'cases'), poolSize: 2 },
      { variables: variables() },
    );
    await requireOwn(warehouse, database);
    return {
      warehouse,
      install: (compiled) => install(warehouse, compiled),
      async close() {
        await warehouse.close();
        await drop();
      },
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

// --- internal ---

/** A case drops what is in the store: never in a database that a pooler puts in the place of the one asked for. */
async function requireOwn(warehouse: Warehouse, database: string): Promise<void> {
  try {
    const [row] = await warehouse.query<{ name: string }>('select current_database() as name');
    if (row?.name === database) return;
    throw new RevopsError('WAREHOUSE_FAILED', `${warehouse.location} leads to another database: ${row?.name ?? '?'}`, {
      hint: 'A pooler may lead every name to one database. Name the server itself in REVOPS_TEST_POSTGRES_URL. No case ran.',
    });
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

/** Keys in cases are made with the secret `cases`, so that a case can name them. */
function variables(): ReturnType<typeof identityVariables> {
  return identityVariables(new Secret('cases', 'unit cases'));
}

const PREFIX = 'revops_cases_';
const HOUR = 3600;

/** Databases of runs that were killed: an hour old, and nobody is connected. */
async function dropAbandoned(server: Warehouse, second: number): Promise<void> {
  const found = await server.query<{ name: string }>(
    `select datname as name from pg_catalog.pg_database
     where datname ~ '^${PREFIX}[0-9]+_[0-9a-f]{8}$' and cast(split_part(datname, '_', 3) as bigint) < ${second - HOUR}
       and not exists (select 1 from pg_catalog.pg_stat_activity as activity where activity.datname = pg_database.datname)
     order by 1`,
  );
  for (const { name } of found) await server.execute(`drop database if exists ${identifier(name)}`);
}

async function install(warehouse: Warehouse, compiled: CompiledProject): Promise<void> {
  // which functions are there is noted in the state
  await migrateState(warehouse, () => new Date(0));
  await ensureStore(warehouse);
  await installVersions(warehouse, compiled.library);
}
