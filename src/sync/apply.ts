/**
 * Staged rows into a stream's tables: superseded and vanished versions to history, changed rows in, unchanged rows left
 * alone. Runs inside the load's transaction. Joins compare text byte by byte; raw tables have at most one row per key.
 */
import { RevopsError } from '../errors.ts';
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { identifier, identifiers, literal, qualified } from '../warehouse/sql.ts';
import type { RowCounts } from './contract.ts';
import { checkControlTotals } from './control.ts';
import type { Manifest } from './manifest.ts';
import { notRejected } from './rejected.ts';
import { checkRepeats } from './repeats.ts';
import { forgetReported, rememberReported, reportedSource } from './reported.ts';
import { AS_OF, rawColumns, streamLabel, type StreamShape } from './shape.ts';
import { checkShrink, checkSnapshotShrink, rowsPerDay, type DayCounts } from './shrink.ts';
import { dropDuplicates, dropSupersededSets, OWNERS, stage, STAGED, unstage } from './staging.ts';

export interface Application {
  warehouse: Warehouse;
  /** The load's transaction. */
  session: Session;
  shape: StreamShape;
  manifest: Manifest;
  spoolFolder: string;
  /** When the load is made; ISO 8601. */
  at: string;
  /** `window`: largest share of rows a slice may lose. */
  shrinkLimit: number;
  allowShrink: boolean;
}

export interface Applied {
  rows: RowCounts;
  /** `window`: rows per day that landed. */
  days: DayCounts;
  /** `append`: rows whose key was there with other content. */
  contradicting: number;
}

/** Applies a spool. Throws SHRINK_REFUSED, CONTROL_TOTAL, STREAM_CONTRACT; the caller rolls back. */
export async function applySpool(application: Application): Promise<Applied> {
  const { warehouse, session, shape, manifest, spoolFolder } = application;
  await stage(warehouse, session, shape, manifest, spoolFolder);
  await checkRepeats(session, shape);
  const superseded = shape.mode === 'set' ? await dropSupersededSets(session, shape) : 0;
  const duplicates = superseded + (await dropDuplicates(session, shape));
  const days = shape.mode === 'window' ? await rowsPerDay(session, STAGED, shape, 'true') : new Map<string, number>();
  checkDays(manifest, days);

  const isFirst = await hasNoneYet(application);
  const vanished = isFirst ? { deleted: 0, vanished: 0 } : await applyVanished(application, days);
  const settled = isFirst ? { unchanged: 0, contradicting: 0 } : await dropUnchanged(application);
  const changed = await applyChanged(application, isFirst);
  if (manifest.controlTotals !== null) {
    await checkControlTotals(session, shape, manifest, scopeOf(shape, controlledPart(manifest)));
  }
  await unstage(session, shape);

  const rows: RowCounts = {
    read: manifest.read,
    loaded: changed.loaded,
    unchanged: duplicates + settled.unchanged,
    rejected: manifest.rejected,
    deleted: changed.deleted + vanished.deleted,
    vanished: vanished.vanished,
  };
  if (rows.read !== rows.loaded + rows.unchanged + rows.rejected) {
    throw new RevopsError(
      'STREAM_CONTRACT',
      `${streamLabel(shape)}: ${rows.read} rows read, but ${rows.loaded} loaded + ${rows.unchanged} unchanged + ${rows.rejected} rejected`,
      { hint: 'Nothing was loaded. Please report this.' },
    );
  }
  return { rows, days, contradicting: settled.contradicting };
}

