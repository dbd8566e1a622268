import { describe, expect, it } from 'vitest';

import type { RevopsError } from '../../../src/errors.ts';
import { compileProject } from '../../../src/model/compile/compile.ts';
import { model, projectOf, type Files } from '../project.ts';

async function compiled(files: Files): Promise<string[]> {
  return (await compileProject(await projectOf(files))).relations.map((relation) =>
    `${relation.name} < ${relation.parents.join(' ')}`.trim(),
  );
}

const DEALS = model(
  ['deal_id text', 'amount decimal(18,6)'],
  "select 'a' as deal_id, cast(1 as decimal(18,6)) as amount",
);
const FEED =
  'description: Deals.\ngrain: [deal_id]\ncolumns:\n  deal_id: { type: text, description: Id. }\n  amount: { type: "decimal(18,6)", description: Money. }\n';
const STAGED = 'source: crm.deals\nreads: { id: text, amount: double }\nfeeds: deals';

describe('Order', () => {
  it('Parents come first, otherwise the order is that of names', async () => {
    expect(
      await compiled({
        'models/core/b.sql': model(['n integer'], 'select z.n from z'),
        'models/core/a.sql': model(['n integer'], 'select 1 as n'),
        'models/marts/z.sql': model(['n integer'], 'select a.n from a join settings on true'),
        'models/reference/settings.csv': 'x\n1\n',
      }),
    ).toEqual(['a <', 'settings <', 'z < a settings', 'b < z']);
  });

  it('A circle is told as its path', async () => {
    const files = {
      'models/core/a.sql': model(['n integer'], 'select n from c'),
      'models/core/b.sql': model(['n integer'], 'select n from a'),
      'models/core/c.sql': model(['n integer'], 'select n from b'),
    };
    await expect(compiled(files)).rejects.toMatchObject({
      code: 'MODEL_CYCLE',
      message: 'models/core/a.sql: models read each other in a circle: a → c → b → a',
      exitCode: 2,
    });
  });

  it('A model that reads itself is a circle', async () => {
    await expect(compiled({ 'models/core/a.sql': model(['n integer'], 'select n from a') })).rejects.toMatchObject({
      code: 'MODEL_CYCLE',
    });
  });

  it('A feed is the union of the staging models that join it', async () => {
    const arm = (name: string): string =>
      model(
        ['deal_id text', 'amount decimal(18,6)'],
        'select id as deal_id, cast(amount as decimal(18,6)) as amount from source',
        STAGED.replace('crm', name),
      );
    expect(
      await compiled({
        'models/feeds/deals.yml': FEED,
        'models/staging/crm/deals.sql': arm('crm'),
        'models/staging/other-crm/deals.sql': arm('other-crm'),
        'models/core/deals.sql': model(['deal_id text'], 'select deal_id from deals_feed'),
      }),
    ).toEqual(['crm_deals <', 'other_crm_deals <', 'deals_feed < crm_deals other_crm_deals', 'deals < deals_feed']);
  });
});

