/**
 * The tables behind what people see: one per relation and build, in a schema of their own.
 */
import type { Session, Warehouse } from '../../warehouse/contract.ts';
import { isRevopsError, messageOf } from '../../errors.ts';
import { digest } from '../compile/digest.ts';
import { lastPublished } from './kept-builds.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';

/** The schema of the versioned tables. */
export const STORE = 'revops_store';

/** `cac__b12`. */
export function physicalName(relation: string, buildId: string): string {
  return `${relation}__${buildId}`;
}

/**
 * A table that only one build works with, `deals__b12__touched`; those of rows removed and added, and
 * of the keys that changed, are kept for a while. No table of a relation ends like this.
 */
export function workName(relation: string, buildId: string, kind: string): string {
  return `${physicalName(shortened(relation), buildId)}__${kind}`;
}

/** The one table of a relation whose rows stay, `credits__kept`: no clearing up takes it for a version of a build. */
export function keptName(relation: string): string {
  return `${shortened(relation)}__kept`;
}

/** Makes the schema where there is none. Call it under the lease. */
export async function ensureStore(session: Session): Promise<void> {
  await session.execute(`create schema if not exists ${identifier(STORE)}`);
}

/**
 * Tables nobody needs: those of builds that never got published, versions older than the one before the current, and
 * failing rows of tests of earlier builds, tables that a build worked with. A build that is not known is not published. `keepRemoved`: one version of
 * relations that are shown no more stays, for those who still read it.
 */
export function obsoleteTables(
  tables: readonly string[],
  current: ReadonlySet<string>,
  builds: ReadonlyMap<string, string>,
  keepRemoved: boolean,
): string[] {
  const lastDeltas = lastPublished(builds);
  const work = tables.filter((table) => {
    const [, number, kind] = /^.*__b(\d+)__([a-z_0-9]+)$/.exec(table) ?? [];
    // of a relation that is itself called like a table of a build
    if (kind === undefined || /(^|__)(b\d+|kept)$/.test(kind)) return false;
    return !(['delta', 'changed'].includes(kind) && lastDeltas.includes(Number(number)));
  });
  const versions = tables.flatMap((table) => {
    const [, relation, number] = /^(.*)__b(\d+)$/.exec(table) ?? [];
    return relation === undefined
      ? []
      : [{ table, relation, number: Number(number), isPublished: builds.get(`b${number ?? ''}`) === 'published' }];
  });
  const shown = new Set(versions.filter((version) => current.has(version.table)).map((version) => version.relation));
  const lastFailing = Math.max(0, ...versions.filter(isFailing).map((version) => version.number));
  const old = versions
    .filter((version) => {
      if (current.has(version.table)) return false;
      if (isFailing(version)) return version.number < lastFailing;
      if (!version.isPublished || (!keepRemoved && !shown.has(version.relation))) return true;
      // the newest published one besides the current is kept: a reader may still be in it
      return versions.some(
        (other) =>
          other.relation === version.relation &&
          other.isPublished &&
          !current.has(other.table) &&
          other.number > version.number,
      );
    })
    .map((version) => version.table);
  return [...work, ...old].toSorted();
}

/** Name of the table of rows that fail a test. */
export function failingName(relation: string, index: number, buildId: string): string {
  return physicalName(`${FAILING}${relation}_${index}`, buildId);
}

/** Drops tables of the store; gives those that could not be, with the reason: someone still reads them. */
export async function dropTables(
  warehouse: Warehouse,
  tables: readonly string[],
): Promise<{ table: string; reason: string }[]> {
  const kept: { table: string; reason: string }[] = [];
  for (let from = 0; from < tables.length; from += AT_ONCE) {
    const some = tables.slice(from, from + AT_ONCE);
    if ((await dropTogether(warehouse, some)) === null) continue;
    // who still reads one of them keeps no other
    for (const table of some) {
      const reason = await dropTogether(warehouse, [table]);
      if (reason !== null) kept.push({ table, reason });
    }
  }
  return kept;
}

// --- internal ---

const FAILING = 'failing_rows_';

/** Tables dropped in one commit: Postgres holds a lock on each until then. */
const AT_ONCE = 100;

/** Drops all of the tables or none; gives the reason where it is none. */
async function dropTogether(warehouse: Warehouse, tables: readonly string[]): Promise<string | null> {
  if (tables.length === 0) return null;
  try {
    await warehouse.transaction(async (session) => {
      if (session.engine === 'postgres') await session.execute(`set local lock_timeout = '1s'`);
      const drops = tables.map((name) => `drop table if exists ${qualified({ schema: STORE, name })}`);
      await session.script(drops.join(';\n'));
    });
    return null;
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    return messageOf(error);
  }
}

function shortened(relation: string): string {
  return relation.length > 30 ? `${relation.slice(0, 22)}${digest(relation).slice(0, 8)}` : relation;
}

function isFailing(version: { relation: string }): boolean {
  return version.relation.startsWith(FAILING);
}
