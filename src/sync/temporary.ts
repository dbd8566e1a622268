/**
 * Temporary tables of a load's transaction.
 */
import type { Session } from '../warehouse/contract.ts';
import type { RelationName } from '../warehouse/sql.ts';

/** How `Session.load` is told about a temporary table. */
export function temporary(session: Session, name: string): RelationName {
  return { schema: session.engine === 'duckdb' ? 'temp' : 'pg_temp', name };
}
