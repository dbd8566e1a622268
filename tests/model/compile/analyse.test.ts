import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { analyse, type Analysis } from '../../../src/model/compile/analyse.ts';
import { canonicalOf, statementsOf } from '../../../src/model/compile/ast.ts';
import { preludeOf } from '../../../src/model/build/bind.ts';
import { openScratch, type Scratch } from '../../../src/model/compile/scratch.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';

let scratch: Scratch;
beforeAll(async () => {
  scratch = await openScratch();
});
afterAll(() => scratch.close());

async function astOf(sql: string): Promise<string> {
  const [parsed] = await scratch.parse([sql]);
  if (parsed === undefined || !('ast' in parsed)) throw new Error(`${sql}: ${parsed?.message ?? ''}`);
  return parsed.ast;
}

async function analysed(sql: string): Promise<Analysis> {
  const [root] = statementsOf(await astOf(sql));
  if (root === undefined) throw new Error(sql);
  return analyse(root);
}

async function relationsOf(sql: string): Promise<string[]> {
  return [...new Set((await analysed(sql)).relations.map((reference) => reference.name))].toSorted();
}

it.each<[string, string, string[]]>([
  ['a table', 'select a from deals', ['deals']],
  [
    'both sides of a join and of a union',
    'select a from x join y using (a) union all select a from z',
    ['x', 'y', 'z'],
  ],
  [
    'a scalar subquery, exists and in',
    'select (select 1 from x) from y where exists (select 1 from z) and a in (select a from w)',
    ['w', 'x', 'y', 'z'],
  ],
  [
    'a subquery in order by and in a window',
    'select a, sum(b) over (order by (select 1 from y)) from x order by (select 1 from z)',
    ['x', 'y', 'z'],
  ],
  ['a lateral join', 'select a from x cross join lateral (select b from y where y.a = x.a) as q', ['x', 'y']],
  ['an import CTE with the name of its relation', 'with deals as (select * from deals) select a from deals', ['deals']],
  ['a CTE', 'with won as (select a from deals) select a from won', ['deals']],
  [
    'a CTE that reads an earlier one',
    'with x as (select a from deals), y as (select a from x) select a from y',
    ['deals'],
  ],
  [
    'a CTE that reads a relation with the name of a later one',
    'with x as (select a from y), y as (select a from z) select a from x join y using (a)',
    ['y', 'z'],
  ],
  [
    'a CTE of an inner scope, not seen outside',
    'select a from (with x as (select a from y) select a from x) as q join x using (a)',
    ['x', 'y'],
  ],
  [
    'an inner CTE with the name of an outer one',
    'with x as (select a from y) select a from (with x as (select a from x) select a from x) as q',
    ['y'],
  ],
  ['an outer CTE, seen in a subquery', 'with x as (select a from y) select (select max(a) from x) as m', ['y']],
  [
    'a recursive CTE',
    'with recursive n as (select 1 as a union all select a + 1 from n where a < (select max(b) from z)) select a from n',
    ['z'],
  ],
  [
    'CTEs on one side of a union',
    'select a from x union all (with x as (select a from y) select a from x)',
    ['x', 'y'],
  ],
  ['names in capitals', 'with Won as (select a from Deals) select a from WON', ['deals']],
  ['no relation', 'select 1 as a', []],
])('Relations read: %s', async (_, sql, expected) => {
  expect(await relationsOf(sql)).toEqual(expected);
});

it('A relation named with its schema is told apart', async () => {
  const analysis = await analysed('select a from core.deals join memory.main.x using (a)');
  expect(analysis.relations).toEqual([]);
  expect(analysis.qualified.map((reference) => reference.name)).toEqual(['core.deals', 'main.x']);
});

it('Beside a recursive CTE, an import CTE of its own relation is told', async () => {
  const sql =
    'with recursive x as (select a from x), n as (select 1 as a union all select a + 1 from n where a < 3) select a from n join x using (a)';
  expect((await analysed(sql)).recursiveClashes.map((reference) => reference.name)).toEqual(['x']);
});

