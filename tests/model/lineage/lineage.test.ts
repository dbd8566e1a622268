import { describe, expect, it } from 'vitest';

import { compileProject } from '../../../src/model/index.ts';
import { columnsNamed, filtersOf, lineageOf, trace, type Lineage } from '../../../src/model/lineage/index.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { model, projectOf, type Files } from '../project.ts';

const TABLES: Files = {
  'models/core/t.sql': model(
    ['a integer', 'b integer', 'c text', 'k integer'],
    "select 1 as a, 2 as b, 'x' as c, 3 as k",
  ),
  'models/core/u.sql': model(['a integer', 'd integer', 'k integer'], 'select 1 as a, 2 as d, 3 as k'),
};

/** What each column of a query over `t` and `u` comes from: `a passed`, and what filters its rows. */
async function sources(columns: string[], sql: string, header = ''): Promise<Record<string, string>> {
  const compiled = await compileProject(
    await projectOf({ ...TABLES, 'models/marts/m.sql': model(columns, sql, header) }),
  );
  const lineage = lineageOf(compiled);
  expect(lineage.unresolved).toEqual([]);
  const found = Object.fromEntries(
    columnsNamed(lineage, 'm').map(({ id, column }) => [column, edges(lineage, id).join(', ')]),
  );
  return { ...found, '*': filtersOf(lineage, 'm').toSorted().join(', ') };
}

function edges(lineage: Lineage, id: string): string[] {
  return (lineage.up.get(id) ?? []).map(({ from, kind }) => `${from} ${kind}`).toSorted();
}

const engine = 'engine: duckdb';