/** A condition on table alias `t`: the rows of the load's partition (and days). */
export function scopeOf(shape: StreamShape, { partition, slice }: Pick<Manifest, 'partition' | 'slice'>): string {
  const declared = new Set(shape.columns.map(({ name }) => name));
  const conditions = Object.entries(partition.key)
    .filter(([name]) => declared.has(name))
    .map(([name, value]) => `t.${identifier(name)} = ${literal(value)}`);
  if (slice.kind === 'window' && shape.day !== null) {
    conditions.push(`t.${identifier(shape.day)} between date ${literal(slice.from)} and date ${literal(slice.to)}`);
  }
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

// --- internal ---

/** The days of a slice that its control totals are of. */
function controlledPart({ partition, slice, controlledTo }: Manifest): Pick<Manifest, 'partition' | 'slice'> {
  const isShorter = slice.kind === 'window' && controlledTo !== undefined;
  return { partition, slice: isShorter ? { ...slice, to: controlledTo } : slice };
}

/** A page that said its days were whole (`through`) was followed by them, or had a later one. */
function checkDays({ slice, ...manifest }: Manifest, days: DayCounts): void {
  if (slice.kind !== 'window') return;
  const beyond = [...days.keys()].find((day) => day < slice.from || day > slice.to);
  if (beyond === undefined) return;
  throw new RevopsError(
    'STREAM_CONTRACT',
    `${streamLabel(manifest)}: a row of ${beyond} among those of ${slice.from} to ${slice.to}, which were said to be whole`,
    { hint: 'Nothing was loaded. Correct `through` in the stream of the connector.' },
  );
}

/** Whether no row of the load can be there already: a first read has nothing to compare itself with. */
async function hasNoneYet({ session, shape, manifest }: Application): Promise<boolean> {
  const scope = isFixed({ shape, manifest }) ? scopeOf(shape, manifest) : 'true';
  const found = await session.query(`select 1 as one from ${qualified(shape.table)} as t where ${scope} limit 1`);
  return found.length === 0;
}

async function applyVanished(
  application: Application,
  days: DayCounts,
): Promise<{ deleted: number; vanished: number }> {
  const { session, shape, manifest } = application;
  const raw = qualified(shape.table);
  const scope = scopeOf(shape, manifest);
  const notGiven = `not exists (select 1 from ${STAGED} as s where ${sameKey(shape)}) and ${notRejected(shape, manifest)}`;
  if (shape.mode === 'window') {
    const before = await rowsPerDay(session, raw, shape, scope);
    if (before.size === 0) return { deleted: 0, vanished: 0 };
    if (!application.allowShrink) checkShrink(shape, manifest, before, days, application.shrinkLimit);
    return { deleted: 0, vanished: await moveAway(application, `${scope} and ${notGiven}`) };
  }
  if (shape.mode === 'set' && manifest.parts.owners > 0) {
    const owned = shape.partitionBy.map((name) => `o.${identifier(name)} = t.${identifier(name)}`).join(' and ');
    const where = `exists (select 1 from ${OWNERS} as o where ${owned}) and ${notGiven}`;
    return { deleted: 0, vanished: await moveAway(application, where) };
  }
  if (manifest.isSnapshot) {
    const live = `${scope} and not t._deleted`;
    const where = `${live} and ${notGiven}`;
    if (!application.allowShrink) await checkSnapshotShrink(session, shape, manifest, live, where);
    await keepHistory(application, where);
    const deleted = await session.execute(
      `update ${raw} as t set _deleted = true, _load_id = ${literal(manifest.loadId)} where ${where}`,
    );
    return { deleted, vanished: 0 };
  }
  return { deleted: 0, vanished: 0 };
}

/** Leaves only staged rows that change something. */
async function dropUnchanged(application: Application): Promise<{ unchanged: number; contradicting: number }> {
  const { session, shape } = application;
  const known = `${STAGED} as s using ${qualified(shape.table)} as t where ${joined(application)}`;
  if (shape.mode === 'append') {
    const [found] = await session.query<{ n: number }>(
      `select count(*) as n from ${STAGED} as s join ${qualified(shape.table)} as t on ${joined(application)}
       where t._row_hash <> s._row_hash`,
    );
    return { unchanged: await session.execute(`delete from ${known}`), contradicting: found?.n ?? 0 };
  }
  const same = '((not s._gone and not t._deleted and t._row_hash = s._row_hash) or (s._gone and t._deleted))';
  return { unchanged: await session.execute(`delete from ${known} and ${same}`), contradicting: 0 };
}

async function applyChanged(application: Application, isFirst: boolean): Promise<{ loaded: number; deleted: number }> {
  const { session, shape, manifest, at } = application;
  const [left] = await session.query<{ n: number; gone: number }>(
    `select count(*) as n, count(case when _gone then 1 end) as gone from ${STAGED}`,
  );
  const changed = left?.n ?? 0;
  const gone = left?.gone ?? 0;
  if (changed === 0) return { loaded: 0, deleted: 0 };

  const raw = qualified(shape.table);
  const loadId = literal(manifest.loadId);
  const staged = `exists (select 1 from ${STAGED} as s where ${joined(application)})`;
  const known = shape.mode === 'append' || isFirst ? 0 : await keepHistory(application, staged);
  let tombstoned = 0;
  if (known > 0 && gone > 0) {
    const goneOnes = `from ${STAGED} as s where ${joined(application)} and s._gone`;
    // What was known stays; what only the notice tells (the record it was merged into) comes with it.
    const told = shape.columns
      .filter(({ name }) => !shape.primaryKey.includes(name))
      .map(({ name }) => `, ${identifier(name)} = coalesce(t.${identifier(name)}, s.${identifier(name)})`);
    tombstoned = await session.execute(
      `update ${raw} as t set _deleted = true, _load_id = ${loadId}${told.join('')} ${goneOnes}`,
    );
    await session.execute(
      `delete from ${STAGED} as s using ${raw} as t where ${joined(application)} and s._gone and t._deleted`,
    );
  }
  const hasTimes = shape.reported.length > 0;
  if (hasTimes) await rememberReported(session, shape, isFirst ? 'false' : joined(application));
  if (known - tombstoned > 0) await session.execute(`delete from ${raw} as t where ${staged}`);
  const columns = [...shape.columns.map(({ name }) => name), '_extra', '_row_hash'];
  const { from, asOf } = hasTimes ? reportedSource(shape, at) : { from: `${STAGED} as s`, asOf: null };
  const inserted = await session.execute(
    `insert into ${raw} (${identifiers([...columns, '_load_id', '_deleted', ...(hasTimes ? [AS_OF.name] : [])])})
     select ${columns.map((name) => `s.${identifier(name)}`).join(', ')}, ${[loadId, 's._gone', asOf ?? []].flat().join(', ')} from ${from}`,
  );
  if (hasTimes) await forgetReported(session);
  return { loaded: tombstoned + inserted, deleted: gone };
}

async function moveAway(application: Application, where: string): Promise<number> {
  const moved = await keepHistory(application, where);
  if (moved === 0) return 0;
  return application.session.execute(`delete from ${qualified(application.shape.table)} as t where ${where}`);
}

/** Copies versions that are about to be replaced; gives their number. */
async function keepHistory(application: Application, where: string): Promise<number> {
  const { session, shape, manifest, at } = application;
  const columns = rawColumns(shape).map(({ name }) => name);
  return session.execute(
    `insert into ${qualified(shape.history)} (${identifiers([...columns, '_replaced_by', '_replaced_at'])})
     select ${identifiers(columns)}, ${literal(manifest.loadId)}, cast(${literal(at)} as timestamptz)
     from ${qualified(shape.table)} as t where ${where}`,
  );
}

function sameKey(shape: StreamShape): string {
  return shape.primaryKey.map((name) => `t.${identifier(name)} = s.${identifier(name)}`).join(' and ');
}

/** Same key; within the partition and days where the key cannot be elsewhere, which lets engines skip the rest. */
function joined({ shape, manifest }: Application): string {
  return isFixed({ shape, manifest }) ? `${sameKey(shape)} and ${scopeOf(shape, manifest)}` : sameKey(shape);
}

/** Whether a row of the load's partition and days is nowhere else, by its key. */
function isFixed({ shape, manifest }: Pick<Application, 'shape' | 'manifest'>): boolean {
  const key = new Set(shape.primaryKey);
  return shape.day !== null && key.has(shape.day) && Object.keys(manifest.partition.key).every((name) => key.has(name));
}
