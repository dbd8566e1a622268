/**
 * The shipped project through the real command line on both engines: the same relations, the true numbers.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openWarehouse } from '../../src/warehouse/index.ts';
import type { Session } from '../../src/warehouse/contract.ts';
import type { EngineName, Row } from '../../src/warehouse/types.ts';
import { type Company, companyProject, openCompany } from '../support/company.ts';
import { type Contents, contentsOf, differencesOf } from '../support/contents.ts';
import { createDatabase, dropDatabase } from '../support/databases.ts';
import { expectSameRows } from '../support/same-rows.ts';
import { engines, testPostgresUrl } from '../support/warehouses.ts';
import { trueCustomers, trueMarginalCac, trueSpend } from './truth.ts';

const START = '2025-05-01';
/** Less than 90 days after the start: the platform still tells of every click. */
const FIRST_DAY = '2025-07-28T06:00:00.000Z';
const NEXT_DAY = '2025-07-29T06:00:00.000Z';

/** What each engine's warehouse holds after the first run, the same again, and the run of the next day. */
interface Course {
  first: Map<string, Contents>;
  /** How many rows of spend say since when they are known, by that instant: after the first run and that of the next day. */
  dated: [Record<string, number>, Record<string, number>];
  again: { contents: Map<string, Contents>; loads: LoadTotals };
  next: { contents: Map<string, Contents>; loads: LoadTotals };
}

interface LoadTotals {
  read: number;
  changed: number;
  builds: string[];
}

let company: Company;
const courses = new Map<EngineName, Course>();

beforeAll(async () => {
  company = await openCompany({ months: 4, now: FIRST_DAY });
  const server = await testPostgresUrl();
  for (const engine of engines) courses.set(engine, await course(engine, server));
}, 600_000);

afterAll(() => company.close());

describe('the shipped project on DuckDB and on Postgres', () => {
  it('gives the same columns and rows in every relation, raw tables and histories included', () => {
    const [duckdb, postgres] = [courses.get('duckdb')!, courses.get('postgres')!];
    expect(duckdb.first.size).toBeGreaterThan(70);
    for (const name of ['marts.cac', 'core.attribution_credits', 'feeds.ad_spend_feed', 'raw_hubspot.deals']) {
      expect(duckdb.first.get(name)?.rows.length, name).toBeGreaterThan(0);
    }
    expect(differencesOf(duckdb.first, postgres.first, 1e-9)).toEqual([]);
    expect(differencesOf(duckdb.next.contents, postgres.next.contents, 1e-9)).toEqual([]);
  });

  it('says of the same spend since when it is known: new and restated days since today, the others since the day before', () => {
    const { dated } = courses.get('duckdb')!;
    expect(courses.get('postgres')!.dated).toEqual(dated);
    const [first, next] = [FIRST_DAY, NEXT_DAY].map((instant) => instant.replace('.000Z', '.000000Z'));
    expect(Object.keys(dated[0])).toEqual([first]);
    expect(Object.keys(dated[1])).toEqual([first, next]);
    expect(dated[1][next!]).toBeLessThan(dated[1][first!]!);
  });
});

for (const engine of engines) {
  describe(`the shipped project on ${engine}`, () => {
    it('changes nothing when it runs again', () => {
      const { first, again } = courses.get(engine)!;
      expect(again.loads).toMatchObject({ changed: 0, builds: ['unchanged'] });
      expect(differencesOf(again.contents, first)).toEqual([]);
    });

    it('loads only the difference a day later', () => {
      const { first, next } = courses.get(engine)!;
      expect(next.loads.builds).toEqual(['published']);
      expect(next.loads.changed).toBeGreaterThan(0);
      expect(next.loads.changed).toBeLessThan(rowsIn(first, 'raw_') / 10);
    });

    it('has the spend of the company, to the millionth, per campaign and day and per channel and month', () => {
      const { first } = courses.get(engine)!;
      const spend = trueSpend(company.world, FIRST_DAY, '2025-07-28');
      const found = totals(
        rowsOf(first, 'core.spend_daily'),
        (row) => `${row['campaign_id']} ${row['spend_date']}`,
        'spend',
      );
      expect(found).toEqual(trueTotals(spend, ({ campaignId, day }) => `${campaignId} ${day}`));
      const months = rowsOf(first, 'marts.cac').filter(
        (row) => row['period_grain'] === 'month' && row['channel'] !== '(all)',
      );
      expect(totals(months, (row) => `${row['channel']} ${row['period_start']}`, 'spend')).toEqual(
        trueTotals(spend, ({ channel, day }) => `${channel} ${day.slice(0, 7)}-01`),
      );
    });

    it('has the customers of the company, each deal and each month', () => {
      const { first } = courses.get(engine)!;
      const customers = trueCustomers(company.world, FIRST_DAY);
      expect(customers.length).toBeGreaterThan(10);
      const deals = rowsOf(first, 'core.conversions')
        .filter((row) => row['conversion_type'] === 'customer' && row['is_new_customer'] === true)
        .filter((row) => String(row['converted_date']) >= START);
      expect(deals.map((row) => String(row['deal_id'])).toSorted()).toEqual(
        company.world.truth
          .customers(FIRST_DAY)
          .filter(({ isNewCustomer, wonAt }) => isNewCustomer && wonAt >= START)
          .map(({ dealId }) => dealId)
          .toSorted(),
      );
      const counted = new Map<string, number>();
      for (const { day, sign } of customers) counted.set(day.slice(0, 7), (counted.get(day.slice(0, 7)) ?? 0) + sign);
      const found = rowsOf(first, 'marts.cac')
        .filter((row) => row['channel'] === '(all)' && row['period_grain'] === 'month' && row['customers'] !== 0)
        .map((row) => [String(row['period_start']).slice(0, 7), row['customers']]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...counted].filter(([, number]) => number !== 0)));
    });

    it('gives the marginal CAC, the interval and the status that the definitions give', () => {
      for (const [contents, now, lastDay] of [
        [courses.get(engine)!.first, FIRST_DAY, '2025-07-27'],
        [courses.get(engine)!.next.contents, NEXT_DAY, '2025-07-28'],
      ] as const) {
        const today = now.slice(0, 10);
        const wanted = trueMarginalCac(
          trueSpend(company.world, now, today),
          trueCustomers(company.world, now),
          lastDay,
        );
        const names = Object.keys(wanted[0] ?? {});
        const found = rowsOf(contents, 'marts.marginal_cac')
          .filter((row) => row['period_grain'] === 'month')
          .map(
            (row) =>
              Object.fromEntries(names.map((name) => [name, name === 'spend' ? Number(row[name]) : row[name]])) as Row,
          );
        expectSameRows(inOrder(found), inOrder(wanted));
        expect(new Set(wanted.map((row) => row['status'])).size).toBeGreaterThan(3);
      }
    });
  });
}