describe('A column of a SELECT comes from', () => {
  it.each<[string, string[], string, Record<string, string>, string?]>([
    ['the column it names', ['x integer'], 'select a as x from t', { x: 't.a passed', '*': '' }],
    ['nothing, where it is a constant', ['x integer'], 'select 1 as x from t', { x: '', '*': '' }],
    [
      'all columns of its expression, conditions of a case included',
      ['x integer'],
      "select case when t.c = 'x' then t.a + 1 else t.b end as x from t",
      { x: 't.a computed, t.b computed, t.c computed', '*': '' },
    ],
    [
      'a column through CTEs, one of them with its parent’s name and another with new column names',
      ['x integer'],
      'with t as (select * from t), r(p, q) as (select a, b from t) select q as x from r',
      { x: 't.b passed', '*': '' },
    ],
    [
      'the columns that a star stands for, in their order, of one table or of all',
      ['a integer', 'd integer', 'k integer', 'b integer'],
      'with s as (select u.*, t.b from t cross join u) select a, d, k, b from s',
      { a: 'u.a passed', d: 'u.d passed', k: 'u.k passed', b: 't.b passed', '*': '' },
    ],
    [
      'every arm of a union, by place',
      ['x integer'],
      'with s as (select a as x from t union all select d + 1 from u union all select 7) select x from s',
      { x: 't.a passed, u.d computed', '*': '' },
    ],
    [
      'the first side of except; the other one only filters',
      ['x integer'],
      'select a as x from t except select d from u',
      { x: 't.a passed', '*': 'u.d' },
    ],
    [
      'what a join brings; what it is on only filters',
      ['x integer'],
      'select u.d as x from t inner join u on u.k = t.k and u.a > 1 where t.b < 3',
      { x: 'u.d passed', '*': 't.b, t.k, u.a, u.k' },
    ],
    [
      'the left table, for a column of `using`; either of a full join',
      ['k integer', 'both integer'],
      'with one as (select k from t left join u using (k)), other as (select k as both from t full join u using (k)) select one.k, other.both from one cross join other',
      { k: 't.k passed', both: 't.k computed, u.k computed', '*': 't.k, u.k' },
    ],
    [
      'an aggregate’s argument and its filter; groups and having only filter',
      ['c text', 'x bigint'],
      'select c, cast(sum(a) filter (where b > 1) as bigint) as x from t group by c having max(k) > 0',
      { c: 't.c passed', x: 't.a computed, t.b computed', '*': 't.c, t.k' },
    ],
    [
      'the rows, for a count of them',
      ['x bigint'],
      'select count(*) as x from t cross join u',
      { x: 't.* computed, u.* computed', '*': '' },
    ],
    [
      'a window’s parts, named windows included',
      ['x bigint', 'y integer'],
      'select row_number() over (partition by c order by b) as x, lag(a) over w as y from t window w as (order by k)',
      { x: 't.b computed, t.c computed', y: 't.a computed, t.k computed', '*': '' },
    ],
    [
      'a subquery’s value and what decides about it, correlated columns included',
      ['x integer'],
      'select (select max(u.d) from u where u.k = t.k) as x from t',
      { x: 't.k computed, u.d computed, u.k computed', '*': '' },
    ],
    [
      'a subquery in FROM, under its alias’s names',
      ['x integer'],
      'select s.q as x from (select a, b from t where k = 1) as s(p, q)',
      { x: 't.b passed', '*': 't.k' },
    ],
    [
      'nothing of what only has to exist; that filters',
      ['x integer'],
      'select a as x from t where exists (select 1 from u where u.k = t.k) and b in (select d from u)',
      { x: 't.a passed', '*': 't.b, t.k, u.d, u.k' },
    ],
    [
      'lists of values, which are constants, and what stands beside them',
      ['p text', 'x integer'],
      "select listed.p, t.a as x from (values ('q'), ('r')) as listed(p) cross join t",
      { p: '', x: 't.a passed', '*': '' },
    ],
    [
      'the bounds of a series',
      ['n bigint'],
      'select g.n from t cross join generate_series(1, 3) as g(n)',
      { n: '', '*': '' },
    ],
    [
      'both parts of a recursion',
      ['n integer'],
      'with recursive r as (select a as n from t union all select r.n + u.d from r inner join u on u.k = r.n where r.n < 5) select n from r',
      { n: 't.a computed, u.d computed', '*': 't.a, u.d, u.k' },
    ],
    [
      'a CTE inside of a CTE, that hides one of its name outside',
      ['x integer'],
      'with s as (select a as x from t), r as (with s as (select d as x from u) select x from s) select r.x from r cross join s',
      { x: 'u.d passed', '*': '' },
    ],
    [
      'a limit’s order, which only filters',
      ['x integer'],
      'select x from (select a as x, b from t order by b nulls last limit 1) as first',
      { x: 't.a passed', '*': 't.b' },
    ],
    [
      'a whole row',
      ['x text'],
      'select cast(u as varchar) as x from u',
      { x: 'u.a computed, u.d computed, u.k computed', '*': '' },
      engine,
    ],
    [
      'an alias of the same list, and a star less and with other columns',
      ['b integer', 'c text', 'k integer', 'y integer', 'z integer'],
      'select * exclude (a) replace (a + b as b), a as y, y * 2 as z from t',
      {
        b: 't.a computed, t.b computed',
        c: 't.c passed',
        k: 't.k passed',
        y: 't.a passed',
        z: 't.a computed',
        '*': '',
      },
      engine,
    ],
    [
      'arms of a union by name',
      ['a integer', 'd integer'],
      'with s as (select a from t union all by name select d, a from u) select a, d from s',
      { a: 't.a passed, u.a passed', d: 'u.d passed', '*': '' },
      engine,
    ],
    [
      'all that a pivot reads',
      ['c text', 'one integer'],
      'select c, cast(max("1") as integer) as one from (pivot (select c, a, b from t) on a in (1, 2) using sum(b)) as p group by c',
      {
        c: 't.a computed, t.b computed, t.c computed',
        one: 't.a computed, t.b computed, t.c computed',
        '*': 't.a, t.b, t.c',
      },
      engine,
    ],
    [
      'a qualified row, which only filters',
      ['x integer'],
      'select a as x from t qualify row_number() over (partition by c order by b) = 1',
      { x: 't.a passed', '*': 't.b, t.c' },
      engine,
    ],
  ])('%s', async (_, columns, sql, expected, header) => {
    expect(await sources(columns, sql, header ?? '')).toEqual(expected);
  });
});

