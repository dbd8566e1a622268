/**
 * Digests of what a ledger froze: one per month and build, made when the rows are put in and never again. They are the same
 * on every engine, so an edit by hand, in any warehouse, is found.
 */
import type { Session, Warehouse } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import type { EngineSpelling } from '../build/bind.ts';
import { canonicalText, sha256Of } from './canonical-text.ts';
import { FROZEN_BY, PERIOD, readLedgerColumns, type LedgerColumn } from './ledger-store.ts';
import { keptName, STORE } from '../store/store.ts';

export interface LedgerDigest {
  /** A month, `2026-03`; empty where the ledger names no `period`, or the row has none. */
  period: string;
  /** The build that froze the rows: `b12`. */
  buildId: string;
  rows: number;
  /** SHA-256, hexadecimal. */
  digest: string;
}

export interface LedgerBreach {
  ledger: string;
  period: string;
  buildId: string;
  /** Rows that were frozen, and rows that are there. */
  frozenRows: number;
  foundRows: number;
}

/** Digests of rows that a SELECT gives with all columns of a ledger, the hidden ones included. */
export async function digestsOf(
  warehouse: Warehouse,
  columns: readonly LedgerColumn[],
  select: string,
): Promise<LedgerDigest[]> {
  const rows = await warehouse.query<{ period: string; build: number | null; rows: number; digest: string }>(
    digestSelect(warehouse, columns, select),
  );
  return sorted(rows.map(({ build, ...own }) => ({ ...own, buildId: `b${build ?? 0}` })));
}

/** Writes digests down, in the publishing transaction. */
export async function recordDigests(session: Session, ledger: string, made: readonly LedgerDigest[]): Promise<void> {
  for (const { period, buildId, rows, digest } of made) {
    const row = { relation_name: ledger, period, build_id: buildId, row_count: rows, digest };
    await session.execute(...statement(state('ledger_digests').insert(row)));
  }
}

/** The names of all ledgers that ever froze a row, sorted; those the project has no more included. */
export async function ledgersOf(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    ...statement(state('ledger_digests').distinct({ name: 'relation_name' }).orderBy('name')),
  );
  return rows.map(({ name }) => name);
}

/** What was written down when the rows were frozen, by period and build. */
export async function frozenDigests(session: Session, ledger: string): Promise<LedgerDigest[]> {
  const rows = await session.query<{ period: string; buildId: string; rows: number; digest: string }>(
    ...statement(
      state('ledger_digests')
        .where({ relation_name: ledger })
        .select({ period: 'period', buildId: 'build_id', rows: 'row_count', digest: 'digest' }),
    ),
  );
  return sorted(rows);
}

/**
 * Where a ledger holds other rows than were frozen: changed, taken out, or put in by anybody but a build. Empty where
 * nothing did. A ledger whose table is gone breaches everywhere.
 */
export async function verifyLedger(warehouse: Warehouse, ledger: string): Promise<LedgerBreach[]> {
  const columns = await readLedgerColumns(warehouse, ledger);
  const frozen = await frozenDigests(warehouse, ledger);
  const table = { schema: STORE, name: keptName(ledger) };
  const isThere = (await warehouse.describe(table)) !== null;
  const found = isThere ? await digestsOf(warehouse, columns, `select * from ${qualified(table)}`) : [];
  const place = ({ period, buildId }: LedgerDigest): string => `${period} ${buildId}`;
  const byPlace = new Map(found.map((own) => [place(own), own]));
  const places = new Map([...frozen, ...found].map((own) => [place(own), own]));
  return sorted([...places.values()]).flatMap(({ period, buildId }): LedgerBreach[] => {
    const key = `${period} ${buildId}`;
    const before = frozen.find((own) => place(own) === key);
    const now = byPlace.get(key);
    if (before !== undefined && now?.digest === before.digest) return [];
    return [{ ledger, period, buildId, frozenRows: before?.rows ?? 0, foundRows: now?.rows ?? 0 }];
  });
}

// --- internal ---

function sorted(digests: readonly LedgerDigest[]): LedgerDigest[] {
  const number = ({ buildId }: LedgerDigest): number => Number(buildId.slice(1));
  return digests.toSorted((a, b) => (a.period === b.period ? number(a) - number(b) : a.period < b.period ? -1 : 1));
}

/** The digests of rows, joined in the order of their text: in two steps, so that no text is longer than some megabytes. */
function digestSelect(engine: EngineSpelling, columns: readonly LedgerColumn[], select: string): string {
  const [period, build] = [identifier(PERIOD), identifier(FROZEN_BY)];
  const values = columns.map(({ name, type, since }) => {
    const text = canonicalText(engine, identifier(name), type);
    return `case when ${build} >= ${since} then ${text} else '' end`;
  });
  const joined = (text: string, order: string): string =>
    `string_agg(${text}, '' order by ${order}${engine.engine === 'postgres' ? ' collate "C"' : ''})`;
  return `
with hashed as (
  select ${period} as period, ${build} as build, ${sha256Of(engine, values.join(' || '))} as row_digest from (${select}\n) as frozen
), buckets as (
  select period, build, substr(row_digest, 1, 2) as bucket, count(*) as rows,
    ${sha256Of(engine, joined('row_digest', 'row_digest'))} as digest
  from hashed group by period, build, substr(row_digest, 1, 2)
)
select coalesce(period, '') as period, build, cast(sum(rows) as bigint) as rows,
  ${sha256Of(engine, joined('bucket || digest', 'bucket'))} as digest
from buckets group by period, build`;
}
