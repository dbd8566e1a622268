import { afterAll, beforeAll, expect, test } from 'vitest';

import { openMemory, type CaseWarehouse } from '../../../src/model/unit/index.ts';
import { caseProject, resultsOf } from './small-cases.ts';

let opened: CaseWarehouse;

beforeAll(async () => {
  opened = await openMemory();
});

afterAll(async () => {
  await opened.close();
});

test.each([
  ['deels/x', 'expect: []\n', ':1: deels/x: there is no model deels; did you mean deals?'],
  ['deals/x', 'given: { deal_feed: [] }\nexpect: []\n', ':1: deals does not read deal_feed; did you mean deals_feed?'],
  ['totals/x', 'given: { deals_feed: [] }\nexpect: []\n', ':1: totals does not read deals_feed; did you mean deals?'],
  ['totals/x', 'settings: { factor: 2 }\nexpect: []\n', ':1: totals does not read settings'],
  [
    'deals/x',
    'given:\n  deals_feed:\n    - { deal_id: a }\n    - { deal_ld: b }\nexpect: []\n',
    ':4: deals_feed has no column deal_ld; did you mean deal_id?',
  ],
  ['deals/x', 'expect:\n  - { amunt: 1 }\n', ':2: deals has no column amunt; did you mean amount?'],
  [
    'deals/x',
    'expect:\n  - { amount: 1 }\n  - { owner: x, amount: 1 }\n',
    ':3: every expected row lists the same columns; the first has amount, this one amount, owner',
  ],
  [
    'deals/x',
    'cte: in_euros\nexpect: []\n',
    ':1: deals has no common table expression in_euros; did you mean in_euro?',
  ],
  ['deals/x', 'cte: in_euro\nexpect: [{ euros: 1 }]\n', ':2: in_euro has no column euros'],
  ['deals/x', 'only: { ownr: x }\nexpect: []\n', ':1: only: deals has no column ownr; did you mean owner?'],
  ['deals/x', 'settings: { factr: 2 }\nexpect: []\n', ':1: settings has no column factr; did you mean factor?'],
  ['deals/x', 'expcet: []\n', ':1: unknown key expcet; did you mean expect?'],
  ['deals/x', 'description: x\n', ':1: no expect: a case says which rows the model must give (`expect: []` for none)'],
  [
    'deals/x',
    'expect: []\nthen:\n  - given: {}\n',
    ':3: no expect: a case says which rows the model must give (`expect: []` for none)',
  ],
  ['deals/x', 'expect: rows.csv\n', ':1: there is no file rows.csv beside the case'],
  [
    'deals/x',
    'given: { deals_feed: 3 }\nexpect: []\n',
    ':1: given.deals_feed: rows are a list of mappings, or the name of a file beside the case',
  ],
  ['deals/x', 'given: { deals_feed: [ \nexpect: []\n', ': not valid YAML'],
  [
    'deals/x',
    'removed: { deals_feed: [{ deal_id: a }] }\nexpect: []\n',
    ':1: nothing can be removed before anything is given: `removed` belongs into a step of `then`',
  ],
  [
    'deals/x',
    'expect: []\nthen:\n  - removed: { rates: [{ currency: EUR }] }\n    expect: []\n',
    ':3: rates is an input: give all its rows again, without those that are gone',
  ],
])('A wrong case is told with file, line and candidates: %s %j', async (label, text, message) => {
  const results = await resultsOf(opened, await caseProject('duckdb', { [`${label}/case.yml`]: text }));
  expect(results[label]).toMatchObject({ status: 'invalid' });
  expect(results[label]?.failures.join('\n')).toContain(message);
});

test('Rows that are given twice, and files that are no CSV, are told.', async () => {
  const project = await caseProject('duckdb', {
    'deals/twice/case.yml': 'given: { deals_feed: [] }\nexpect: []\n',
    'deals/twice/given/deals_feed.csv': 'deal_id\na\n',
    'deals/quotes/given/deals_feed.csv': 'deal_id\na"b\n',
    'deals/quotes/expect.csv': 'deal_id,deal_id\na,b,c\n',
  });
  const results = await resultsOf(opened, project);
  expect(results['deals/twice']?.failures).toEqual([
    'deals/twice/given/deals_feed.csv:1: rows of deals_feed are given twice',
  ]);
  expect(results['deals/quotes']?.failures).toEqual([
    expect.stringContaining('given/deals_feed.csv:1: not a CSV file'),
    expect.stringContaining('expect.csv:1: the column deal_id is there twice'),
    expect.stringContaining('expect.csv:2: 3 values for 2 columns'),
  ]);
});
