/**
 * The function library in the warehouse: versions for what is built, plain names for people.
 */
import { isRevopsError, messageOf, RevopsError } from '../../errors.ts';
import type { Session, Warehouse } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import { digest } from '../compile/digest.ts';
import {
  createStatement,
  libraryScript,
  publicName,
  versionOf,
  type FunctionNaming,
  type Library,
  type LibraryFunction,
} from '../compile/functions.ts';
import type { PublishedRelation } from './state.ts';
import { STORE } from './store.ts';

/** Names functions by their version in the store: `"revops_store"."period_start__1f0c9a2b"`. */
export function storedNaming(library: Library): FunctionNaming {
  return (name) => qualified({ schema: STORE, name: storedName(name, versionOf(name, library)) });
}

/** Creates the versions of the library's functions that the warehouse does not have yet; gives their number. */
export async function installVersions(warehouse: Warehouse, library: Library): Promise<number> {
  const existing = new Set(await storedVersions(warehouse));
  const naming = storedNaming(library);
  const missing = [...library.values()].filter(
    (own) => !existing.has(storedName(own.name, versionOf(own.name, library))),
  );
  if (missing.length === 0) return 0;
  await warehouse.transaction(async (session) => {
    for (const own of missing) await install(session, own, naming);
    const made = missing.map(({ name }) => storedName(name, versionOf(name, library)));
    await noteVersions(session, [...existing, ...made]);
  });
  return missing.length;
}

/** Drops versions that neither the library nor anything published uses. */
export async function dropUnusedVersions(
  warehouse: Warehouse,
  library: Library,
  published: Iterable<PublishedRelation>,
): Promise<void> {
  const used = new Set([...library.keys()].map((name) => storedName(name, versionOf(name, library))));
  for (const relation of published) {
    for (const [part, version] of Object.entries(relation.parts.definition)) {
      if (part.startsWith('function ')) used.add(storedName(part.slice('function '.length), version));
    }
  }
  const existing = await storedVersions(warehouse);
  const unused = existing.filter((name) => !used.has(name));
  if (unused.length === 0) return;
  const kind = warehouse.engine === 'duckdb' ? 'macro' : 'function';
  await warehouse.transaction(async (session) => {
    for (const name of unused) await session.execute(`drop ${kind} if exists ${qualified({ schema: STORE, name })}`);
    await noteVersions(
      session,
      existing.filter((name) => used.has(name)),
    );
  });
}

/** Forgets which versions there are, so that the next build looks: one may be missing where a build failed. */
export async function forgetVersions(warehouse: Warehouse): Promise<void> {
  await warehouse.execute(...statement(state('meta').where({ key: VERSIONS }).delete()));
}

/**
 * Gives people the library's functions under their plain names, when it changed since the last time. A function that
 * someone's own view uses can keep its old form: then the reason is given.
 */
export async function installPublic(warehouse: Warehouse, library: Library): Promise<string | null> {
  const value = digest(libraryScript(library));
  const [row] = await warehouse.query<{ value: string }>(
    ...statement(state('meta').where({ key: KEY }).select('value')),
  );
  if (row?.value === value) return null;
  try {
    await warehouse.transaction(async (session) => {
      if (session.engine === 'postgres') await dropPublic(session, library);
      for (const own of library.values()) await session.execute(createStatement(own, publicName));
      await session.execute(...statement(state('meta').where({ key: KEY }).delete()));
      await session.execute(...statement(state('meta').insert({ key: KEY, value })));
    });
    return null;
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    return messageOf(error);
  }
}

// --- internal ---

const KEY = 'function_library';
const VERSIONS = 'function_versions';

async function install(session: Session, own: LibraryFunction, naming: FunctionNaming): Promise<void> {
  try {
    await session.execute(createStatement(own, naming));
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    throw new RevopsError('BUILD_FAILED', `${own.file}: the function ${own.name} cannot be created: ${error.message}`, {
      hint: 'Nothing was published; readers keep the last good state.',
      retryable: error.retryable,
      cause: error,
    });
  }
}

/**
 * Versions in the store, as noted where they are made and dropped: DuckDB lists all its own functions to tell those of
 * a schema, which takes longer than a small build.
 */
async function storedVersions(session: Session): Promise<string[]> {
  const [row] = await session.query<{ value: string }>(
    ...statement(state('meta').where({ key: VERSIONS }).select('value')),
  );
  if (row !== undefined) return JSON.parse(row.value) as string[];
  const [builds] = await session.query<{ number: number }>(...statement(state('builds').count({ number: '*' })));
  return builds?.number === 1 ? [] : functionsIn(session, STORE);
}

async function noteVersions(session: Session, names: readonly string[]): Promise<void> {
  await session.execute(...statement(state('meta').where({ key: VERSIONS }).delete()));
  await session.execute(...statement(state('meta').insert({ key: VERSIONS, value: JSON.stringify(names) })));
}

function storedName(name: string, version: string): string {
  return `${name}__${version}`;
}

async function functionsIn(session: Session, schema: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    session.engine === 'duckdb'
      ? `select distinct function_name as name from duckdb_functions() where schema_name = $1 and database_name = current_database() order by 1`
      : `select distinct p.proname::text as name from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = $1 order by 1`,
    [schema],
  );
  return rows.map((row) => row.name);
}

/** Postgres would keep a function of other arguments beside the new one, and find calls ambiguous. */
async function dropPublic(session: Session, library: Library): Promise<void> {
  for (const name of await functionsIn(session, 'revops')) {
    if (library.has(name)) await session.execute(`drop function ${identifier('revops')}.${identifier(name)}`);
  }
}
