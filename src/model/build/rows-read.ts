/**
 * How many rows a relation was made from, for the record.
 */
import type { Session } from '../../warehouse/contract.ts';
import type { ModelRun } from './build-options.ts';
import type { BuildWork } from './build-work.ts';
import { rawTableName } from './raw-tables.ts';
import { isView, type Relation } from '../relation.ts';

/** Rows per raw table, as the engine's statistics say; nothing for a table without any. */
export async function rawTableSizes(session: Session): Promise<Map<string, number>> {
  const rows = await session.query<{ name: string; size: number }>(
    session.engine === 'duckdb'
      ? `select schema_name || '.' || table_name as name, estimated_size as size from duckdb_tables() where schema_name like 'raw!_%' escape '!' and database_name = current_database()`
      : `select n.nspname || '.' || c.relname as name, cast(c.reltuples as bigint) as size from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname like 'raw!_%' escape '!' and c.relkind = 'r' and c.reltuples >= 0`,
  );
  return new Map(rows.map(({ name, size }) => [name, size]));
}

/**
 * Of a table built whole: the rows of all tables it reads, through views. Of one updated in part: the rows of the touched
 * keys. Null where that is not known.
 */
export function rowsRead(
  work: BuildWork,
  relation: Relation,
  run: Pick<ModelRun, 'ran' | 'read'>,
  known: { runs: ReadonlyMap<string, ModelRun>; raw: ReadonlyMap<string, number> },
): number | null {
  if (run.ran === 'incremental') return run.read ?? null;
  if (run.ran !== 'full' || relation.kind === 'input') return null;
  const seen = new Set<string>();
  const sizes: (number | undefined)[] = [];
  const visit = (read: Relation): void => {
    if (read.kind === 'model' && read.model.source !== undefined)
      sizes.push(known.raw.get(rawTableName(read.model.source)));
    for (const name of read.parents) {
      const parent = work.compiled.byName.get(name);
      if (parent === undefined || seen.has(name)) continue;
      seen.add(name);
      if (isView(parent)) visit(parent);
      else sizes.push(known.runs.get(name)?.rows ?? work.prepared.published.get(name)?.rowCount ?? undefined);
    }
  };
  visit(relation);
  const found = sizes.filter((size) => size !== undefined);
  return found.length === 0 ? null : found.reduce((sum, size) => sum + size, 0);
}
