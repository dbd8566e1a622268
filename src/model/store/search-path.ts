import type { Session } from '../../warehouse/contract.ts';

/**
 * The schemas in which people's queries find bare names (`select * from cac`), nearest first, `revops` (functions)
 * included; only those that exist.
 */
export async function searchPath(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>('select schema_name as name from information_schema.schemata');
  const existing = new Set(rows.map((row) => row.name));
  return ['marts', 'quality', 'core', 'feeds', 'staging', 'reference', 'revops'].filter((schema) =>
    existing.has(schema),
  );
}
