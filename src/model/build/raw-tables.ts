/**
 * What the warehouse has of the raw tables that staging models read.
 */
import type { Session } from '../../warehouse/contract.ts';
import type { Column } from '../../warehouse/types.ts';
import { identifier, qualified, type RelationName } from '../../warehouse/sql.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import { castTo, emptyRelation, type EngineSpelling } from './bind.ts';
import type { Model } from '../contract.ts';
import type { CompiledProject } from '../relation.ts';

export interface RawTable {
  /** `raw_crm.deals`. */
  name: string;
  /** Columns it has; null where it does not exist. */
  columns: readonly Column[] | null;
  /** The newest load that changed a row; 0 where there was none. */
  version: number;
  /** Its rows name their loads, and replaced ones are kept: what changed since a load can be told. */
  isTracked: boolean;
  /** Columns of the replaced versions; null where there are none, or nothing reads them. */
  history: readonly Column[] | null;
}

/** Every raw table that a model of the project reads, by `raw_connector.table`. */
export async function readRawTables(session: Session, compiled: CompiledProject): Promise<Map<string, RawTable>> {
  const sources = compiled.relations.flatMap((relation) =>
    relation.kind === 'model' && relation.model.source !== undefined ? [relation.model.source] : [],
  );
  const versions = await loadVersions(session);
  const schemas = new Set(sources.map(rawSchema));
  const existing = new Set((await session.relations(...schemas)).map(qualified));
  const describe = async (table: RelationName): Promise<Column[] | null> =>
    existing.has(qualified(table)) ? session.describe(table) : null;
  const tables = new Map<string, RawTable>();
  for (const source of sources) {
    const name = rawTableName(source);
    if (tables.has(name)) continue;
    const columns = await describe(tableOf(source));
    const history = await describe(historyOf(source));
    // Who reads versions sees a row that a load replaced twice: what changed since a load is then no difference of rows.
    const isWhole = sources.some((other) => rawTableName(other) === name && other.history === true);
    const isTracked =
      !isWhole && hasColumns(columns, ['_load_id']) && hasColumns(history, ['_load_id', '_replaced_by']);
    tables.set(name, { name, columns, version: versions.get(name) ?? 0, isTracked, history: isWhole ? history : null });
  }
  return tables;
}

/** `raw_crm.deals`. */
export function rawTableName(source: NonNullable<Model['source']>): string {
  return `${rawSchema(source)}.${source.table}`;
}

/**
 * What a staging model sees as `source`: the declared columns, typed; a missing one is NULL, a missing table empty; with
 * `history` the replaced versions too.
 * `since`: only rows of loads after that one.
 */
export function sourceSelect(
  engine: EngineSpelling,
  source: NonNullable<Model['source']>,
  table: RawTable | undefined,
  since?: number,
): string {
  const declared = Object.entries(source.columns).map(([name, type]) => ({ name, type }));
  const columns = table?.columns ?? null;
  if (columns === null) return emptyRelation(engine, declared);
  const narrowed = since === undefined ? '' : ` where _load_id in (${loadsAfter(since)})`;
  const present = `select ${outputsOf(engine, declared, columns)} from ${qualified(tableOf(source))}${narrowed}`;
  const replaced = source.history === true ? (table?.history ?? null) : null;
  if (replaced === null) return present;
  return `${present}\nunion all\nselect ${outputsOf(engine, declared, replaced)} from ${qualified(historyOf(source))}`;
}

/**
 * The same as it was after load `since`: the rows that no later load wrote, and those a later load replaced. `changed`:
 * only the latter.
 */
export function oldSourceSelect(
  engine: EngineSpelling,
  source: NonNullable<Model['source']>,
  table: RawTable,
  since: number,
  scope: 'all' | 'changed',
): string {
  const declared = Object.entries(source.columns).map(([name, type]) => ({ name, type }));
  const outputs = outputsOf(engine, declared, table.columns ?? []);
  const later = loadsAfter(since);
  const replaced = `select ${outputs} from ${qualified(historyOf(source))} where _replaced_by in (${later}) and _load_id not in (${later})`;
  if (scope === 'changed') return replaced;
  return `select ${outputs} from ${qualified(tableOf(source))} where _load_id not in (${later})\nunion all\n${replaced}`;
}

// --- internal ---

function tableOf(source: NonNullable<Model['source']>): RelationName {
  return { schema: rawSchema(source), name: source.table };
}

function historyOf(source: NonNullable<Model['source']>): RelationName {
  return { schema: rawSchema(source), name: `${source.table}__history` };
}

function hasColumns(columns: readonly Column[] | null, names: readonly string[]): boolean {
  return names.every((name) => columns?.some((column) => column.name === name) === true);
}

function loadsAfter(load: number): string {
  return `select load_id from revops.loads where load_number > ${load}`;
}

function outputsOf(engine: EngineSpelling, declared: readonly Column[], columns: readonly Column[]): string {
  const present = new Set(columns.map((column) => column.name));
  return declared
    .map(
      ({ name, type }) =>
        `${castTo(engine, present.has(name) ? identifier(name) : 'null', type)} as ${identifier(name)}`,
    )
    .join(', ');
}

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