it.each<[string, string, boolean]>([
  ['named columns', 'select settings.a from settings', false],
  ['a star that named columns are taken from', 'with s as (select * from settings) select s.a from s', false],
  [
    'a union of CTEs that name their columns',
    'with x as (select a from settings), y as (select b as a from settings) select * from x union all select * from y',
    false,
  ],
  [
    'a count column with the name of a CTE',
    'with rows_found as (select a from settings), n as (select count(*) as rows_found from rows_found) select rows_found from n',
    false,
  ],
  ['a column alias on the table', 'select x from settings as s(x)', true],
  ['a column alias on a star', 'with s(x) as (select * from settings) select x from s', true],
  ['a star in a union', 'select a from t union all select * from settings', true],
  ['a whole row', 'select count(settings) as n from settings', true],
  ['a whole row through an alias', 'select count(s) as n from settings as s', true],
  ['names of a list of values', 'select g from (values (1)) as listed(g) join settings on true', false],
])('Columns read without being named: %s', async (_, sql, expected) => {
  expect((await analysed(sql)).readsUnnamedColumns).toBe(expected);
});

it('Functions and columns are found wherever they stand', async () => {
  const analysis = await analysed(
    "select day_of(a) as é, sum(b) over (partition by day_of(c)) from t join u using (d) where e = f('x')",
  );
  expect(analysis.functions.map((call) => call.name)).toEqual(['day_of', 'sum', 'day_of', 'f']);
  expect([...analysis.columnNames].toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('The canonical text leaves out blanks, comments and keyword case, and nothing else', async () => {
  const texts = await Promise.all(
    [
      'select a, 1 as b from t',
      'SELECT a,\n  1 AS b -- why\nFROM /* what */ t',
      'select a, 2 as b from t',
      'select a, \'"query_location":1,\' as b from t',
      'select a, \'"query_location":2,\' as b from t',
    ].map(astOf),
  );
  const [first, same, other, text, otherText] = texts.map(canonicalOf);
  expect(same).toBe(first);
  expect(other).not.toBe(first);
  expect(otherText).not.toBe(text);
});

/** Random nests of CTEs whose names are those of relations. */
const NAMES = ['r0', 'r1', 'r2', 'r3'] as const;
const { query } = fc.letrec<{ query: string; body: string; source: string }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('body'),
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
        fc.array(tie('query'), { minLength: 3, maxLength: 3 }),
        tie('body'),
      )
      .map(([names, queries, body]) => {
        // every CTE is read: an engine may leave one that is not unbound
        const reads = names.map((name) => `select tag from ${name}`).join(' union all ');
        return `with ${names.map((name, index) => `${name} as (${queries[index] ?? ''})`).join(', ')} ${reads} union all ${body}`;
      }),
  ),
  body: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...NAMES).map((name) => `select tag from ${name}`),
    tie('source').map((source) => `select outermost.tag from ${source} as outermost`),
    fc
      .tuple(tie('source'), tie('query'))
      .map(([source, inner]) => `select q.tag from ${source} as q where exists (${inner})`),
  ),
  source: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...NAMES),
    tie('query').map((inner) => `(${inner})`),
  ),
}));

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  beforeAll(async () => {
    opened = await openTestWarehouse(engine);
  });
  afterAll(() => opened.dispose());

  it('The relations found are exactly those without which a query fails, however scopes nest', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (sql) => {
        const names = await relationsOf(sql);
        const bound = (given: readonly string[]): string =>
          `${preludeOf(given.map((name) => ({ name, sql: `select '${name}' as tag` })))}select * from (${sql}) as model`;
        await opened.warehouse.describeQuery(bound(names));
        for (const name of names) {
          await expect(
            opened.warehouse.describeQuery(bound(names.filter((other) => other !== name))),
            `${sql} without ${name}`,
          ).rejects.toThrow(name);
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});
