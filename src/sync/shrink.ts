/**
 * The shrink guard: a platform that suddenly gives nothing, or far less than before, is more likely broken than right.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier } from '../warehouse/sql.ts';
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

// --- internal ---

function total(counts: DayCounts): number {
  let sum = 0;
  for (const rows of counts.values()) sum += rows;
  return sum;
}

function refused(shape: StreamShape, manifest: Pick<Manifest, 'partition' | 'slice'>, what: string): RevopsError {
  return new RevopsError('SHRINK_REFUSED', `${streamLabel(shape)}, ${sliceLabel(manifest)}: ${what}; kept as it was`, {
    hint: 'Look at the account on the platform. If the rows are really gone, run again with --allow-shrink.',
  });
}