it.each<[string, Files, string, string]>([
  [
    'an unknown relation',
    {
      'models/core/deals.sql': DEALS,
      'models/marts/x.sql': model(
        ['deal_id text'],
        '\nwith a as (select 1 as b)\nselect deal_id\nfrom a\n  join deal on true',
      ),
    },
    'MODEL_UNKNOWN_RELATION',
    'models/marts/x.sql:11:8: unknown relation deal; did you mean deals?',
  ],
  [
    'a syntax error',
    { 'models/core/x.sql': model(['a integer'], "select 'é' as b,\n  1 as as a") },
    'MODEL_INVALID',
    'models/core/x.sql:8:10: syntax error at or near "a"',
  ],
  [
    'an unknown column',
    {
      'models/core/deals.sql': DEALS,
      'models/core/x.sql': model(['a text'], "select 'é' as e,\n  dealid as a\nfrom deals"),
    },
    'MODEL_INVALID',
    'models/core/x.sql:8:3: Referenced column "dealid" not found in FROM clause! Candidate bindings: "deal_id"',
  ],
  [
    'two statements',
    { 'models/core/x.sql': model(['a integer'], 'select 1 as a; select 2 as a') },
    'MODEL_INVALID',
    'models/core/x.sql:7: 2 statements: a model is one SELECT',
  ],
  [
    'no SELECT',
    { 'models/core/x.sql': model(['a integer'], 'create table x as select 1') },
    'MODEL_INVALID',
    'models/core/x.sql:7: not a SELECT: a model is one SELECT',
  ],
  [
    'a schema before a table',
    { 'models/core/deals.sql': DEALS, 'models/core/x.sql': model(['a text'], 'select deal_id as a from core.deals') },
    'MODEL_INVALID',
    'models/core/x.sql:7:26: core.deals: tables are named bare, without schema',
  ],
  [
    'another type than declared',
    { 'models/core/x.sql': model(['a text', 'n bigint'], "select 'x' as a, 1 as n") },
    'MODEL_INVALID',
    'models/core/x.sql:6: column n is declared bigint, but the SELECT gives integer: cast it, or change the header',
  ],
  [
    'another scale than declared',
    { 'models/core/x.sql': model(['n decimal(18,6)'], 'select cast(1 as decimal(18,2)) as n') },
    'MODEL_INVALID',
    'models/core/x.sql:5: column n is declared decimal(18,6), but the SELECT gives decimal(18,2): cast it, or change the header',
  ],
  [
    'a type nobody can declare',
    { 'models/core/x.sql': model(['n bigint'], 'select sum(n) as n from (values (1)) as v(n)') },
    'MODEL_INVALID',
    'models/core/x.sql:5: column n is declared bigint, but the SELECT gives hugeint: cast it, or change the header',
  ],
  [
    'a column too few',
    { 'models/core/x.sql': model(['a integer', 'total integer'], 'select 1 as a, 2 as totl') },
    'MODEL_INVALID',
    'models/core/x.sql:1: the SELECT gives the column totl, which the header does not declare; did you mean total?\nmodels/core/x.sql:6: the SELECT gives no column total; did you mean totl?',
  ],
  [
    'another order of columns',
    { 'models/core/x.sql': model(['a integer', 'b integer'], 'select 1 as b, 2 as a') },
    'MODEL_INVALID',
    "models/core/x.sql:5: the header's columns are in another order than the SELECT's: a stands where the SELECT gives b",
  ],
  [
    'a column twice',
    { 'models/core/x.sql': model(['a integer'], 'select 1 as a, 2 as a') },
    'MODEL_INVALID',
    'models/core/x.sql:1: the SELECT gives the column a_1, which the header does not declare; did you mean a?',
  ],
  [
    'an input with the name of a model',
    { 'models/core/x.sql': model(['a integer'], 'select 1 as a'), 'models/reference/x.csv': 'a\n1\n' },
    'MODEL_INVALID',
    'models/reference/x.csv: a second x; the first is models/core/x.sql',
  ],
  [
    'a reserved name',
    { 'models/core/source.sql': model(['a integer'], 'select 1 as a') },
    'MODEL_INVALID',
    'models/core/source.sql: the name source has a meaning of its own in models and checks',
  ],
  [
    'a staging model that joins',
    {
      'models/core/deals.sql': DEALS,
      'models/staging/crm/deals.sql': model(
        ['a text'],
        'select source.id as a from source join deals on true',
        STAGED.replace('\nfeeds: deals', ''),
      ),
    },
    'MODEL_UNKNOWN_RELATION',
    'models/staging/crm/deals.sql:9:40: unknown relation deals: a staging model reads `source` alone; join in models/core',
  ],
  [
    'an unknown feed',
    {
      'models/feeds/deals.yml': FEED,
      'models/staging/crm/deals.sql': model(
        ['deal_id text'],
        'select id as deal_id from source',
        STAGED.replace('feeds: deals', 'feeds: deal'),
      ),
    },
    'MODEL_UNKNOWN_RELATION',
    'models/staging/crm/deals.sql:1: crm_deals joins the feed deal, which does not exist; did you mean deals?',
  ],
  [
    'an arm that does not fit its feed',
    {
      'models/feeds/deals.yml': FEED,
      'models/staging/crm/deals.sql': model(
        ['deal_id text', 'amount double', 'x text'],
        'select id as deal_id, amount, id as x from source',
        STAGED,
      ),
    },
    'MODEL_INVALID',
    'models/staging/crm/deals.sql:9: column amount is double, the feed deals wants decimal(18,6)\nmodels/staging/crm/deals.sql:10: the feed deals has no column x',
  ],
  [
    'a test that looks at nothing',
    {
      'models/core/deals.sql': DEALS.replace(
        'A column. }',
        'A column., tests: [{ relationships: { to: companies, column: id } }] }',
      ),
    },
    'MODEL_UNKNOWN_RELATION',
    'models/core/deals.sql:5: test relationships deal_id: unknown relation companies',
  ],
  [
    'a test on a column of another that is not there',
    {
      'models/core/deals.sql': DEALS.replace(
        'A column. }',
        'A column., tests: [{ relationships: { to: deals, column: id } }] }',
      ),
    },
    'MODEL_INVALID',
    'models/core/deals.sql:5: test relationships deal_id: deals has no column id; did you mean deal_id?',
  ],
  [
    'a test that is no SQL',
    { 'models/core/deals.sql': DEALS.replace('columns:', 'tests:\n  - expression: amount >=\ncolumns:') },
    'MODEL_INVALID',
    'models/core/deals.sql:5: test expression (amount >=): syntax error at or near ")"',
  ],
  [
    'a condition that closes its bracket',
    {
      'models/core/deals.sql': DEALS.replace(
        'columns:',
        'tests:\n  - { expression: amount > 0, where: "true) or (true" }\ncolumns:',
      ),
    },
    'MODEL_INVALID',
    'models/core/deals.sql:5: test expression (amount > 0): the condition is not one expression',
  ],
  [
    'a check without one of its columns',
    {
      'models/core/deals.sql': DEALS.replace('columns:', 'tests: [positive]\ncolumns:'),
      'sql/checks/positive.sql': 'select amout from model where amout < 0',
    },
    'MODEL_INVALID',
    'models/core/deals.sql:4: test positive: Referenced column "amout" not found in FROM clause! Candidate bindings: "amount"',
  ],
  [
    'a function library that is no SQL',
    { 'sql/duckdb/functions.sql': 'create or replace macro f(a) as\n' },
    'MODEL_INVALID',
    'sql/duckdb/functions.sql: the function library cannot be installed: syntax error at or near ";"',
  ],
])('%s: the error says what and where', async (_, files, code, message) => {
  const error = await compiled(files).then(
    () => null,
    (thrown: unknown) => thrown as RevopsError,
  );
  expect([error?.code, error?.message]).toEqual([code, message]);
});

it('All problems come at once', async () => {
  const files = {
    'models/core/a.sql': model(['a integer'], 'select 1.5 as a'),
    'models/core/b.sql': model(['a integer'], 'select x as a'),
  };
  await expect(compiled(files)).rejects.toMatchObject({
    message: expect.stringMatching(/^models\/core\/a\.sql:5: .*\nmodels\/core\/b\.sql:7:8: /s),
  });
});

it('A model for one engine is left out on the other', async () => {
  const project = await projectOf({ 'models/core/a.sql': model(['a integer'], 'select 1 as a', 'engine: postgres') });
  expect((await compileProject(project, 'duckdb')).relations).toEqual([]);
  expect((await compileProject(project, 'postgres')).relations.map((relation) => relation.name)).toEqual(['a']);
});

it('Every relation is tested on its grain', async () => {
  const project = await projectOf({ 'models/core/deals.sql': DEALS, 'models/feeds/deals.yml': FEED });
  const { relations } = await compileProject(project);
  expect(relations.map((relation) => relation.tests.map((test) => test.label))).toEqual([
    ['unique (deal_id)'],
    ['unique (deal_id)'],
  ]);
});
