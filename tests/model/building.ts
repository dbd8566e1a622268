/**
 * Builds on a test warehouse, and raw tables as a sync leaves them.
 */
import { build } from '../../src/model/build/build.ts';
import type { BuildEvent, BuildOptions, BuildReport } from '../../src/model/build/build-options.ts';
import { compileProject } from '../../src/model/compile/compile.ts';
import type { InputRow, ModelProject } from '../../src/model/contract.ts';
import type { CompiledProject } from '../../src/model/relation.ts';
import { planBuild } from '../../src/model/plan/plan.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { identifier, literal } from '../../src/warehouse/sql.ts';
import { migrateState, state, statement } from '../../src/warehouse/state/index.ts';
import type { EngineName, LogicalType, Row } from '../../src/warehouse/types.ts';

export type Inputs = Record<string, InputRow[]>;

const NOW = new Date('2026-03-01T12:00:00Z');

/** A project is compiled once per engine, however often it is built. */
const known = new WeakMap<ModelProject, Map<EngineName, Promise<CompiledProject>>>();

function compiledOf(project: ModelProject, engine: EngineName): Promise<CompiledProject> {
  const compiled = known.get(project) ?? new Map<EngineName, Promise<CompiledProject>>();
  known.set(project, compiled);
  const found = compiled.get(engine) ?? compileProject(project, engine);
  compiled.set(engine, found);
  return found;
}

/** A build as the tests run it. */
export async function run(
  warehouse: Warehouse,
  project: ModelProject,
  inputs: Inputs = {},
  options: Partial<BuildOptions> = {},
): Promise<BuildReport & { ran: string[]; events: BuildEvent[] }> {
  const events: BuildEvent[] = [];
  const report = await build({
    warehouse,
    project,
    compiled: options.compiled ?? (await compiledOf(project, warehouse.engine)),
    inputs,
    now: () => NOW,
    runId: 'run',
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    ...report,
    ran: report.relations.filter((relation) => relation.action === 'run').map((relation) => relation.name),
    events,
  };
}

/** What a build would do: `name: reasons` of everything that is not skipped. */
export async function planned(warehouse: Warehouse, project: ModelProject, inputs: Inputs = {}): Promise<string[]> {
  const { relations } = await planBuild({
    warehouse,
    compiled: await compiledOf(project, warehouse.engine),
    inputs,
  });
  return relations
    .filter((one) => one.action !== 'skip')
    .map((one) => `${one.name} ${one.action}: ${one.reasons.join('; ')}`);
}

/** Puts rows into a raw table, made on first use, and records the load as a sync does. */
export async function loadRaw(
  warehouse: Warehouse,
  connector: string,
  table: string,
  columns: Record<string, LogicalType>,
  rows: (string | null)[][],
): Promise<void> {
  await migrateState(warehouse, () => NOW);
  const name = `raw_${connector.replaceAll('-', '_')}.${identifier(table)}`;
  const spelled = Object.entries(columns).map(([column, type]) => `${identifier(column)} ${warehouse.typeName(type)}`);
  await warehouse.execute(`create schema if not exists raw_${connector.replaceAll('-', '_')}`);
  await warehouse.execute(`create table if not exists ${name} (${spelled.join(', ')})`);
  for (const row of rows) {
    await warehouse.execute(
      `insert into ${name} (${Object.keys(columns).map(identifier).join(', ')}) values (${row.map((value) => (value === null ? 'null' : literal(value))).join(', ')})`,
    );
  }
  await recordLoad(warehouse, connector, table, rows.length);
}

/** The record of a load that changed so many rows. */
export async function recordLoad(
  warehouse: Warehouse,
  connector: string,
  stream: string,
  changed: number,
): Promise<void> {
  const [last] = await warehouse.query<{ last: number | null }>(
    ...statement(state('loads').max({ last: 'load_number' })),
  );
  const number = (last?.last ?? 0) + 1;
  const counts = {
    rows_read: changed,
    rows_loaded: changed,
    rows_unchanged: 5,
    rows_rejected: 0,
    rows_deleted: 0,
    rows_vanished: 0,
  };
  const times = { started_at: NOW, extracted_at: NOW, committed_at: NOW };
  const row = {
    load_id: `l${number}`,
    load_number: number,
    run_id: 'run',
    connector,
    stream,
    partition_key: '{}',
    slice: '',
    mode: 'upsert',
    ...times,
    ...counts,
  };
  await warehouse.execute(...statement(state('loads').insert(row)));
}

/** Every row of a relation, in a fixed order. */
export async function rowsOf(warehouse: Warehouse, relation: string): Promise<Row[]> {
  const rows = await warehouse.query(`select * from ${relation}`);
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** All that people see, by relation. */
export async function everything(warehouse: Warehouse): Promise<Record<string, Row[]>> {
  const found: Record<string, Row[]> = {};
  for (const { schema, name } of await warehouse.relations('reference', 'staging', 'feeds', 'core', 'marts'))
    found[`${schema}.${name}`] = await rowsOf(warehouse, `${schema}.${name}`);
  return found;
}
