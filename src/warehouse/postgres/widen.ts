/**
 * A wider type for a column. Postgres refuses that while a view reads the column, so the views that stand on the table are
 * put aside and made again as they were, in the same transaction: definition, owner, grants, comment.
 */
import { RevopsError } from '../../errors.ts';
import type { Session } from '../contract.ts';
import { identifier, literal, qualified, type RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { grantsOf } from './replace-view.ts';
import { typeName } from './types.ts';

export async function widen(session: Session, table: RelationName, column: Column): Promise<void> {
  const views = await standingOn(session, table);
  const materialized = views.filter((view) => view.is_materialized).map((view) => qualified(view));
  if (materialized.length > 0) {
    throw new RevopsError(
      'SCHEMA_DRIFT',
      `${qualified(table)}: column ${column.name} becomes ${column.type}, and these materialized views stand on it: ${materialized.join(', ')}`,
      { hint: 'Drop them, run again, then create them anew. Nothing was changed.' },
    );
  }
  const grants: string[] = [];
  for (const view of views) grants.push(...(await grantsOf(session, view)));
  for (const view of views.toReversed()) await session.execute(`drop view ${qualified(view)}`);
  await session.execute(
    `alter table ${qualified(table)} alter column ${identifier(column.name)} type ${typeName(column.type)}`,
  );
  for (const view of views) await makeAgain(session, view);
  for (const grant of grants) await session.execute(grant);
}

// --- internal ---

interface StandingView extends RelationName {
  definition: string;
  owner: string;
  options: string | null;
  comment: string | null;
  is_materialized: boolean;
}

/** Views that read the table, directly or through other views; each after those it reads. */
async function standingOn(session: Session, table: RelationName): Promise<StandingView[]> {
  return session.query<StandingView>(
    `with recursive standing(oid, depth) as (
       select ${literal(qualified(table))}::regclass::oid, 0
       union
       select r.ev_class, s.depth + 1 from standing s
       join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = s.oid
         and d.classid = 'pg_catalog.pg_rewrite'::regclass
       join pg_catalog.pg_rewrite r on r.oid = d.objid and r.ev_class <> s.oid
     )
     select n.nspname::text as schema, c.relname::text as name, pg_get_viewdef(c.oid) as definition,
       pg_get_userbyid(c.relowner)::text as owner, array_to_string(c.reloptions, ', ') as options,
       obj_description(c.oid, 'pg_class') as comment, c.relkind = 'm' as is_materialized
     from (select oid, max(depth) as depth from standing where depth > 0 group by oid) s
     join pg_catalog.pg_class c on c.oid = s.oid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     order by s.depth, 1, 2`,
  );
}

async function makeAgain(session: Session, view: StandingView): Promise<void> {
  const name = qualified(view);
  const options = view.options === null || view.options === '' ? '' : ` with (${view.options})`;
  await session.execute(`create view ${name}${options} as ${view.definition}`);
  if (view.comment !== null) await session.execute(`comment on view ${name} is ${literal(view.comment)}`);
  await session.execute(`alter view ${name} owner to ${identifier(view.owner)}`);
}
