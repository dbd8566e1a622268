/**
 * Exclusive locks on views: all or none, quickly, and never at a reader's expense.
 */
import { messageOf } from '../../errors.ts';
import type { Session } from '../contract.ts';
import { literal, qualified, type RelationName } from '../sql.ts';

/**
 * Well below Postgres's `deadlock_timeout` (1 s by default): a reader that holds one view and waits for another that we
 * hold would be chosen as the victim of a deadlock. We let go of everything before its wait is examined.
 */
const LIMIT_MS = 600;
/** The first lock is waited for while nothing is held, so readers under way can end. The others should be free then. */
const FIRST_MS = 400;
const NEXT_MS = 50;

/**
 * Locks those of the views that exist, in the order given, in one statement. Afterwards nothing done to the views waits
 * for anyone. Fails with 55P03 or 57014 when that takes too long; `busyView` then tells which one was in use.
 */
export async function lockViews(session: Session, views: readonly RelationName[]): Promise<void> {
  if (views.length === 0) return;
  const names = views.map((view) => literal(qualified(view))).join(', ');
  const [before] = await session.query<{ statement: string; lock: string }>(
    `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`,
  );
  await session.execute(`set local statement_timeout = ${LIMIT_MS}`);
  await session.execute(`set local lock_timeout = ${FIRST_MS}`);
  // LOCK TABLE would lock the tables under the views too; dropping a default that is not there locks the view alone
  await session.execute(`do $locks$
    declare found record;
    begin
      for found in
        select named.number, c.oid::regclass::text as view, a.attname as first_column
        from unnest(array[${names}]) with ordinality as named(name, number)
        join pg_catalog.pg_class c on c.oid = to_regclass(named.name) and c.relkind = 'v'
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = 1
        order by named.number
      loop
        begin
          execute format('alter view %s alter column %I drop default', found.view, found.first_column);
        exception when lock_not_available then
          raise exception using errcode = '55P03', message = '${BUSY} ' || found.number;
        end;
        perform set_config('lock_timeout', '${NEXT_MS}', true);
      end loop;
    end
  $locks$`);
  await session.execute(`set local statement_timeout = ${literal(before?.statement ?? '0')}`);
  await session.execute(`set local lock_timeout = ${literal(before?.lock ?? '0')}`);
}

/**
 * The views in the order to try next: the one that was in use first. Readers take their locks in the order of their
 * query; whoever waits for the first of them holds nothing that we want.
 */
export function busyFirst(views: readonly RelationName[], error: unknown): RelationName[] {
  const number = Number(new RegExp(`${BUSY} (\\d+)`).exec(messageOf(error))?.[1] ?? 1);
  const busy = views[number - 1];
  return busy === undefined ? [...views] : [busy, ...views.filter((view) => view !== busy)];
}

// --- internal ---

const BUSY = 'revops view in use:';
