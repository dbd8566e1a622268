/**
 * One view's new query: put in place where its columns allow it, else dropped and made again with the grants it had.
 */
import { RevopsError, isRevopsError } from '../../errors.ts';
import type { Publication, Session } from '../contract.ts';
import { identifier, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import { codeOf } from './errors.ts';

/** Replaces or makes one view; false where its columns do not allow replacing. */
export async function replaceView(session: Session, { view, sql }: Publication): Promise<boolean> {
  await session.execute('savepoint revops_view');
  try {
    await session.execute(`create or replace view ${qualified(view)} as ${sql}`);
    await session.execute('release savepoint revops_view');
    return true;
  } catch (error) {
    const code = isRevopsError(error) ? codeOf(error.cause) : '';
    if (code === INVALID_TABLE_DEFINITION) {
      await session.execute('rollback to savepoint revops_view');
      return false;
    }
    if (code === WRONG_OBJECT_TYPE) {
      throw new RevopsError('WAREHOUSE_FAILED', `${qualified(view)} exists and is not a view`, {
        hint: 'Something else made it. Rename or drop it, then build again.',
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Drops the views (and those of `all` that stand on them) and makes them again. Throws, naming them, when views of other
 * people stand on them.
 */
export async function recreate(
  session: Session,
  incompatible: readonly Publication[],
  all: readonly Publication[],
): Promise<void> {
  const ours = new Map(all.map((publication) => [qualified(publication.view), publication]));
  const dropped = new Map(incompatible.map((publication) => [qualified(publication.view), publication]));
  const foreign: string[] = [];
  for (const dependent of await dependents(session, [...dropped.keys()])) {
    const name = qualified(dependent);
    const publication = ours.get(name);
    if (publication === undefined) foreign.push(name);
    else dropped.set(name, publication);
  }
  if (foreign.length > 0) {
    const views = incompatible.map((publication) => qualified(publication.view)).join(', ');
    throw new RevopsError(
      'WAREHOUSE_FAILED',
      `columns of ${views} change, and these views stand on them: ${foreign.join(', ')}`,
      {
        hint: 'Drop them, build again, then create them on the new columns. Nothing was changed.',
      },
    );
  }
  const grants: string[] = [];
  for (const publication of dropped.values()) grants.push(...(await grantsOf(session, publication.view)));
  await session.execute(`drop view ${[...dropped.keys()].join(', ')}`);
  for (const publication of all) {
    if (!dropped.has(qualified(publication.view))) continue;
    await session.execute(`create view ${qualified(publication.view)} as ${publication.sql}`);
  }
  for (const grant of grants) await session.execute(grant);
}

/** Drops the views, whatever their order. Throws, naming them, when views of other people stand on them. */
export async function dropViews(session: Session, views: readonly RelationName[]): Promise<void> {
  const found = await session.query<{ name: string }>(
    `select name from unnest(array[${views.map((view) => literal(qualified(view))).join(', ')}]::text[]) as n(name)
     where to_regclass(name) is not null`,
  );
  const names = found.map(({ name }) => name);
  if (names.length === 0) return;
  const foreign = (await dependents(session, names)).map(qualified);
  if (foreign.length > 0) {
    throw new RevopsError(
      'WAREHOUSE_FAILED',
      `to be dropped: ${names.join(', ')}, but these views stand on it: ${foreign.join(', ')}`,
      { hint: 'What is no longer in the project is dropped. Drop those views and build again. Nothing was changed.' },
    );
  }
  await session.execute(`drop view ${names.join(', ')}`);
}

/** The statements that give back what others were granted on a view. Grants on single columns are not kept. */
export async function grantsOf(session: Session, view: RelationName): Promise<string[]> {
  const rows = await session.query<{ privilege: string; grantee: string | null; option: boolean }>(
    `select a.privilege_type as privilege, r.rolname::text as grantee, a.is_grantable as option
     from pg_catalog.pg_class c cross join lateral aclexplode(c.relacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee
     where c.oid = ${literal(qualified(view))}::regclass and a.grantee <> c.relowner order by 2, 1`,
  );
  return rows.map(
    ({ privilege, grantee, option }) =>
      `grant ${privilege} on ${qualified(view)} to ${grantee === null ? 'public' : identifier(grantee)}${option ? ' with grant option' : ''}`,
  );
}

// --- internal ---

const INVALID_TABLE_DEFINITION = '42P16';
const WRONG_OBJECT_TYPE = '42809';

/** Views and materialized views that stand on these, directly or not. */
async function dependents(session: Session, names: string[]): Promise<RelationName[]> {
  const views = `array[${names.map((name) => `${literal(name)}::regclass::oid`).join(', ')}]`;
  return session.query<RelationName>(
    `with recursive standing(oid) as (
       select unnest(${views})
       union
       select r.ev_class from standing s
       join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = s.oid and d.classid = 'pg_catalog.pg_rewrite'::regclass
       join pg_catalog.pg_rewrite r on r.oid = d.objid
     )
     select n.nspname::text as schema, c.relname::text as name from standing s
     join pg_catalog.pg_class c on c.oid = s.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.oid <> all(${views}) order by 1, 2`,
  );
}
