import { expect, it } from 'vitest';

import { renderTestFailure } from '../../src/cli/failing-rows.ts';

const FAILURE = {
  relation: 'deals',
  schema: 'core',
  test: 'expression (amount >= 0)',
  severity: 'error' as const,
  file: 'models/core/deals.sql',
  line: 8,
  count: 1200,
  examples: [
    { deal_id: 'b', amount: '-31.500000' },
    { deal_id: null, amount: '-2.000000' },
  ],
  query: 'select * from revops_store.failing_rows_deals_3__b2',
};

it('shows the first failing rows where people watch, and the query that shows the others', () => {
  expect(renderTestFailure(FAILURE, { isWatched: true, width: 80 })).toBe(
    [
      'core.deals: error: expression (amount >= 0) found 1,200 (models/core/deals.sql:8)',
      'deal_id  amount',
      '───────  ──────────',
      'b        -31.500000',
      'NULL     -2.000000',
      '… and 1,198 more rows: revops query "select * from revops_store.failing_rows_deals_3__b2"',
    ].join('\n'),
  );
});

it('puts no row into a log: rows hold data of people', () => {
  expect(renderTestFailure(FAILURE, { isWatched: false, width: 80 })).toBe(
    'core.deals: error: expression (amount >= 0) found 1,200 (models/core/deals.sql:8)',
  );
});
