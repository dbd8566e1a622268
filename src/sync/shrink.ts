/**
 * The shrink guard: a platform that suddenly gives nothing, or far less than before, is more likely broken than right.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, qualified } from '../warehouse/sql.ts';
import { sliceLabel, type Manifest } from './manifest.ts';
import { streamLabel, type StreamShape } from './shape.ts';

/** Rows per day; days without rows are absent. */
export type DayCounts = ReadonlyMap<string, number>;

/** Below this many rows a share says nothing. */
export const SHRINK_MINIMUM = 20;

/** Rows per day of a relation (alias `t`). */
export async function rowsPerDay(
  session: Session,
  relation: string,
  shape: StreamShape,
  where: string,
): Promise<DayCounts> {
  if (shape.day === null) return new Map();
  const rows = await session.query<{ day: string; n: number }>(
    `select t.${identifier(shape.day)} as day, count(*) as n from ${relation} as t where ${where} group by 1`,
  );
  return new Map(rows.map(({ day, n }) => [day, n]));
}

/**
 * Throws SHRINK_REFUSED where a slice that had rows would have none, where a day of 20 rows or more would have none, or
 * where a slice of 20 rows or more would lose more than `limit` of them.
 */
export function checkShrink(
  shape: StreamShape,
  manifest: Pick<Manifest, 'partition' | 'slice'>,
  before: DayCounts,
  after: DayCounts,
  limit: number,
): void {
  const had = total(before);
  const has = total(after);
  const emptied = [...before].find(([day, rows]) => rows >= SHRINK_MINIMUM && !after.has(day));
  if (emptied !== undefined && has > 0)
    throw refused(shape, manifest, `${emptied[0]} had ${emptied[1]} rows and would have none`);
  if ((had > 0 && has === 0) || (had >= SHRINK_MINIMUM && had - has > had * limit)) {
    throw refused(shape, manifest, `it had ${had} rows and would have ${has}`);
  }
}

/**
 * Throws SHRINK_REFUSED where a full read would bury more than half of 20 live rows or more: an account whose rights were
 * cut answers with less, not with an error. `live` and `buried` are conditions on the raw table (alias `t`).
 */
export async function checkSnapshotShrink(
  session: Session,
  shape: StreamShape,
  manifest: Pick<Manifest, 'partition' | 'slice'>,
  live: string,
  buried: string,
): Promise<void> {
  const count = async (where: string): Promise<number> => {
    const [row] = await session.query<{ n: number }>(
      `select count(*) as n from ${qualified(shape.table)} as t where ${where}`,
    );
    return row?.n ?? 0;
  };
  const gone = await count(buried);
  if (gone <= SHRINK_MINIMUM * SNAPSHOT_LIMIT) return;
  const had = await count(live);
  if (had < SHRINK_MINIMUM || gone <= had * SNAPSHOT_LIMIT) return;
  throw refused(shape, manifest, `it had ${had} rows and would have ${had - gone} of them`);
}

// --- internal ---

/** Largest share of a snapshot's live rows that a full read may bury. */
const SNAPSHOT_LIMIT = 0.5;

function total(counts: DayCounts): number {
  let sum = 0;
  for (const rows of counts.values()) sum += rows;
  return sum;
}

function refused(shape: StreamShape, manifest: Pick<Manifest, 'partition' | 'slice'>, what: string): RevopsError {
  return new RevopsError('SHRINK_REFUSED', `${streamLabel(shape)}, ${sliceLabel(manifest)}: ${what}; kept as it was`, {
    hint: 'Look at the source: what the platform shows of the account, or whether the file is whole. If the rows are really gone, run again with --allow-shrink.',
  });
}
