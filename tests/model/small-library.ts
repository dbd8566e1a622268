/**
 * A small library with every kind of relation, for the tests of builds.
 */
import { model, type Files } from './project.ts';

export const DEAL_COLUMNS = { id: 'text', amount: 'text', won: 'boolean' } as const;

export const LIBRARY: Files = {
  'models/reference/inputs.yml': [
    'settings:',
    '  filled_by: engine',
    '  description: One row.',
    '  columns: { factor: { type: integer, description: F. }, unused: { type: text, description: U. } }',
    'clock:',
    '  filled_by: engine',
    '  description: One row.',
    '  columns: { now_at: { type: timestamptz, description: N. }, today: { type: date, description: T. } }',
    'rates:',
    '  description: A list.',
    '  grain: [currency]',
    '  columns: { currency: { description: C. }, rate: { type: "decimal(18,6)", description: R. } }',
  ].join('\n'),
  'models/reference/rates.csv': 'currency,rate\nEUR,1\nUSD,0.9\n',
  'models/feeds/deals.yml':
    'description: Deals.\ngrain: [source, deal_id]\ncolumns:\n  source: { type: text, description: S. }\n  deal_id: { type: text, description: D. }\n  amount: { type: "decimal(18,6)", description: A. }\n  is_won: { type: boolean, description: W. }\n',
  'models/feeds/calls.yml':
    'description: Calls that no connector gives.\ngrain: [call_id]\ncolumns:\n  call_id: { type: text, description: C. }\n  seconds: { type: bigint, description: S. }\n',
  'models/staging/crm/deals.sql': model(
    ['source text', 'deal_id text', 'amount decimal(18,6)', 'is_won boolean'],
    "select 'crm' as source, id as deal_id, cast(amount as decimal(18,6)) as amount, won as is_won from source",
    'grain: [deal_id]\nsource: crm.deals\nreads: { id: text, amount: text, won: boolean }\nfeeds: deals',
  ),
  'models/staging/other-crm/deals.sql': model(
    ['source text', 'deal_id text', 'amount decimal(18,6)', 'is_won boolean'],
    "select 'other' as source, id as deal_id, amount, cast(null as boolean) as is_won from source",
    'grain: [deal_id]\nsource: other-crm.deals\nreads: { id: text, amount: "decimal(18,6)" }\nfeeds: deals',
  ),
  'models/core/deals.sql': model(
    ['source text', 'deal_id text', 'amount decimal(18,6)', 'is_won boolean'],
    'with settings as (select * from settings)\nselect source, deal_id, cast(scaled(amount, factor) as decimal(18,6)) as amount, coalesce(is_won, false) as is_won\nfrom deals_feed cross join settings',
    'grain: [source, deal_id]\ntests:\n  - row_count: { equals: deals_feed }\n  - { expression: amount >= 0, severity: error }\n  - few_deals: { most: 1000 }',
  ),
  'models/core/calls.sql': model(['call_id text', 'seconds bigint'], 'select call_id, seconds from calls_feed'),
  'models/marts/won.sql': model(
    ['source text', 'deals bigint', 'amount decimal(18,6)', 'first_deal text'],
    'select source, count(*) as deals, cast(sum(amount) as decimal(18,6)) as amount, min(deal_id) as first_deal from deals where is_won group by source',
  ),
  'models/marts/today.sql': model(
    ['day date', 'deals bigint'],
    'select clock.today as day, count(*) as deals from clock cross join deals group by clock.today',
  ),
  'models/marts/moment.sql': model(['moment timestamptz'], 'select now_at as moment from clock'),
  'sql/checks/few_deals.sql':
    '/* At most so many deals. */\nselect found.deals\nfrom (select count(*) as deals from model) as found\ncross join arguments\nwhere found.deals > arguments.most;\n',
  'sql/duckdb/functions.sql':
    'create or replace macro times(a, b) as a * b;\n\n-- Calls another.\ncreate or replace macro scaled(amount, factor) as times(amount, factor);\n',
  'sql/postgres/functions.sql':
    'create or replace function times(a numeric, b numeric) returns numeric language sql immutable as $$ select a * b $$;\n\n-- Calls another.\ncreate or replace function scaled(amount numeric, factor numeric) returns numeric language sql immutable as $$ select times(amount, factor) $$;\n',
};

export const INPUTS = {
  settings: [{ factor: 2, unused: 'x' }],
  clock: [{ now_at: '2026-03-01T12:00:00Z', today: '2026-03-01' }],
};
