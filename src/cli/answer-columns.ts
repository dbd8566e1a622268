/**
 * The columns of answers that have no rows: CSV begins with them all the same.
 */
import type { Session } from '../warehouse/contract.ts';
import type { Row, Value } from '../warehouse/types.ts';

/** A session that answers every query without rows by one of NULLs. */
export function withRowOfNulls(session: Session): Session {
  return {
    ...session,
    query: <R extends object = Row>(sql: string, parameters?: readonly Value[]) =>
      session.query<R>(`select answer.* from (select 1) as one left join (${sql}) as answer on true`, parameters),
  };
}
