import { expect, it } from 'vitest';

import { listModels } from '../../../src/model/compile/list.ts';
import { model, projectOf } from '../project.ts';

const DEALS = model(['deal_id text'], "select 'a' as deal_id");

it('Layers and names come from the folders', async () => {
  const project = await projectOf({
    'models/staging/google-ads/campaigns.sql': model(
      ['id text'],
      'select id from source',
      'source: google-ads.campaigns\nreads: { id: text }',
    ),
    'models/core/deals.sql': DEALS,
    'models/marts/cac.sql': model(['n integer'], 'select 1 as n'),
    'models/feeds/deals.yml':
      'description: Deals.\ngrain: [deal_id]\ncolumns:\n  deal_id: { type: text, description: Id. }\n',
    'models/reference/sites.csv': 'host,kind\nexample.com,"search, ""paid"""\nexample.org,\n',
  });
  expect(
    listModels(project).map(({ layer, name, materialized, origin }) => [layer, name, materialized, origin]),
  ).toEqual([
    ['reference', 'sites', 'table', 'revops'],
    ['staging', 'google_ads_campaigns', 'view', 'revops'],
    ['feeds', 'deals_feed', 'view', 'revops'],
    ['core', 'deals', 'table', 'revops'],
    ['marts', 'cac', 'table', 'revops'],
  ]);
  expect(project.inputs[0]?.rows).toEqual([
    { host: 'example.com', kind: 'search, "paid"' },
    { host: 'example.org', kind: null },
  ]);
});

it("A project's own model, list, check and function replace the packaged ones of their names", async () => {
  const project = await projectOf(
    {
      'models/core/deals.sql': DEALS,
      'models/marts/cac.sql': model(['n integer'], 'select 1 as n'),
      'models/reference/inputs.yml':
        'sites:\n  description: Sites.\n  grain: [host]\n  columns:\n    host: { description: Host. }\n    weight: { type: integer, description: Weight. }\n',
      'models/reference/sites.csv': 'host,weight\nexample.com,1\n',
      'sql/checks/none_missing.sql': 'select 1',
    },
    {
      'models/marts/cac.sql': model(['n integer'], 'select 2 as n'),
      'models/reference/sites.csv': 'host,weight\nexample.org,2\n',
      'sql/checks/none_missing.sql': 'select 2',
    },
  );
  expect(listModels(project).map(({ name, origin }) => [name, origin])).toEqual([
    ['sites', 'own'],
    ['deals', 'revops'],
    ['cac', 'own'],
  ]);
  expect(project.models.find((one) => one.name === 'cac')?.sql).toBe('select 2 as n');
  expect(project.checks.map((check) => check.sql)).toEqual(['select 2']);
  const sites = project.inputs[0];
  expect(sites?.rows).toEqual([{ host: 'example.org', weight: '2' }]);
  expect(sites?.columns.map((column) => column.type)).toEqual(['text', 'integer']);
});

it.each<[string, Record<string, string>, string]>([
  [
    'two models of one name',
    { 'models/core/cac.sql': DEALS, 'models/marts/cac.sql': DEALS },
    'models/marts/cac.sql: a second cac; the first is models/core/cac.sql',
  ],
  [
    'a file in a strange place',
    { 'models/deals.sql': DEALS },
    'models/deals.sql: not a place for a model: staging/<connector>/x.sql, core/x.sql, marts/x.sql, quality/x.sql, feeds/x.yml or reference/x.csv',
  ],
  [
    'a name with capitals',
    { 'models/core/Deals.sql': DEALS },
    'models/core/Deals.sql: Deals is no name: lower case letters, digits and _, a letter first, at most 48',
  ],
  [
    'a staging model whose name Postgres would cut',
    { [`models/staging/a-platform/${'x'.repeat(47)}.sql`]: DEALS },
    `models/staging/a-platform/${'x'.repeat(47)}.sql: the model a_platform_${'x'.repeat(47)} has more than 55 letters: give the file a shorter name`,
  ],
  [
    'a list with a short row',
    { 'models/reference/x.csv': 'a,b\n1,2\n3\n' },
    'models/reference/x.csv:3: 1 values for 2 columns',
  ],
  [
    'a list with values that are none of their types',
    {
      'models/reference/inputs.yml': `x:
  description: X.
  columns:
    name: { description: N. }
    day: { type: date, description: D. }
    cost: { type: 'decimal(4,2)', description: C. }
    places: { type: integer, description: P. }
    open: { type: boolean, description: O. }
    share: { type: double, description: S. }
`,
      'models/reference/x.csv': `name,day,cost,places,open,share
"New
Year",2026-01-01,99.99,-1,true,1e-3
May,,,,,
Odd,2026-13-01,100.00,ten,maybe,"1,5"

Leap,2026-02-29,1.5,1,f,.5
`,
    },
    [
      '5: day: "2026-13-01" is no date',
      '5: cost: "100.00" is no decimal(4,2)',
      '5: places: "ten" is no integer',
      '5: open: "maybe" is no boolean',
      '5: share: "1,5" is no double',
      '7: day: "2026-02-29" is no date',
    ]
      .map((message) => `models/reference/x.csv:${message}`)
      .join('\n'),
  ],
  [
    'a list with a stray quote',
    { 'models/reference/x.csv': 'a,b\n1,"2"3\n' },
    'models/reference/x.csv:1: not a CSV file: record 2 has a quote in the wrong place',
  ],
  [
    'a list with a column twice',
    { 'models/reference/x.csv': 'a,b,a\n1,2,3\n' },
    'models/reference/x.csv:1: the column a is there twice',
  ],
  [
    'a described list without a file',
    { 'models/reference/inputs.yml': 'x:\n  description: X.\n' },
    'models/reference/inputs.yml: x is filled by a file, but there is no x.csv',
  ],
  [
    'an unknown key of an input',
    { 'models/reference/inputs.yml': 'x:\n  filled_by: engine\n  descripton: X.\n' },
    'models/reference/inputs.yml:1: description is missing\nmodels/reference/inputs.yml:3: unknown key descripton; did you mean description?',
  ],
  [
    'a list column nobody described',
    {
      'models/reference/inputs.yml': 'x:\n  description: X.\n  columns: { site: { description: S. } }\n',
      'models/reference/x.csv': 'sites\n1\n',
    },
    'models/reference/x.csv:1: the column sites is not described; did you mean site?',
  ],
])('%s: the error names file and line', async (_, files, message) => {
  await expect(projectOf(files)).rejects.toMatchObject({ code: 'MODEL_INVALID', message });
});

it('Every problem of a project is told at once, in the order of files', async () => {
  await expect(projectOf({ 'models/core/b.sql': 'select 1', 'models/core/a.sql': 'select 1' })).rejects.toMatchObject({
    message: expect.stringMatching(/^models\/core\/a\.sql:1: no header.*\nmodels\/core\/b\.sql:1: no header/s),
  });
});

it('A folder that does not exist is empty', async () => {
  const project = await projectOf({}, { 'models/core/deals.sql': DEALS });
  expect(project.models.map((one) => one.origin)).toEqual(['own']);
});
