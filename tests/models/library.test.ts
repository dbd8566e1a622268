import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CompiledProject, Relation } from '../../src/model/index.ts';
import { ATTRIBUTION_MODELS } from '../../src/project/config.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { buildLibrary, installFunctions, type BuiltLibrary } from '../support/library.ts';
import { expectSameRows } from '../support/same-rows.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';
import { smallWorld, type SmallWorld } from './small-world.ts';
const runs = Number(process.env['REVOPS_TEST_RUNS'] ?? 4);

const compiled = {} as Record<EngineName, CompiledProject>;
const opened = {} as Record<EngineName, TestWarehouse>;
let built = 0;

beforeAll(async () => {
  for (const engine of engines) {
    compiled[engine] = await shippedLibrary(engine);
    opened[engine] = await openTestWarehouse(engine);
    await installFunctions(opened[engine].warehouse, compiled[engine]);
  }
});

afterAll(async () => {
  for (const engine of engines) await opened[engine].dispose();
});

test('Every relation says what it holds and its grain, and every column is described.', () => {
  for (const relation of compiled.duckdb.relations) {
    expect.soft(relation.description, relation.file).toMatch(/(One row per .+|One row)\.$/);
    for (const column of relation.columns) {
      expect.soft(column.description, `${relation.file}: ${column.name}`).toMatch(/\S{3}.*[.…]$/);
    }
  }
});

test('The attribution models that a config may choose are those of the list, and those that rows may name.', () => {
  const list = compiled.duckdb.byName.get('attribution_models');
  const listed = list?.kind === 'input' ? list.input.rows.map((row) => row['attribution_model']) : [];
  expect(listed).toEqual(ATTRIBUTION_MODELS);
  for (const name of ['current_credits', 'settled_credits', 'attribution_credits']) {
    const accepted = compiled.duckdb.byName.get(name)?.tests.find(({ test: { kind } }) => kind === 'accepted_values');
    expect(accepted?.test, name).toMatchObject({ column: 'attribution_model', arguments: ATTRIBUTION_MODELS });
  }
});

test('Marts give every money column, number and reason the reader needs.', () => {
  const columns = (name: string): string[] =>
    compiled.duckdb.byName.get(name)?.columns.map((column) => column.name) ?? [];
  expect(columns('cac')).toEqual(expect.arrayContaining(['spend', 'customers', 'conversions', 'cac', 'status']));
  expect(columns('marginal_cac')).toEqual(
    expect.arrayContaining(['previous_spend', 'previous_customers', 'conversions', 'ci_low', 'ci_high', 'status']),
  );
});

test('What ad platforms claim enters no CAC, no credit and no conversion.', () => {
  const above = new Set<string>();
  const visit = (name: string): void => {
    const relation = compiled.duckdb.byName.get(name);
    if (relation === undefined || above.has(name)) return;
    above.add(name);
    if ('parents' in relation) relation.parents.forEach(visit);
    if (relation.kind === 'components') visit(relation.edges);
  };
  ['cac', 'marginal_cac', 'cohort_cac', 'cac_decomposition', 'funnel', 'attribution_credits'].forEach(visit);
  expect(above).toContain('ad_spend_feed');
  expect([...above].filter((name) => /claim/.test(name))).toEqual([]);
});

test('On small random companies both engines give the same, data tests pass, and nothing is lost or counted twice.', async () => {
  await fc.assert(
    fc.asyncProperty(smallWorld, async (world) => {
      const duckdb = await build('duckdb', world);
      const postgres = await build('postgres', world);
      expect(await duckdb.failures()).toEqual([]);
      expect(await postgres.failures()).toEqual([]);
      for (const relation of modelsOf(compiled.duckdb)) {
        expectSameRows(await postgres.rows(relation.name), await duckdb.rows(relation.name));
      }
      for (const sums of [CONSERVATION, COHORT_CONSERVATION, REVENUE_CONSERVATION, MISMATCHED_WINDOWS, LEAKAGE]) {
        expect(await duckdb.query(sums)).toEqual([]);
        expect(await postgres.query(sums)).toEqual([]);
      }
    }),
    { numRuns: runs, seed: 20_240_501, endOnFailure: true },
  );
}, 180_000);

// --- internal ---

/** Gives a row for every sum that differs between a mart and what it is made of. */
const CONSERVATION = `
with grains as (select distinct period_grain from cac),
spent as (
  select sum(spend_reporting) as spend from spend_daily cross join settings
  where first_date is null or spend_date >= first_date
),
won as (
  select count(*) as customers from conversions cross join settings
  where is_new_customer and (first_date is null or converted_date >= first_date)
),
marts as (
  select
    period_grain,
    sum(spend) filter (where channel = '(all)') as blended_spend,
    sum(spend) filter (where channel <> '(all)') as spend,
    bool_or(spend is null) as is_rate_missing,
    sum(customers) filter (where channel = '(all)') as blended_customers,
    sum(customers) filter (where channel <> '(all)') as customers
  from cac
  group by period_grain
)
select marts.period_grain, spent.spend, won.customers, marts.blended_spend, marts.customers as found_customers
from marts cross join spent cross join won
where abs(marts.blended_customers - won.customers) > 0.000001
  or abs(marts.customers - won.customers) > 0.000001
  or (not marts.is_rate_missing and (marts.spend <> spent.spend or marts.blended_spend <> spent.spend))`;

