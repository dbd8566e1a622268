/**
 * Where `revops test` runs: in memory, or in a database of its own on a Postgres server.
 */
import { RevopsError } from '../errors.ts';
import { openMemory, openTemporaryPostgres, type CaseWarehouse } from '../model/unit/index.ts';
import type { Project } from '../project/load.ts';
import { requireSecret } from '../project/secrets.ts';
import { Secret } from '../secret.ts';
import type { EngineName } from '../warehouse/types.ts';

/**
 * Postgres is the server of REVOPS_TEST_POSTGRES_URL, else that of the project's warehouse. Throws CONFIG_INVALID where
 * there is none.
 */
export async function openCaseEngine(project: Project, engine: EngineName, now: () => Date): Promise<CaseWarehouse> {
  if (engine === 'duckdb') return openMemory();
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') return openTemporaryPostgres(new Secret(given, `env ${VARIABLE}`), now);
  const { warehouse } = project;
  if (warehouse.type !== 'postgres') {
    throw new RevopsError(
      'CONFIG_INVALID',
      'there is no Postgres server to run the cases on: the warehouse is DuckDB',
      {
        hint: `Name a server in ${VARIABLE}; cases get a database of their own there, which is dropped afterwards.`,
      },
    );
  }
  requireSecret(warehouse.url, 'warehouse.url');
  return openTemporaryPostgres(warehouse.url, now);
}

// --- internal ---

const VARIABLE = 'REVOPS_TEST_POSTGRES_URL';
