/**
 * That no number is made of windows that do not match: spend of days, weeks and months, drawn at random, in periods of
 * every grain.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { CompiledProject } from '../../src/model/index.ts';
import type { ModelRelation } from '../../src/model/relation.ts';
import { openMemory, openTemporaryPostgres, type CaseWarehouse } from '../../src/model/unit/index.ts';
import type { Given } from '../../src/model/unit/given.ts';
import { modelRows } from '../../src/model/unit/one-load.ts';
import { Secret } from '../../src/secret.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { enginesOrOne, testPostgresUrl } from '../support/warehouses.ts';

interface Spend {
  channel: string;
  source_grain: 'day' | 'week' | 'month';
  spend: number;
  spend_date: string;
}

const FIRST = Date.UTC(2026, 0, 1);
const day = fc.integer({ min: 0, max: 120 }).map((days) => dayOf(FIRST + days * 86_400_000));
const spend = fc.record({
  channel: fc.constantFrom('a', 'b'),
  source_grain: fc.constantFrom('day', 'day', 'week', 'month'),
  spend: fc.integer({ min: 1, max: 100 }),
  spend_date: day,
}) as fc.Arbitrary<Spend>;

for (const engine of enginesOrOne('duckdb')) {
  describe(`spend by period on ${engine}`, () => {
    let compiled: CompiledProject;
    let opened: CaseWarehouse;
    beforeAll(async () => {
      compiled = await shippedLibrary(engine);
      opened =
        engine === 'duckdb'
          ? await openMemory()
          : await openTemporaryPostgres(new Secret(await testPostgresUrl(), 'test server'), () => new Date());
      await opened.install(compiled);
    });
    afterAll(() => opened.close());

    it('is the sum of what lies in the period, or refused where any of it reaches out of it', async () => {
      const model = compiled.byName.get('spend_periods') as ModelRelation;
      let refused = 0;
      let counted = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(spend, { minLength: 1, maxLength: 12 }),
          fc.constantFrom('monday', 'sunday'),
          async (rows, weekStart) => {
            const given: Given = new Map([
              ['settings', [row({ week_start: weekStart, first_date: null })]],
              ['spend_days', rows.map((values) => row({ ...values }))],
            ]);
            const periods = await modelRows(opened.warehouse, compiled, model, given);
            for (const {
              channel,
              period_grain: grain,
              spend: sum,
              has_coarser_spend: isRefused,
              period_start,
            } of periods) {
              const period = windowOf(String(period_start), String(grain));
              const overlapping = rows.filter((one) => one.channel === channel && overlap(reach(one), period));
              if (isRefused === true) {
                refused += 1;
                expect(overlapping.some(({ source_grain: own }) => own !== 'day')).toBe(true);
              } else {
                counted += 1;
                expect(overlapping.filter((one) => !contains(period, reach(one)))).toEqual([]);
                expect(Number(sum)).toBe(overlapping.reduce((total, one) => total + one.spend, 0));
              }
            }
          },
        ),
        { seed: 20_260_301, numRuns: 60 },
      );
      expect(refused).toBeGreaterThan(100);
      expect(counted).toBeGreaterThan(100);
    });
  });
}

// --- internal ---

type Window = readonly [first: string, last: string];

function row(values: Record<string, string | number | null>): { file: string; line: number; values: typeof values } {
  return { file: 'drawn', line: 1, values };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** First and last day of what begins on a day. */
function windowOf(first: string, grain: string): Window {
  const next = new Date(`${first}T00:00:00Z`);
  if (grain === 'day' || grain === 'week') next.setUTCDate(next.getUTCDate() + (grain === 'day' ? 1 : 7));
  else next.setUTCMonth(next.getUTCMonth() + (grain === 'month' ? 1 : 3));
  return [first, dayOf(next.getTime() - 86_400_000)];
}

/** The days that a row of spend is of; a month that begins on the 15th ends on the 14th. */
function reach({ spend_date: first, source_grain: grain }: Spend): Window {
  if (grain !== 'month') return windowOf(first, grain);
  const [year = 0, month = 0, begin = 0] = first.split('-').map(Number);
  const daysOfNext = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return [first, dayOf(Date.UTC(year, month, Math.min(begin, daysOfNext)) - 86_400_000)];
}

function overlap([first, last]: Window, [from, to]: Window): boolean {
  return first <= to && last >= from;
}

function contains([from, to]: Window, [first, last]: Window): boolean {
  return first >= from && last <= to;
}