describe('In the shipped library', async () => {
  const compiled = await shippedLibrary();
  const lineage = lineageOf(compiled);

  it('every name means a column, and every column has a source or is a constant in its SQL', () => {
    expect(lineage.unresolved).toEqual([]);
    const constants = compiled.relations.flatMap((relation) =>
      relation.kind !== 'model' || relation.schema === 'staging'
        ? []
        : relation.columns.flatMap(({ name }) =>
            lineage.up.has(`${relation.name}.${name}`) || (relation.schema === 'quality' && name === 'severity')
              ? []
              : [`${relation.name}.${name}`],
          ),
    );
    expect(constants.toSorted()).toEqual(CONSTANTS);
  });

  it.each<[string, string[]]>([
    ['marginal_cac.spend', ['cac.spend passed']],
    ['attribution_credits.platform', ['current_credits.platform passed', 'settled_credits.platform passed']],
    ['conversion_touchpoints.path_length', ['conversion_people.conversion_id computed']],
    [
      'attribution_credits.amount_credit',
      ['current_credits.amount_credit passed', 'settled_credits.amount_credit passed'],
    ],
    ['contacts.original_source', ['contacts_feed.original_source computed']],
    ['contacts.email', ['contacts_feed.email passed']],
    ['campaigns.campaign_name', ['spend_daily.campaign_name passed']],
    [
      'deals_feed.amount',
      ['hubspot_deals.amount passed', 'pipedrive_deals.amount passed', 'salesforce_deals.amount passed'],
    ],
    ['hubspot_deals.amount', ['raw_hubspot.deals.amount computed']],
    ['hubspot_deals.deal_id', ['raw_hubspot.deals.id passed']],
  ])('%s comes from what a person reads in its SQL', (id, expected) => {
    expect(edges(lineage, id)).toEqual(expect.arrayContaining(expected));
    expect(edges(lineage, id).every((edge) => expected.includes(edge) || !edge.endsWith('passed'))).toBe(true);
  });

  it('a mart’s column leads down to raw columns, and those lead up to it again', () => {
    const [spend] = columnsNamed(lineage, 'marts.marginal_cac.spend');
    const leaves = new Set<string>();
    const collect = (tree: ReturnType<typeof trace>): void => {
      if (tree.children.length === 0 && !tree.isRepeated) leaves.add(tree.node.id);
      tree.children.forEach(collect);
    };
    collect(trace(lineage, spend?.id ?? '', { direction: 'up', depth: Infinity }));
    expect([...leaves]).toEqual(
      expect.arrayContaining(['raw_google_ads.campaign_days.cost', 'raw_google_ads.ad_group_days.cost']),
    );
    const reached = new Set<string>();
    const reach = (tree: ReturnType<typeof trace>): void => {
      reached.add(tree.node.id);
      tree.children.forEach(reach);
    };
    reach(trace(lineage, 'raw_google_ads.campaign_days.cost', { direction: 'down', depth: Infinity }));
    expect([...reached]).toEqual(expect.arrayContaining(['spend_daily.spend', 'cac.spend', 'marginal_cac.spend']));
  });

  it('a depth ends the way, and names are found with and without their schema, or told with what is like them', () => {
    const one = trace(lineage, 'marginal_cac.spend', { direction: 'up', depth: 1 });
    expect(one.children.map(({ node, kind, children }) => [node.id, kind, children.length])).toEqual([
      ['cac.spend', 'passed', 0],
    ]);
    expect(columnsNamed(lineage, 'core.deals')).toHaveLength(compiled.byName.get('deals')?.columns.length ?? 0);
    expect(columnsNamed(lineage, 'raw_hubspot.deals.amount')).toMatchObject([{ schema: 'raw_hubspot' }]);
    expect(() => columnsNamed(lineage, 'cac.spnd')).toThrow('cac has no column spnd; did you mean spend?');
    expect(() => columnsNamed(lineage, 'marginal_cak')).toThrow(
      'no model or column marginal_cak; did you mean marginal_cac',
    );
  });
});

/** Outside of staging, where feeds' columns that a platform does not give are constants; a check may always be as grave. */
const CONSTANTS = [
  'cac.cost_basis',
  'cac_decomposition.position',
  'cac_decomposition.step',
  'cohort_cac.cost_basis',
  'cohort_customers.period_grain',
  'company_owners.known_by',
  'contact_clicks.click_id_type',
  'contact_clicks.medium',
  'contact_clicks.source',
  'contact_clicks.traffic_key',
  'contact_domains.levels_above',
  'conversion_payers.matched_by',
  'conversion_people.is_via_company',
  'conversion_sources.trust',
  'crm_visits.visit',
  'customer_periods.period_grain',
  'customer_shares.is_given_back',
  'definition_conflicts.day',
  'duplicate_conversions.rule',
  'event_identifiers.identifier_type',
  'event_identifiers.strength',
  'funnel.funnel_view',
  'funnel.period_grain',
  'funnel.position',
  'funnel.step',
  'identifier_links.records',
  'manual_entry_share.field',
  'person_timeline.kind',
  'platform_reconciliation.period_grain',
  'reconciliation_days.actual',
  'reconciliation_days.in_path',
  'revenue_sources.period_grain',
  'shared_identifiers.reason',
  'source_freshness.feed',
  'spend_periods.has_coarser_spend',
  'spend_periods.period_grain',
  'stack_audit.measure',
  'touchpoint_creatives.evidence',
  'traffic_channels.is_own_rule',
  'volume_drop.days',
  'window_covers_p90.day',
];
