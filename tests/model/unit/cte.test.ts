import { expect, test } from 'vitest';

import { commonTables, commonTableSql } from '../../../src/model/unit/cte.ts';

test.each<[string, string, string[]]>([
  ['none', 'select 1', []],
  ['one', 'with a as (select 1) select * from a', ['a']],
  ['several, in their order', 'with a as (select 1), B as (select (2)) select * from b', ['a', 'b']],
  ['with columns, and hints', 'with a (x, y) as not materialized (select 1, 2), b as (select 3) select 4', ['a', 'b']],
  ['recursive ones', 'with recursive a as (select 1 union all select 2) select 3', ['a']],
  ['quoted names', 'with "a ""b" as (select 1) select 2', ['a "b']],
  [
    'those of inner queries not',
    'with a as (with z as (select 1) select * from z) select (with y as (select 1) select 2)',
    ['a'],
  ],
  [
    'what is in texts and comments not',
    "with a as (select ')' /* ) , c as ( */ -- )\n), b as (select '') select 1",
    ['a', 'b'],
  ],
])('Common table expressions are found: %s', (_, sql, names) => {
  expect(commonTables(sql).map(({ name }) => name)).toEqual(names);
});

test('The text up to the last SELECT stays as it is, so that places in it stay true.', () => {
  const sql = "with a as (\n  select 'é(' as x\n),\nb as (select x from a)\nselect * from b where x in (select 1)";
  const head = "with a as (\n  select 'é(' as x\n),\nb as (select x from a)";
  expect(commonTableSql(sql, 'a')).toEqual({ sql: `${head}\nselect * from a`, head: Buffer.byteLength(head) });
});
