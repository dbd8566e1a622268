/**
 * A small project with cases, for the tests of unit cases.
 */
import { join } from 'node:path';

import { compileProject, readModelProject, type CompiledProject } from '../../../src/model/index.ts';
import {
  caseLabel,
  openMemory,
  openTemporaryPostgres,
  readCases,
  runCase,
  type CaseResult,
  type CaseWarehouse,
  type UnitCase,
} from '../../../src/model/unit/index.ts';
import { Secret } from '../../../src/secret.ts';
import type { EngineName } from '../../../src/warehouse/types.ts';
import { testPostgresUrl } from '../../support/warehouses.ts';
import { model, writeFiles, type Files } from '../project.ts';

/** Models: `deals` and `amounts` keep the promise of their keys, `ranked` does not, `frozen` is a ledger, `totals` has no key. */
export const MODELS: Files = {
  'models/reference/inputs.yml': [
    'settings:',
    '  filled_by: engine',
    '  description: One row.',
    '  columns: { factor: { type: integer, description: F. }, unit: { type: text, description: U. } }',
    'clock:',
    '  filled_by: engine',
    '  description: One row.',
    '  columns: { now_at: { type: timestamptz, description: N. }, today: { type: date, description: T. } }',
    'rates:',
    '  description: A list.',
    '  grain: [currency]',
    '  columns: { currency: { description: C. }, rate: { type: "decimal(18,6)", description: R. } }',
  ].join('\n'),
  'models/reference/rates.csv': 'currency,rate\nEUR,1\nUSD,0.5\n',
  'models/feeds/deals.yml':
    'description: Deals.\ngrain: [deal_id]\ncolumns:\n  deal_id: { type: text, description: D. }\n  owner: { type: text, description: O. }\n  amount: { type: "decimal(18,6)", description: A. }\n  currency: { type: text, description: C. }\n  due_date: { type: date, description: D. }\n  tags: { type: json, description: T. }\n',
  'models/staging/crm/deals.sql': model(
    ['deal_id text', 'owner text', 'amount decimal(18,6)', 'currency text', 'due_date date', 'tags json'],
    'select upper(id) as deal_id, owner, cast(amount as decimal(18,6)) as amount, cast(null as text) as currency, cast(null as date) as due_date, cast(null as json) as tags from source',
    'source: crm.deals\nreads: { id: text, owner: text, amount: text }\nfeeds: deals',
  ),
  'models/core/deals.sql': model(
    ['deal_id text', 'owner text', 'amount decimal(18,6)', 'share double', 'is_due boolean', 'tags json'],
    `with in_euro as (
  select deals_feed.deal_id, deals_feed.owner, deals_feed.due_date, deals_feed.tags, twice(deals_feed.amount * rates.rate) as amount
  from deals_feed
  -- a bracket ( in a comment, and one in ')' a text
  left join rates on rates.currency = coalesce(deals_feed.currency, 'EUR') and rates.currency <> ')'
), doubled as (
  select in_euro.*, settings.factor from in_euro cross join settings
)
select
  deal_id, owner, cast(amount * factor as decimal(18,6)) as amount,
  cast(amount as double precision) / cast(3 as double precision) as share,
  coalesce(due_date <= clock.today, false) as is_due, tags
from doubled cross join clock`,
    'key: deal_id\nwakes_at: deals_feed.due_date',
  ),
  'models/core/amounts.sql': model(
    ['owner text', 'deals bigint', 'amount decimal(18,6)'],
    'select owner, count(*) as deals, cast(sum(amount) as decimal(18,6)) as amount from deals group by owner',
    'key: owner',
  ),
  'models/core/ranked.sql': model(
    ['deal_id text', 'place bigint'],
    'select deal_id, row_number() over (order by amount, deal_id) as place from deals',
    'key: deal_id',
  ),
  'models/core/frozen.sql': model(
    ['deal_id text', 'amount decimal(18,6)'],
    'select deal_id, amount from deals where amount is not null',
    'key: deal_id\nmaterialized: ledger',
  ),
  'models/marts/totals.sql': model(['deals bigint'], 'select count(*) as deals from deals'),
  'sql/duckdb/functions.sql': 'create or replace macro twice(a) as a * 2;\n',
  'sql/postgres/functions.sql':
    'create or replace function twice(a numeric) returns numeric language sql immutable as $$ select a * 2 $$;\n',
  'fixtures/cases/standard.yml':
    'settings: { factor: 1 }\nclock: { now_at: 2025-01-01T00:00:00Z, today: 2025-01-01 }\n',
};

export interface CaseProject {
  compiled: CompiledProject;
  cases: UnitCase[];
  folder: string;
}

/** The project with cases: `deals/first/case.yml` and its text. */
export async function caseProject(engine: EngineName, cases: Files, models: Files = {}): Promise<CaseProject> {
  const files = Object.fromEntries(Object.entries(cases).map(([name, text]) => [`fixtures/cases/${name}`, text]));
  const folder = writeFiles({ ...MODELS, ...models, ...files });
  const project = await readModelProject([{ origin: 'own', models: join(folder, 'models'), sql: join(folder, 'sql') }]);
  return {
    compiled: await compileProject(project, engine),
    cases: await readCases([{ origin: 'own', folder: join(folder, 'fixtures/cases') }]),
    folder,
  };
}

export async function openEngine(engine: EngineName): Promise<CaseWarehouse> {
  if (engine === 'duckdb') return openMemory();
  return openTemporaryPostgres(new Secret(await testPostgresUrl(), 'test server'), () => new Date());
}

/** The results by label; failures as `file:line: message`. */
export async function resultsOf(
  opened: CaseWarehouse,
  { compiled, cases, folder }: CaseProject,
): Promise<Record<string, Omit<CaseResult, 'failures'> & { failures: string[]; details: CaseResult['failures'] }>> {
  await opened.install(compiled);
  const found: Awaited<ReturnType<typeof resultsOf>> = {};
  for (const unit of cases) {
    const result = await runCase(opened.warehouse, compiled, unit);
    const failures = result.failures.map(
      ({ file, line, message }) => `${file.slice(folder.length + '/fixtures/cases/'.length)}:${line}: ${message}`,
    );
    found[caseLabel(unit)] = { ...result, failures, details: result.failures };
  }
  return found;
}
