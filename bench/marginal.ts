/**
 * How often does the 95 % interval of marginal CAC hold the truth, how near is the estimate by elasticity, and how much less
 * does it scatter than the change of one month? The shipped model over months of a simulated company whose channels follow
 * a known response curve, for companies of several sizes.
 * `npm run measure:marginal [-- --seeds 25 --months 27 --scales 1,8,40,90 --engine duckdb]`
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../fixtures/postgres.ts';
import { responseMonths, type ResponseMonth } from '../fixtures/world/response-months.ts';
import { Secret } from '../src/secret.ts';
import type { InputRow } from '../src/model/contract.ts';
import type { EngineName, Row } from '../src/warehouse/types.ts';
import { openMemory, openTemporaryPostgres, readCases } from '../src/model/unit/index.ts';
import { givenOf } from '../src/model/unit/given.ts';
import { modelRows } from '../src/model/unit/one-load.ts';
import { testedBy } from '../src/model/unit/tested.ts';
import { shippedLibrary } from '../tests/support/shipped.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '25' },
    months: { type: 'string', default: '27' },
    scales: { type: 'string', default: '1,8,40,90' },
    engine: { type: 'string', default: 'duckdb' },
  },
});
const engine = values.engine as EngineName;
const cases = await readCases([{ origin: 'revops', folder: join(import.meta.dirname, '../fixtures/cases') }]);
const compiled = await shippedLibrary(engine);
const unit = cases.find(({ model, name }) => model === 'marginal_cac' && name === 'decay');
if (unit === undefined) throw new Error('marginal_cac has no case to take settings from');
const tested = testedBy(compiled, unit);
const [given] = tested === null ? [] : givenOf(compiled, tested, unit);
if (tested === null || given === undefined) throw new Error('marginal_cac is not in the library');

const server =
  engine === 'postgres' ? await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-marginal-'))) : null;
const opened =
  server === null ? await openMemory() : await openTemporaryPostgres(new Secret(server.url, 'bench'), () => new Date());
try {
  await opened.install(compiled);
  const table = new Table({
    head: [
      'customers a month',
      'months',
      'change in interval',
      'marginal CAC given',
      'truth in its interval',
      'of them ok',
      'its scatter',
      'elasticity given',
      'its mean',
      'truth',
      'mean error',
      'in interval',
      'scatter',
    ],
    style: { head: [], border: [] },
  });
  for (const scale of values.scales.split(',').map(Number)) {
    const found: Found[] = [];
    for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
      const months = responseMonths({ seed, scale, months: Number(values.months) });
      const cac = months.map((month) => ({ file: 'bench', line: 1, values: cacRow(month) }));
      const rows = await modelRows(opened.warehouse, compiled, tested.model, new Map([...given, ['cac', cac]]));
      found.push(...compared(months, rows));
    }
    table.push(summary(found));
  }
  console.log(table.toString());
} finally {
  await opened.close();
  await server?.stop();
}

// --- internal ---

interface Found {
  month: ResponseMonth;
  before: ResponseMonth;
  row: Row;
  isLast: boolean;
}

function cacRow({ channel, month, spend, customers }: ResponseMonth): InputRow {
  return {
    channel,
    period_grain: 'month',
    spend: spend.toFixed(6),
    customers,
    conversions: customers,
    customers_variance: customers,
    cac: customers === 0 ? null : spend / customers,
    is_complete: true,
    has_coarser_spend: false,
    period_start: month,
    period_end: month,
  };
}

/** Every month that has one before it. */
function compared(months: readonly ResponseMonth[], rows: readonly Row[]): Found[] {
  return months.flatMap((month, index) => {
    const before = months[index - 1];
    if (before === undefined || before.channel !== month.channel) return [];
    const row = rows.find(({ channel, period_start: start }) => channel === month.channel && start === month.month);
    if (row === undefined) throw new Error(`marginal_cac has no row of ${month.channel} in ${month.month}`);
    return [{ month, before, row, isLast: months[index + 1]?.channel !== month.channel }];
  });
}

function summary(found: readonly Found[]): string[] {
  const number = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
  const share = (part: readonly unknown[], whole: readonly unknown[]): string =>
    whole.length === 0 ? '–' : `${((100 * part.length) / whole.length).toFixed(1)} %`;
  const change = ({ month, before }: Found): number => month.expected - before.expected;
  const isIn = (truth: number, low: number | null, high: number | null): boolean =>
    low !== null && low <= truth && (high === null || truth <= high);

  const changes = found.filter((one) =>
    isIn(change(one), number(one.row['customers_change_low']), number(one.row['customers_change_high'])),
  );
  const valued = found.filter(({ row }) => row['marginal_cac'] !== null);
  const marginal = (one: Found): number => (one.month.spend - one.before.spend) / change(one);
  const held = valued.filter((one) => isIn(marginal(one), number(one.row['ci_low']), number(one.row['ci_high'])));
  const sure = valued.filter(({ row }) => row['status'] === 'ok' || row['status'] === 'scale_back');
  const sureHeld = held.filter((one) => sure.includes(one));
  const last = found.filter(({ isLast }) => isLast);
  const fitted = last.filter(({ row }) => row['elasticity'] !== null);
  const ratio = (one: Found): number => Number(one.row['elasticity']) / one.month.elasticity;
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const truth = ({ month }: Found): number => month.spend / month.customers / month.elasticity;
  const fittedHeld = fitted.filter((one) =>
    isIn(truth(one), number(one.row['elasticity_ci_low']), number(one.row['elasticity_ci_high'])),
  );
  /** Coefficient of variation of what is found over what is true: 0 where all are off by the same factor. */
  const scatter = (ratios: readonly number[]): number => {
    const centre = mean(ratios);
    return Math.sqrt(mean(ratios.map((each) => (each - centre) ** 2))) / Math.abs(centre);
  };
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    mean(found.map(({ month }) => month.customers)).toFixed(0),
    String(found.length),
    share(changes, found),
    share(valued, found),
    share(held, valued),
    `${sure.length}: ${share(sureHeld, sure)}`,
    percent(scatter(valued.map((one) => Number(one.row['marginal_cac']) / marginal(one)))),
    share(fitted, last),
    mean(fitted.map(({ row }) => Number(row['elasticity']))).toFixed(3),
    mean(fitted.map(({ month }) => month.elasticity)).toFixed(3),
    percent(mean(fitted.map((one) => Math.abs(ratio(one) - 1)))),
    share(fittedHeld, fitted),
    percent(scatter(fitted.map((one) => Number(one.row['elasticity_marginal_cac']) / truth(one)))),
  ];
}
