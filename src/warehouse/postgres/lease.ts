/**
 * The lease on a Postgres warehouse: an advisory lock on a connection of its own. The server frees it with the connection.
 */
import { hostname } from 'node:os';
import { Client } from 'pg';

import { messageOf } from '../../errors.ts';
import type { PostgresConfig } from '../config.ts';
import type { Lease, LeaseHolder, Session } from '../contract.ts';
import { leaseBusy, leaseLost } from '../failures.ts';
import { becomeStateOwner } from '../state/owner.ts';
import { connectionSettings, sessionSettings } from './connection.ts';
import { codeOf, statementError } from './errors.ts';

/**
 * Takes the lease, waiting up to `timeoutMs`; the server wakes the next in line the moment it is free. Who holds it is in
 * `revops.lease`. The connection is asked for a sign of life every few seconds; when it breaks the lease is lost.
 */
export async function takeLease(
  config: PostgresConfig,
  location: string,
  command: string,
  timeoutMs: number,
): Promise<Lease> {
  const client = new Client({ ...connectionSettings(config, location), application_name: `${command} (lease)` });
  // Before the lease is held a broken connection shows as the error of the statement on it.
  client.on('error', () => undefined);
  const start = performance.now();
  try {
    await client.connect();
    await client.query(`${sessionSettings(config, {})}; set statement_timeout = 0; set idle_session_timeout = 0`);
    if (!(await lock(client, timeoutMs))) throw leaseBusy(location, await holderOf(client), performance.now() - start);
    await sign(client, command);
  } catch (error) {
    await client.end();
    throw statementError(error, location);
  }
  return monitored(client, location);
}

/** Who holds the lease: the lock tells whether anybody does, `revops.lease` who it is. */
export async function leaseHolder(session: Session): Promise<LeaseHolder | null> {
  const [locked] = await session.query<{ pid: number }>(
    `select k.pid from pg_catalog.pg_locks k where k.locktype = 'advisory' and k.granted and k.classid = ${LOCK[0]} and k.objid = ${LOCK[1]}
     and k.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
  );
  if (locked === undefined) return null;
  const unknown = { pid: 0, host: '?', command: '?', since: '?' };
  if ((await session.describe({ schema: 'revops', name: 'lease' })) === null) return unknown;
  const [row] = await session.query<LeaseHolder>(
    `select pid, host, command, cast(since as text) as since from revops.lease where backend_pid = ${locked.pid}`,
  );
  return row ?? unknown;
}

// --- internal ---

/** The lock's number, within a database: "revo" and 1, the lease. */
const LOCK = [0x7265766f, 1] as const;

const HEARTBEAT_MS = 5_000;

async function lock(client: Client, timeoutMs: number): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as locked', [...LOCK]);
  if ((rows[0] as { locked: boolean }).locked) return true;
  if (timeoutMs < 1) return false;
  await client.query(`set lock_timeout = ${Math.round(timeoutMs)}`);
  try {
    await client.query('select pg_advisory_lock($1, $2)', [...LOCK]);
    return true;
  } catch (error) {
    if (codeOf(error) === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Leaves word of who holds the lock. Under the lock, so nobody else writes or makes the table. */
async function sign(client: Client, command: string): Promise<void> {
  await client.query('create schema if not exists revops');
  await client.query(becomeStateOwner('connection'));
  await client.query(
    'create table if not exists revops.lease (backend_pid integer not null, pid integer not null, host text not null, command text not null, since timestamptz not null)',
  );
  await client.query('begin');
  await client.query('delete from revops.lease');
  await client.query('insert into revops.lease select pg_backend_pid(), $1, $2, $3, clock_timestamp()', [
    process.pid,
    hostname(),
    command,
  ]);
  await client.query('commit');
}

/** The row of the connection that has the lock; null before it signed, or where it may not be read. */
async function holderOf(client: Client): Promise<LeaseHolder | null> {
  try {
    const { rows } = await client.query(
      `select l.pid, l.host, l.command, l.since from revops.lease l
       join pg_catalog.pg_locks k on k.pid = l.backend_pid and k.locktype = 'advisory' and k.granted
       where k.classid = $1 and k.objid = $2 and k.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
      [...LOCK],
    );
    return (rows[0] as LeaseHolder | undefined) ?? null;
  } catch (error) {
    // The very first holder has not made the table yet, or this user may not read it.
    if (['42P01', '3F000', '42501'].includes(codeOf(error))) return null;
    throw error;
  }
}

function monitored(client: Client, location: string): Lease {
  const loss = Promise.withResolvers<never>();
  // The holder need not listen: `assertHeld` tells as well.
  loss.promise.catch(() => undefined);
  let state: 'held' | 'released' | { lost: string } = 'held';
  const lose = (reason: string): void => {
    if (state !== 'held') return;
    state = { lost: reason };
    clearInterval(heartbeat);
    loss.reject(leaseLost(location, reason));
  };
  let answered = true;
  const heartbeat = setInterval(() => {
    if (!answered) {
      lose(`its connection has not answered for ${HEARTBEAT_MS / 1000} s`);
      client.connection.stream.destroy();
      return;
    }
    answered = false;
    client.query('select 1').then(
      () => (answered = true),
      (error: unknown) => lose(messageOf(error)),
    );
  }, HEARTBEAT_MS);
  heartbeat.unref();
  client.on('error', (error) => lose(messageOf(error)));
  client.on('end', () => lose('its connection ended'));
  return {
    lost: loss.promise,
    assertHeld() {
      if (state === 'held') return;
      throw leaseLost(location, state === 'released' ? 'it was released' : state.lost);
    },
    async release() {
      if (state === 'held') {
        state = 'released';
        clearInterval(heartbeat);
        await client.query('delete from revops.lease where backend_pid = pg_backend_pid()').catch(() => undefined);
      }
      await client.end();
    },
  };
}
