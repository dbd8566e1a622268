import type { Session } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import type { LogicalType } from '../../warehouse/types.ts';
import { rawTableName } from '../build/raw-tables.ts';
import type { CompiledProject, ModelRelation } from '../relation.ts';
import { lineageOf, type Lineage } from './lineage-graph.ts';

/** A row as a platform gave it, and the load that brought it. */
export interface RawRow {
  /** The feed it came through. */
  feed: string;
  /** `raw_hubspot.deals` */
  table: string;
  /** What finds it there, by column. */
  key: Record<string, string>;
  /** The load that last changed it. */
  load_id: string | null;
  /** When that load was committed, ISO 8601 UTC. */
  loaded_at: string | null;
  is_deleted: boolean | null;
}

/** A row of a feed, by the values of its grain. */
export interface FeedRow {
  feed: string;
  grain: Readonly<Record<string, string>>;
}

/** Raw rows of one feed row at most: what many rows were made one of is shown in part. */
const MOST = 20;

/**
 * The raw rows that rows of feeds were made of, in their order. They are found by the columns of the feed's grain that
 * staging passes on as they are; where staging computes such a column, by the others alone.
 */
export async function rawRowsOf(
  session: Session & { typeName(type: LogicalType): string },
  compiled: CompiledProject,
  rows: readonly FeedRow[],
): Promise<RawRow[]> {
  const lineage = lineageOf(compiled);
  const found: RawRow[] = [];
  for (const row of rows) {
    for (const arm of armsOf(compiled, row.feed)) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      found.push(...(await rawRowsOfArm(session, lineage, arm, row)));
    }
  }
  return found;
}

// --- internal ---

function armsOf(compiled: CompiledProject, feed: string): ModelRelation[] {
  return compiled.relations.filter(
    (relation): relation is ModelRelation =>
      relation.kind === 'model' && relation.model.feeds === feed && relation.model.source !== undefined,
  );
}

async function rawRowsOfArm(
  session: Session & { typeName(type: LogicalType): string },
  lineage: Lineage,
  { name, columns, model }: ModelRelation,
  { feed, grain }: FeedRow,
): Promise<RawRow[]> {
  const { source } = model;
  // a staging model that came after the last build
  if (source === undefined || (await session.describe({ schema: 'staging', name })) === null) return [];
  const wanted = Object.entries(grain).filter(([column]) => columns.some((own) => own.name === column));
  const conditions = wanted.map(([column], index) => {
    const type = columns.find((own) => own.name === column)?.type ?? 'text';
    return `${identifier(column)} = cast($${index + 1} as ${session.typeName(type)})`;
  });
  const staged = await session.query(
    `select 1 as one from ${qualified({ schema: 'staging', name })} where ${conditions.join(' and ')} limit 1`,
    wanted.map(([, value]) => value),
  );
  if (staged.length === 0) return [];
  const table = rawTableName(source);
  const [schema = '', raw = ''] = table.split('.');
  const passed = wanted.flatMap(([column, value]) => {
    const edges = (lineage.up.get(`${name}.${column}`) ?? []).filter(({ kind }) => kind === 'passed');
    const own = edges.length === 1 ? lineage.nodes.get(edges[0]?.from ?? '') : undefined;
    return own?.relation === table ? [{ column: own.column, value }] : [];
  });
  if (passed.length === 0) return [];
  const matches = passed.map(
    ({ column }, index) =>
      `made.${identifier(column)} = cast($${index + 1} as ${session.typeName(source.columns[column] ?? 'text')})`,
  );
  const rows = await session.query<Pick<RawRow, 'load_id' | 'loaded_at' | 'is_deleted'>>(
    `select made._load_id as load_id, loads.committed_at as loaded_at, made._deleted as is_deleted
     from ${qualified({ schema, name: raw })} as made
     left join revops.loads on loads.load_id = made._load_id
     where ${matches.join(' and ')} order by loads.load_number limit ${MOST}`,
    passed.map(({ value }) => value),
  );
  const key = Object.fromEntries(passed.map(({ column, value }) => [column, value]));
  return rows.map((row) => ({ feed, table, key, ...row }));
}
