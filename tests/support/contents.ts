/**
 * All a warehouse holds, to be compared with another one: data as people and models see them, and the engine's state
 * without ids and times of runs.
 */
import type { Session } from '../../src/warehouse/contract.ts';
import { qualified } from '../../src/warehouse/sql.ts';
import type { Column, Row } from '../../src/warehouse/types.ts';

export interface Contents {
  columns: Column[];
  rows: Row[];
}

/** By relation, `schema.name`; rows in byte order of their JSON, fractions rounded to ten digits in that order. */
export async function contentsOf(session: Session): Promise<Map<string, Contents>> {
  const contents = new Map<string, Contents>();
  const schemas = await session.query<{ name: string }>(
    "select schema_name as name from information_schema.schemata where schema_name like 'raw\\_%' escape '\\' order by 1",
  );
  const ours = [...schemas.map(({ name }) => name), 'reference', 'staging', 'feeds', 'core', 'marts'];
  for (const { schema, name } of await session.relations(...ours)) {
    const columns = (await session.describe({ schema, name })) ?? [];
    const rows = await session.query(`select * from ${qualified({ schema, name })}`);
    contents.set(`${schema}.${name}`, { columns, rows: inOrder(rows.map(withoutLoads)) });
  }
  for (const [name, sql] of Object.entries(STATE))
    contents.set(name, { columns: [], rows: inOrder(await session.query(sql)) });
  return contents;
}

/** What differs between two warehouses, one line per relation; empty where they are equal. */
export function differencesOf(found: Map<string, Contents>, wanted: Map<string, Contents>, tolerance = 0): string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].toSorted().flatMap((name) => {
    const [one, other] = [found.get(name), wanted.get(name)];
    if (one === undefined || other === undefined) return [`${name}: ${one === undefined ? 'missing' : 'not wanted'}`];
    if (JSON.stringify(one.columns) !== JSON.stringify(other.columns)) {
      return [`${name}: columns ${JSON.stringify(one.columns)}, wanted ${JSON.stringify(other.columns)}`];
    }
    if (one.rows.length !== other.rows.length) {
      const odd = oddRow(one.rows, other.rows, tolerance);
      return [`${name}: ${one.rows.length} rows, wanted ${other.rows.length}; first odd one: ${odd}`];
    }
    const odd = oddRow(one.rows, other.rows, tolerance);
    return odd === undefined ? [] : [`${name}: ${odd}`];
  });
}

/**
 * Tables of the store that nothing published needs: of builds that were never published, or of no build at all. What a
 * published build removed and added is kept, and so are ledgers.
 */
export async function orphanTables(session: Session): Promise<string[]> {
  const builds = await session.query<{ build_id: string; status: string }>(
    'select build_id, status from revops.builds',
  );
  const published = new Set(builds.filter(({ status }) => status === 'published').map(({ build_id }) => build_id));
  const tables = await session.relations('revops_store');
  return tables
    .map(({ name }) => name)
    .filter((name) => !name.endsWith('__kept'))
    .filter((name) => !published.has(/__(b\d+)(?:__(?:delta|changed))?$/.exec(name)?.[1] ?? ''));
}

// --- internal ---

const STATE: Record<string, string> = {
  'revops.stream_state':
    'select connector, stream, partition_key, cursor, full_read_at, full_started_at from revops.stream_state',
  'revops.intervals': 'select connector, stream, partition_key, day, row_count, loaded_at from revops.intervals',
  'revops.partitions': 'select * from revops.partitions',
  // What a killed run read is read again; what it changed is not changed again.
  'revops.loads': `select connector, stream, partition_key, sum(rows_loaded) as loaded, sum(rows_deleted) as deleted,
    sum(rows_vanished) as vanished from revops.loads group by connector, stream, partition_key`,
  'revops.loads balance':
    'select load_id from revops.loads where rows_read <> rows_loaded + rows_unchanged + rows_rejected',
  'revops.rejected_rows': 'select distinct connector, stream, reason, payload from revops.rejected_rows',
  'revops.published': 'select relation_schema, relation_name, columns from revops.published',
};

const OF_LOADS = new Set(['_load_id', '_replaced_by', '_row_hash', '_as_of', 'as_of']);

/** Hashes go too: they follow from the row. */
function withoutLoads(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !OF_LOADS.has(name)));
}

function inOrder(rows: readonly Row[]): Row[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row, rounded) }));
  return keyed.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0)).map(({ row }) => row);
}

function rounded(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toPrecision(10);
  return typeof value === 'bigint' ? String(value) : value;
}

function oddRow(found: readonly Row[], wanted: readonly Row[], tolerance: number): string | undefined {
  const index = Array.from({ length: Math.max(found.length, wanted.length) }, (_, at) => at).find(
    (at) => !isSame(found[at], wanted[at], tolerance),
  );
  return index === undefined ? undefined : `${text(found[index])}, wanted ${text(wanted[index])}`;
}

function isSame(found: unknown, wanted: unknown, tolerance: number): boolean {
  if (Object.is(found, wanted)) return true;
  if (typeof found === 'number' && typeof wanted === 'number') {
    return Math.abs(found - wanted) <= tolerance * Math.max(Math.abs(found), Math.abs(wanted));
  }
  if (typeof found !== 'object' || typeof wanted !== 'object' || found === null || wanted === null) return false;
  const names = Object.keys(wanted);
  return (
    names.length === Object.keys(found).length &&
    names.every((name) => isSame((found as Row)[name], (wanted as Row)[name], tolerance))
  );
}

function text(row: Row | undefined): string {
  return row === undefined ? 'nothing' : JSON.stringify(row, rounded);
}