/**
 * Gives a row for every cohort and age whose channels do not add up to it, or that lost more customers of the age before
 * than were given back of that cohort.
 */
const COHORT_CONSERVATION = `
with sums as (
  select
    period_grain, cohort_start, age,
    sum(spend) filter (where channel = '(all)') as blended_spend,
    sum(spend) filter (where channel <> '(all)') as spend,
    bool_or(spend is null) as is_rate_missing,
    sum(customers) filter (where channel = '(all)') as blended_customers,
    sum(customers) filter (where channel <> '(all)') as customers
  from cohort_cac
  group by period_grain, cohort_start, age
),
compared as (
  select *, lag(customers) over (partition by period_grain, cohort_start order by age) as younger from sums
)
select * from compared
where abs(blended_customers - customers) > 0.000001
  or customers < younger - 0.000001 - (
    select coalesce(-sum(lost.credit), 0)
    from reversed_credits as lost cross join settings
    inner join customer_cohorts as cohorts on cohorts.conversion_id = lost.conversion_id
    where lost.is_new_customer and lost.attribution_model = settings.primary_model
      and cohorts.first_touch_date >= compared.cohort_start
      and cohorts.first_touch_date < compared.cohort_start + case compared.period_grain
        when 'week' then interval '7 days' when 'month' then interval '1 month' else interval '3 months' end
  )
  or (not is_rate_missing and blended_spend <> spend)`;

/** Gives a row for every grain in which channels, or all together, have not the amounts of all wins that were counted. */
const REVENUE_CONSERVATION = `
with counted as (
  select coalesce(sum(amount_credit), 0) as revenue from (
    select conversion_type, attribution_model, amount_credit, booked_date from attribution_credits
    union all
    select conversion_type, attribution_model, amount_credit, booked_date from reversed_credits
  ) as credits cross join settings
  where conversion_type = 'customer' and attribution_model = primary_model
    and (first_date is null or booked_date >= first_date)
),
marts as (
  select period_grain, sum(revenue) filter (where channel = '(all)') as blended,
    sum(revenue) filter (where channel <> '(all)') as revenue
  from spend_to_revenue group by period_grain
)
select marts.*, counted.revenue as counted from marts cross join counted
where marts.blended <> counted.revenue or marts.revenue <> counted.revenue`;

/** Gives a row for every marginal number that is not of two neighbouring, complete periods of one grain and baseline, both known in it. */
const MISMATCHED_WINDOWS = `
select later.* from marginal_cac as later
left join cac as earlier on earlier.channel = later.channel and earlier.period_grain = later.period_grain
  and earlier.period_start = later.previous_period_start
left join channel_periods as spans on spans.channel = later.channel and spans.period_grain = later.period_grain
  and spans.period_start in (later.period_start, earlier.period_start) and spans.has_coarser_spend
where later.marginal_cac is not null
  and (
    earlier.period_end + 1 is distinct from later.period_start or not later.is_complete or not earlier.is_complete
    or earlier.baseline_id is distinct from later.baseline_id or spans.channel is not null
  )`;

/** Gives a row for every win that knows of another number of wins, or another amount, than was won strictly before it. */
const LEAKAGE = `
with wins as (
  select conversions.conversion_id, conversion_owners.owner_id, conversions.converted_at, coalesce(conversions.amount_reporting, 0) as amount
  from conversions inner join conversion_owners on conversion_owners.conversion_id = conversions.conversion_id
  where conversions.conversion_type = 'customer'
),
known as (
  select wins.conversion_id, count(earlier.conversion_id) as wins_before, coalesce(sum(earlier.amount), 0) as amount_before
  from wins left join wins as earlier on earlier.owner_id = wins.owner_id and earlier.converted_at < wins.converted_at
  group by wins.conversion_id
)
select known.conversion_id from known
left join customer_history on customer_history.conversion_id = known.conversion_id
where customer_history.wins_before is distinct from known.wins_before
  or customer_history.amount_before is distinct from known.amount_before`;

function build(engine: EngineName, world: SmallWorld): Promise<BuiltLibrary> {
  built += 1;
  return buildLibrary(opened[engine].warehouse, compiled[engine], `world_${built}`, world);
}

function modelsOf(project: CompiledProject): Relation[] {
  return project.relations.filter(({ kind, schema }) => kind === 'model' && schema !== 'staging');
}
