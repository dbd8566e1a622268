import { afterAll, beforeAll, expect, it } from 'vitest';

import { statementsOf } from '../../../src/model/compile/ast.ts';
import { lint } from '../../../src/model/compile/lint.ts';
import { openScratch, type Scratch } from '../../../src/model/compile/scratch.ts';

let scratch: Scratch;
beforeAll(async () => {
  scratch = await openScratch();
});
afterAll(() => scratch.close());

async function findings(sql: string): Promise<[string, number | undefined][]> {
  const [parsed] = await scratch.parse([sql]);
  const root = parsed !== undefined && 'ast' in parsed ? statementsOf(parsed.ast)[0] : undefined;
  if (root === undefined) throw new Error(sql);
  return lint(root, sql, new Set(['period_start'])).map(({ message, offset }) => [message, offset]);
}

it.each([
  `with deals as (select * from deals) select deal_id, cast(count(*) as bigint) as n from deals group by deal_id`,
  `select a, row_number() over (partition by b order by c desc nulls last, d) as position from t`,
  `select cast(a as double precision) / nullif(b, 0) as ratio, cast(a as decimal(18,6)) as money from t`,
  `select period_start(day, 'week') as day, day + interval '1 day' as next_day, extract(year from day) as year from t`,
  `select day from generate_series(0, 9) as listed(day)`,
  `select a from (values ('x'), ('y')) as listed(a) where a like 'x%' and a is distinct from b and a in ('x') and a between 'a' and 'b'`,
  `select string_agg(a, ',' order by a) filter (where b) as all_a, properties ->> 'kind' as kind from t group by kind`,
  `select 'as double)' as text, a as string from t -- cast(a as double)`,
  `select "double" from t`,
  `select percentile_cont(0.5) within group (order by a) as half from t`,
])('Portable: %s', async (sql) => {
  expect(await findings(sql)).toEqual([]);
});

it.each<[string, string, number]>([
  ['select * from t', 'the final select names its columns: no *', 7],
  ['select a from t union all select * from u', 'the final select names its columns: no *', 33],
  [
    'select a, now() as b from t',
    'now() gives something else each time; time is an input: read the relation clock',
    10,
  ],
  [
    'select a, random() as b from t',
    'random() gives something else each time; time is an input: read the relation clock',
    10,
  ],
  ['select a, current_date as b from t', 'current_date: time is an input; read the relation clock', 10],
  ['select list_value(a) as b from t', 'list_value() is neither portable nor in the function library', 7],
  [
    'select period_strt(a) as b from t',
    'period_strt() is neither portable nor in the function library; did you mean period_start?',
    7,
  ],
  ["select regexp_matches(a, 'x') as b from t", 'regexp_matches() is neither portable nor in the function library', 7],
  ["select 'é' as e, a ~ 'x' as b from t", 'regexp_full_match() is neither portable nor in the function library', 20],
  ['select a / b as c from t', 'a division casts an operand explicitly: cast(x as double precision) / y', 9],
  ['select a // b as c from t', 'the operator // is not portable', 9],
  ['select cast(a as double) as b from t', 'Postgres has no type double: write double precision', 14],
  ['select a::double as b from t', 'Postgres has no type double: write double precision', 8],
  ['select try_cast(a as integer) as b from t', 'try_cast is not portable', 7],
  ['select cast(a as uinteger) as b from t', 'the type UINTEGER is not portable', 7],
  [
    'select a from t order by b desc',
    'the engines place NULLs differently in desc: write nulls first or nulls last',
    25,
  ],
  [
    'select row_number() over (order by b desc) as c from t',
    'the engines place NULLs differently in desc: write nulls first or nulls last',
    35,
  ],
  [
    'select a from t qualify row_number() over (order by a) = 1',
    'qualify is not portable: filter row_number() in a CTE',
    7,
  ],
  ['select a, count(*) as n from t group by all', 'group by all is not portable: name the columns', 7],
  [
    'select quantile_cont(a, 0.5) from t',
    'quantile_cont() is neither portable nor in the function library; did you mean ntile?',
    7,
  ],
  ['select distinct on (a) a, b from t', 'distinct on is not portable: filter row_number() in a CTE', 20],
  ['select a from t natural join u', 'natural joins hide what they join on: write using (…)', 16],
  ['select a from t semi join u using (a)', 'semi and anti joins are not portable: write exists (…)', 16],
  ['select a from t asof join u on t.b >= u.b', 'asof and positional joins are not portable', 16],
  ["select a from read_csv('x.csv')", 'the table function read_csv is not portable; models read relations', 14],
  ['with x as (select * exclude (b) from t) select a from x', 'exclude, replace and columns() are not portable', 18],
  ['select a from t using sample 10', 'sampling is not portable', 7],
  ['select [a] as b from t', 'list_value() is neither portable nor in the function library', 8],
])('Not portable: %s', async (sql, message, offset) => {
  const found = await findings(sql);
  const own = found.find(([text]) => text.startsWith(message));
  expect(own, JSON.stringify(found)).toBeDefined();
  expect(own?.[1]).toBe(offset);
});
