/**
 * Publication on Postgres: views flipped in the transaction given, so that grants and people's own views on them survive.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { RevopsError, isRevopsError, messageOf } from '../../errors.ts';
import type { Publication, Session } from '../contract.ts';
import { identifier, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import { codeOf } from './errors.ts';
import { dropViews, recreate, replaceView } from './replace-view.ts';

/**
 * Points the views at what they show from now on, and drops those that show nothing any more. All locks are taken in one
 * attempt that gives up after less than half a second and lets go of everything, so that people's queries queue behind it
 * no longer than that and never deadlock with it; tried again for `patienceMs`.
 */
export async function publish(
  session: Session,
  publications: readonly Publication[],
  removed: readonly RelationName[] = [],
  patienceMs: number = 60_000,
): Promise<{ recreated: RelationName[] }> {
  for (const schema of new Set(publications.map((publication) => publication.view.schema))) {
    await session.execute(`create schema if not exists ${identifier(schema)}`);
  }
  return { recreated: await patiently(session, publications, removed, patienceMs) };
}

// --- internal ---

async function patiently(
  session: Session,
  publications: readonly Publication[],
  removed: readonly RelationName[],
  patienceMs: number,
): Promise<RelationName[]> {
  let views = [...publications.map((publication) => publication.view), ...removed];
  const start = performance.now();
  for (let pause = 100; ; pause = Math.min(pause * 2, 3_000)) {
    await session.execute('savepoint revops_flip');
    try {
      await lockViews(session, views);
      const recreated = await flip(session, publications);
      if (removed.length > 0) await dropViews(session, removed);
      await session.execute('release savepoint revops_flip');
      return recreated;
    } catch (error) {
      await session.execute('rollback to savepoint revops_flip');
      if (!isLockFailure(error)) throw error;
      const waited = performance.now() - start;
      if (waited >= patienceMs) throw await blocked(session, views, waited, error);
      const next = busyFirst(views, error);
      // another order may succeed at once; the same one has to wait for someone
      await sleep((next[0] === views[0] ? pause : 10) * (0.5 + Math.random()));
      views = next;
    }
  }
}

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
async function lockViews(session: Session, views: readonly RelationName[]): Promise<void> {
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
function busyFirst(views: readonly RelationName[], error: unknown): RelationName[] {
  const number = Number(new RegExp(`${BUSY} (\\d+)`).exec(messageOf(error))?.[1] ?? 1);
  const busy = views[number - 1];
  return busy === undefined ? [...views] : [busy, ...views.filter((view) => view !== busy)];
}

const BUSY = 'revops view in use:';

async function flip(session: Session, publications: readonly Publication[]): Promise<RelationName[]> {
  const incompatible: Publication[] = [];
  for (const publication of publications) {
    if (!(await replaceView(session, publication))) incompatible.push(publication);
  }
  if (incompatible.length > 0) await recreate(session, incompatible, publications);
  for (const { view, description } of publications) {
    await session.execute(`comment on view ${qualified(view)} is ${literal(description)}`);
  }
  return incompatible.map((publication) => publication.view);
}

/** Lock timeout, deadlock, statement timeout. */
const LOCK_FAILURES = new Set(['55P03', '40P01', '57014']);

function isLockFailure(error: unknown): boolean {
  return isRevopsError(error) && LOCK_FAILURES.has(codeOf(error.cause));
}

async function blocked(
  session: Session,
  views: readonly RelationName[],
  waitedMs: number,
  cause: unknown,
): Promise<RevopsError> {
  const names = views.map((view) => literal(qualified(view))).join(', ');
  const sessions = await session.query<{ pid: number; application: string }>(
    `select distinct a.pid, coalesce(nullif(a.application_name, ''), 'unnamed') as application
     from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.granted and a.pid <> pg_backend_pid() and l.relation in (select to_regclass(name) from unnest(array[${names}]) as n(name)) order by 1`,
  );
  const who = sessions.map(({ pid, application }) => `${application} (backend ${pid})`).join(', ');
  return new RevopsError(
    'WAREHOUSE_FAILED',
    `the new state could not be shown: for ${Math.round(waitedMs / 1000)} s these sessions kept its views in use: ${who === '' ? 'unknown' : who}`,
    {
      hint: 'Readers keep the old state. End the long query or idle transaction, then build again.',
      retryable: true,
      cause,
    },
  );
}
