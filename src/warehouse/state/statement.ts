/**
 * Statements on the state tables, built by knex for both engines (their SQL is the same here).
 */
import createKnex from 'knex';
import type { Knex } from 'knex';

import type { Value } from '../types.ts';

/** The schema that state lives in, in the warehouse's own database. */
export const STATE_SCHEMA = 'revops';

/** knex as a builder only: it has no connection. */
export const builder: Knex = createKnex({ client: 'pg' });

/** A query builder on a state table: `state('loads').where({ run_id }).select('load_id')`. */
export function state(table: string): Knex.QueryBuilder {
  return builder.withSchema(STATE_SCHEMA).table(table);
}

/**
 * What to run on a `Session`: `session.query(...statement(state('runs').select()))`. Dates are written as ISO 8601 text;
 * `undefined` is refused, since it would mean "default" silently.
 */
export function statement(query: Knex.QueryBuilder | Knex.Raw): [sql: string, parameters: Value[]] {
  const { sql, bindings } = query.toSQL().toNative();
  return [sql, bindings.map(value)];
}

// --- internal ---

function value(binding: unknown): Value {
  if (binding instanceof Date) return binding.toISOString();
  if (binding === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof binding)) return binding as Value;
  throw new TypeError(`a statement's parameter cannot be ${typeof binding}`);
}