// --- internal ---

async function course(engine: EngineName, server: string): Promise<Course> {
  const url = engine === 'postgres' ? await createDatabase(server) : undefined;
  const project = companyProject(company, START, url);
  const counted = { loads: 0, builds: 0 };
  async function run(): Promise<{
    contents: Map<string, Contents>;
    dated: Record<string, number>;
    loads: LoadTotals;
  }> {
    const { code, stderr } = await project.run(['run', '--quiet']);
    expect(code, stderr).toBe(0);
    const warehouse = await openWarehouse(project.warehouse);
    try {
      return {
        contents: await contentsOf(warehouse),
        dated: await datesOfSpend(warehouse),
        loads: await loadsAfter(warehouse, counted),
      };
    } finally {
      await warehouse.close();
    }
  }
  try {
    company.setNow(FIRST_DAY);
    const locked = await project.run(['lock', 'create']);
    expect(locked.code, locked.stderr).toBe(0);
    const { contents: first, dated } = await run();
    const again = await run();
    company.setNow(NEXT_DAY);
    const next = await run();
    return { first, again, next, dated: [dated, next.dated] };
  } finally {
    project.remove();
    if (url !== undefined) await dropDatabase(server, url);
  }
}

async function datesOfSpend(session: Session): Promise<Record<string, number>> {
  const rows = await session.query<{ as_of: string; n: number }>(
    'select as_of, count(*) as n from core.spend_daily group by as_of order by as_of',
  );
  return Object.fromEntries(rows.map(({ as_of, n }) => [as_of, n]));
}

/** Of the loads and builds that came after those already counted. */
async function loadsAfter(session: Session, counted: { loads: number; builds: number }): Promise<LoadTotals> {
  const loads = await session.query<{ rows_read: number; changed: number }>(
    `select rows_read, rows_loaded + rows_deleted + rows_vanished as changed
     from revops.loads where load_number > $1`,
    [counted.loads],
  );
  const builds = await session.query<{ status: string }>(
    `select status from revops.builds where cast(substr(build_id, 2) as integer) > $1`,
    [counted.builds],
  );
  counted.loads += loads.length;
  counted.builds += builds.length;
  const sum = (values: number[]): number => values.reduce((one, other) => one + other, 0);
  return {
    read: sum(loads.map(({ rows_read }) => rows_read)),
    changed: sum(loads.map(({ changed }) => changed)),
    builds: builds.map(({ status }) => status),
  };
}

function rowsOf(contents: Map<string, Contents>, name: string): Row[] {
  const found = contents.get(name);
  if (found === undefined) throw new Error(`no relation ${name}`);
  return found.rows;
}

function rowsIn(contents: Map<string, Contents>, prefix: string): number {
  return [...contents].filter(([name]) => name.startsWith(prefix)).reduce((sum, [, { rows }]) => sum + rows.length, 0);
}

/** Sums in micros by key, zeros left out. */
function totals(rows: readonly Row[], keyOf: (row: Row) => string, column: string): Record<string, bigint> {
  return trueTotals(
    rows.map((row) => ({ row, micros: BigInt(String(row[column] ?? '0').replace('.', '')) })),
    ({ row }) => keyOf(row),
  );
}

function trueTotals<T extends { micros: bigint }>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): Record<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0n) + row.micros);
  return Object.fromEntries(
    [...sums].filter(([, micros]) => micros !== 0n).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function inOrder(rows: readonly Row[]): Row[] {
  const keyOf = (row: Row): string => `${String(row['channel'])} ${String(row['period_start'])}`;
  return rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
