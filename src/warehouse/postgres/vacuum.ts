import type { Session } from '../contract.ts';
import { qualified, type RelationName } from '../sql.ts';

/**
 * Vacuums and analyzes the tables of this program (state, store and raw tables), one by one; readers and writers go on. The
 * sizes are those of all these tables with their indexes, in bytes.
 */
export async function vacuumTables(session: Session): Promise<{ before: number; after: number }> {
  const before = await size(session);
  for (const table of await session.query<RelationName>(`select schema, name from (${TABLES}) as own order by 1, 2`)) {
    await session.execute(`vacuum (analyze) ${qualified(table)}`);
  }
  return { before, after: await size(session) };
}

// --- internal ---

const TABLES = `select n.nspname::text as schema, c.relname::text as name, c.oid from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and (n.nspname in ('revops', 'revops_store') or n.nspname like 'raw!_%' escape '!')`;

async function size(session: Session): Promise<number> {
  const [row] = await session.query<{ size: number }>(
    `select cast(coalesce(sum(pg_total_relation_size(oid)), 0) as bigint) as size from (${TABLES}) as own`,
  );
  return row?.size ?? 0;
}
