/**
 * Where `revops test` runs: in memory, or in a database of its own on a Postgres server.
 */
import { availableParallelism } from 'node:os';

import { RevopsError } from '../errors.ts';
import { openMemory, openTemporaryPostgres, type CaseWarehouse } from '../model/unit/index.ts';
import type { Project } from '../project/load.ts';
import { requireSecret } from '../project/secrets.ts';
import { Secret } from '../secret.ts';
import type { EngineName } from '../warehouse/types.ts';

/**
 * As many as cases run at a time, each by itself. Postgres is the server of REVOPS_TEST_POSTGRES_URL, else that of the project's warehouse. Throws CONFIG_INVALID where
 * there is none.
 */
export async function openCaseEngines(project: Project, engine: EngineName, now: () => Date): Promise<CaseWarehouse[]> {
  const url = engine === 'duckdb' ? null : serverOf(project);
  const opened: CaseWarehouse[] = [];
  try {
    while (opened.length < Math.min(availableParallelism(), MOST))
      opened.push(url === null ? await openMemory() : await openTemporaryPostgres(url, now));
    return opened;
  } catch (error) {
    for (const one of opened) await one.close();
    throw error;
  }
}

// --- internal ---

const VARIABLE = 'REVOPS_TEST_POSTGRES_URL';
/** Engines at most: starting one takes longer than the cases it would take from the others. */
const MOST = 4;

function serverOf(project: Project): Secret {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') return new Secret(given, `env ${VARIABLE}`);
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
  return warehouse.url;
}
