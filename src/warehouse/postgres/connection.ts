/**
 * The pool of connections, owned by knex, and how each connection is set up.
 */
import createKnex from 'knex';
import type { Client } from 'pg';

import { RevopsError } from '../../errors.ts';
import type { PostgresConfig } from '../config.ts';
import type { Connections } from '../connections.ts';
import type { OpenOptions } from '../contract.ts';
import type { SessionVariables } from '../identity-secret.ts';
import { tlsOptions, withoutTls } from '../tls.ts';
import { statementError } from './errors.ts';
import { parsers } from './values.ts';

export interface Pool extends Connections<Client> {
  /** Connections at most. */
  size: number;
  /** Runs work that looks up few rows by their keys; all other work joins whole tables. */
  byKey<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What the driver connects with. */
export function connectionSettings(config: PostgresConfig, location: string, variables: SessionVariables = {}): object {
  const url = config.url.reveal();
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new RevopsError(
      'CONFIG_INVALID',
      `the warehouse URL (${config.url.origin}) does not begin with postgres://`,
      {
        hint: 'It looks like postgres://user:password@host:5432/database.',
      },
    );
  }
  if (location === '')
    throw new RevopsError('CONFIG_INVALID', `the warehouse URL (${config.url.origin}) cannot be read`);
  return {
    connectionString: withVariables(config.tls === undefined ? url : withoutTls(url), variables),
    ...(config.tls === undefined ? {} : { ssl: tlsOptions(config.tls) }),
    types: parsers,
    application_name: 'revops',
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
  };
}

/**
 * Tables of models have no index: a nested loop over one, planned because few rows were expected, takes the product of both
 * sides. Rows that come are found in raw tables by the index of their key.
 */
const JOINING_WHOLE = 'set enable_nestloop = off';
const LOOKING_UP = 'set enable_nestloop = on';

/** Opens the pool; connections are made when needed. */
export function openPool(config: PostgresConfig, options: OpenOptions, location: string): Pool {
  const size = config.poolSize ?? 8;
  const knex = createKnex({
    client: 'pg',
    connection: connectionSettings(config, location, options.variables) as never,
    acquireConnectionTimeout: 60_000,
    pool: {
      min: 0,
      max: size,
      afterCreate(connection: Client, done: (error: Error | null, connection: Client) => void) {
        connection.query(sessionSettings(config, options), (error) => done(error, connection));
      },
    },
    // Broken connections come back as errors of the statements on them.
    log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
  });
  let closed = false;
  let worksByKey = 0;
  const planners = new WeakMap<Client, string>();
  return {
    size,
    async acquire() {
      if (closed) throw new RevopsError('INTERNAL', `${location} was used after it was closed`);
      try {
        const connection = (await knex.client.acquireConnection()) as Client;
        const planner = worksByKey > 0 ? LOOKING_UP : JOINING_WHOLE;
        if (planners.get(connection) !== planner) await connection.query(planner);
        planners.set(connection, planner);
        return connection;
      } catch (error) {
        throw statementError(error, location);
      }
    },
    async byKey(work) {
      worksByKey += 1;
      try {
        return await work();
      } finally {
        worksByKey -= 1;
      }
    },
    release(connection) {
      void knex.client.releaseConnection(connection);
    },
    async close() {
      if (closed) return;
      closed = true;
      await knex.destroy();
    },
  };
}

/** The settings of a session that results and quoting rely on, and a keepalive by which the server notices a lost client. */
export function sessionSettings(config: PostgresConfig, options: OpenOptions): string {
  const settings: Record<string, string> = {
    timezone: 'UTC',
    datestyle: 'ISO, YMD',
    intervalstyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    standard_conforming_strings: 'on',
    statement_timeout: String(config.statementTimeoutMs ?? 0),
    lock_timeout: String(options.lockTimeoutMs ?? 30_000),
    tcp_keepalives_idle: '30',
    tcp_keepalives_interval: '10',
    tcp_keepalives_count: '3',
    ...(options.readOnly === true ? { default_transaction_read_only: 'on' } : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `set ${name} = '${value}'`)
    .join('; ');
}

/** `postgres://host:port/database`: the URL without credentials; empty where it cannot be read. */
export function locationOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { hostname, port, pathname } = new URL(url);
  return `postgres://${hostname === '' ? 'localhost' : hostname}:${port === '' ? '5432' : port}${pathname}`;
}

// --- internal ---

/** Given as options of the connection, which no log and no view of the server's activity shows, unlike a `set`. */
function withVariables(url: string, variables: SessionVariables): string {
  const settings = Object.entries(variables).map(([name, value]) => `-c revops.${name}=${value.reveal()}`);
  if (settings.length === 0) return url;
  const extended = new URL(url);
  const given = extended.searchParams.get('options');
  extended.searchParams.set('options', [...(given === null ? [] : [given]), ...settings].join(' '));
  return extended.href;
}
