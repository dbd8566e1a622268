/**
 * What the warehouse has of the raw tables that staging models read.
 */
import type { Session } from '../warehouse/contract.ts';
import type { Column } from '../warehouse/types.ts';
import { identifier, qualified } from '../warehouse/sql.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { castTo, emptyRelation, type EngineSpelling } from './bind.ts';
import type { Model } from './contract.ts';
import type { CompiledProject } from './relation.ts';

export interface RawTable {
  /** `raw_crm.deals`. */
  name: string;
  /** Columns it has; null where it does not exist. */
  columns: readonly Column[] | null;
  /** The newest load that changed a row; 0 where there was none. */
  version: number;
}

/** Every raw table that a model of the project reads, by `raw_connector.table`. */
export async function readRawTables(session: Session, compiled: CompiledProject): Promise<Map<string, RawTable>> {
  const sources = compiled.relations.flatMap((relation) =>
    relation.kind === 'model' && relation.model.source !== undefined ? [relation.model.source] : [],
  );
  const versions = await loadVersions(session);
  const tables = new Map<string, RawTable>();
  for (const source of sources) {
    const name = rawTableName(source);
    if (tables.has(name)) continue;
    const columns = await session.describe({ schema: rawSchema(source), name: source.table });
    tables.set(name, { name, columns, version: versions.get(name) ?? 0 });
  }
  return tables;
}

/** `raw_crm.deals`. */
export function rawTableName(source: NonNullable<Model['source']>): string {
  return `${rawSchema(source)}.${source.table}`;
}

/** What a staging model sees as `source`: the declared columns, typed; a missing one is NULL, a missing table empty. */
export function sourceSelect(
  engine: EngineSpelling,
  source: NonNullable<Model['source']>,
  table: RawTable | undefined,
): string {
  const declared = Object.entries(source.columns).map(([name, type]) => ({ name, type }));
  const columns = table?.columns ?? null;
  if (columns === null) return emptyRelation(engine, declared);
  const present = new Set(columns.map((column) => column.name));
  const outputs = declared.map(
    ({ name, type }) => `${castTo(engine, present.has(name) ? identifier(name) : 'null', type)} as ${identifier(name)}`,
  );
  return `select ${outputs.join(', ')} from ${qualified({ schema: rawSchema(source), name: source.table })}`;
}

// --- internal ---

function rawSchema(source: NonNullable<Model['source']>): string {
  return `raw_${source.connector}`;
}

async function loadVersions(session: Session): Promise<Map<string, number>> {
  if ((await session.describe({ schema: 'revops', name: 'loads' })) === null) return new Map();
  const rows = await session.query<{ connector: string; stream: string; version: number }>(
    ...statement(
      state('loads')
        .whereRaw('rows_loaded + rows_deleted + rows_vanished > 0')
        .groupBy('connector', 'stream')
        .select('connector', 'stream')
        .max({ version: 'load_number' }),
    ),
  );
  return new Map(rows.map((row) => [`raw_${row.connector.replaceAll('-', '_')}.${row.stream}`, row.version]));
}
