/**
 * Raw tables with loads and history, as syncs leave them: keyed rows inserted, changed, tombstoned, restated and removed.
 */
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { identifier, identifiers, literal } from '../../src/warehouse/sql.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import type { LogicalType } from '../../src/warehouse/types.ts';
import { recordLoad } from './building.ts';

export type RawRow = Record<string, string | null>;

export interface RawTableShape {
  connector: string;
  table: string;
  /** Besides `_deleted`. */
  columns: Record<string, LogicalType>;
  /** The columns that identify a row. */
  primaryKey: string[];
}

/** One load: rows that are there afterwards, rows that are tombstones, and rows that are gone. */
export interface Load {
  rows: RawRow[];
  tombstones?: RawRow[];
  vanished?: RawRow[];
}

/** Makes the raw table and its history. */
export async function makeRaw(warehouse: Warehouse, shape: RawTableShape): Promise<void> {
  await migrateState(warehouse, () => new Date('2026-03-01T12:00:00Z'));
  const columns = [
    ...Object.entries(shape.columns).map(([name, type]) => `${identifier(name)} ${warehouse.typeName(type)}`),
    '_load_id text',
    '_deleted boolean',
  ].join(', ');
  await warehouse.execute(`create schema if not exists raw_${shape.connector}`);
  await warehouse.execute(`create table ${tableOf(shape)} (${columns})`);
  await warehouse.execute(
    `create table raw_${shape.connector}.${identifier(`${shape.table}__history`)} (${columns}, _replaced_by text)`,
  );
}

/** Applies one load, in the order in which a sync would. */
export async function sync(warehouse: Warehouse, shape: RawTableShape, load: Load): Promise<void> {
  const [last] = await warehouse.query<{ number: number }>(
    'select cast(coalesce(max(load_number), 0) as bigint) as number from revops.loads',
  );
  const loadId = `l${(last?.number ?? 0) + 1}`;
  const gone = [...load.rows, ...(load.tombstones ?? []), ...(load.vanished ?? [])];
  if (gone.length === 0) return;
  const columns = [...Object.keys(shape.columns), '_load_id', '_deleted'];
  const isReplaced = gone.map((row) => keyCondition(shape, row)).join(' or ');
  await warehouse.execute(
    `insert into raw_${shape.connector}.${identifier(`${shape.table}__history`)} (${identifiers(columns)}, _replaced_by) select ${identifiers(columns)}, ${literal(loadId)} from ${tableOf(shape)} where ${isReplaced}`,
  );
  await warehouse.execute(`delete from ${tableOf(shape)} where ${isReplaced}`);
  const values = [
    ...load.rows.map((row) => rowOf(warehouse, shape, row, loadId, false)),
    ...(load.tombstones ?? []).map((row) => rowOf(warehouse, shape, row, loadId, true)),
  ];
  if (values.length > 0)
    await warehouse.execute(`insert into ${tableOf(shape)} (${identifiers(columns)}) values ${values.join(', ')}`);
  await recordLoad(warehouse, shape.connector, shape.table, gone.length);
}

// --- internal ---

function tableOf(shape: RawTableShape): string {
  return `raw_${shape.connector}.${identifier(shape.table)}`;
}

function keyCondition(shape: RawTableShape, row: RawRow): string {
  return `(${shape.primaryKey.map((name) => `${identifier(name)} = ${literal(row[name] ?? '')}`).join(' and ')})`;
}

function rowOf(warehouse: Warehouse, shape: RawTableShape, row: RawRow, loadId: string, isDeleted: boolean): string {
  const values = Object.entries(shape.columns).map(([name, type]) => {
    const value = row[name] ?? null;
    return `cast(${value === null ? 'null' : literal(value)} as ${warehouse.typeName(type)})`;
  });
  return `(${[...values, literal(loadId), String(isDeleted)].join(', ')})`;
}
