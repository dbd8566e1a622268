/**
 * `revops cac --basis cohort`: the customers first touched in a period over its spend, by age; and what the next one cost
 * against the cohort before, at the same age.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';
import { loadedLine } from './cac-loaded.ts';
import { type CacQuestion, isByChannel } from './cac-question.ts';
import { aboutThese } from './cac-words.ts';
import { interval, reasonBeside } from './cac-table.ts';
import type { AnswerRow, CacView } from './cac-view.ts';
import { decimal, money } from './format.ts';
import { periodName } from './period.ts';
import { renderTable } from './table.ts';

interface CohortRow extends AnswerRow {
  cohort_start: string;
  age: number;
  counted_to: string;
  cac: number | null;
  fixed_costs?: string | null;
  fully_loaded_cac?: number | null;
  fully_loaded_status?: string;
  status: string;
  marginal_cac: number | null;
  ci_low: number | null;
  ci_high: number | null;
  marginal_status: string;
  is_mature: boolean;
  /** Where only some customers were asked about: everybody, and what one of them cost. */
  all_customers?: number;
  all_cac?: number | null;
}

/** One cohort has all its ages; of several each is at the last age it has completed, unless one is asked for. */
export const cohortView: CacView<CohortRow> = {
  async rows(session, question, { prelude, wholePrelude }) {
    const { grain, isAverage } = question;
    if (grain === 'day') {
      throw new RevopsError('USAGE', 'there are no cohorts by day', {
        hint: 'Give --by week, month or quarter.',
      });
    }
    const range = question.range ?? (await latest(session, question, wholePrelude ?? prelude));
    const found = await cohortRows(session, question, range, prelude);
    if (wholePrelude !== undefined) return amongAll(await cohortRows(session, question, range, wholePrelude), found);
    return isAverage ? found.map(withoutMarginal) : found;
  },
  title({ by, grain, isAverage }) {
    const groups = by === 'channel' ? '' : ` by ${by.replace('_', ' ')}`;
    return `${isAverage ? 'Average CAC' : 'CAC and marginal CAC'} of ${ADJECTIVES[grain]} cohorts${groups}`;
  },
  table(rows, { grain, isAverage, filters }, currency, width) {
    const right = { align: 'right' as const };
    const areSome = filters.minTouchpoints !== undefined;
    const columns = [
      { title: 'Cohort' },
      { title: 'Age', ...right },
      { title: 'Spend', ...right },
      { title: areSome ? 'These' : 'New', ...right },
      { title: areSome ? 'CAC of these' : 'CAC', ...right },
      ...(areSome
        ? [
            { title: 'All', ...right },
            { title: 'CAC of all', ...right },
          ]
        : []),
      ...(isAverage ? [] : [{ title: 'Marginal', ...right }, { title: '95 %', ...right }, { title: 'Status' }]),
    ];
    const cells = rows.flatMap((row, at) => {
      const line = [
        `· ${periodName(row.cohort_start, grain)}`,
        String(row.age),
        row.spend === null ? 'missing_rate' : money(Number(row.spend), currency),
        decimal(row.customers, 2),
        row.cac === null ? reasonBeside(row.status, isAverage ? '' : row.marginal_status) : money(row.cac, currency),
        ...(areSome
          ? [decimal(row.all_customers ?? 0, 2), typeof row.all_cac === 'number' ? money(row.all_cac, currency) : '–']
          : []),
        ...(isAverage
          ? []
          : [row.marginal_cac === null ? '–' : money(row.marginal_cac, currency), interval(row), row.marginal_status]),
      ];
      const lines = [line, ...loadedLine(row, currency, ['', 'spend', '', 'cac'])];
      return row.channel === rows[at - 1]?.channel ? lines : [[row.channel], ...lines];
    });
    return renderTable(columns, cells, width);
  },
  notes(_rows, { grain, filters: { minTouchpoints } }) {
    return [
      ...(minTouchpoints === undefined ? [] : [aboutThese(minTouchpoints)]),
      `New: customers first touched in the cohort and won by the end of the ${grain} that many after it. New customers without a touchpoint are in no cohort.`,
    ];
  },
  counted(rows) {
    return rows.filter(
      (row, at) => row.channel !== rows[at + 1]?.channel || row.cohort_start !== rows[at + 1]?.cohort_start,
    );
  },
};

// --- internal ---

const LATEST = 6;
const ADJECTIVES = { day: 'daily', week: 'weekly', month: 'monthly', quarter: 'quarterly' } as const;
const MARGINAL = [
  ...['previous_cohort_start', 'previous_spend', 'spend_change', 'previous_customers', 'customers_change'],
  ...['marginal_cac', 'ci_low', 'ci_high', 'marginal_status'],
];
const COLUMNS = [
  ...['channel', 'period_grain', 'cohort_start', 'cohort_end', 'age', 'counted_to', 'spend', 'customers'],
  ...[
    'conversions',
    'cac',
    'status',
    'fixed_costs',
    'fully_loaded_cac',
    'fully_loaded_status',
    ...MARGINAL,
    'is_mature',
    'attribution_model',
    'baseline_id',
  ],
];

function cohortRows(
  session: Session,
  question: CacQuestion,
  { from, to }: { from: string; to: string },
  prelude: string,
): Promise<CohortRow[]> {
  const { grain, by, filters, age } = question;
  const channel = isByChannel({ by }) ? filters.channel : undefined;
  return session.query<CohortRow & Row>(
    `${prelude}select ${COLUMNS.join(', ')} from (
       select ${COLUMNS.join(', ')},
         row_number() over (
           partition by channel, cohort_start
           order by case when is_mature then 0 else 1 end, case when is_mature then -age else age end
         ) as lateness
       from cohort_cac
       where period_grain = $1
         and cohort_start >= cast($2 as date) and cohort_start <= cast($3 as date)
         and (cast($4 as text) is null or channel = $4)
     ) as ranked
     where cast($5 as bigint) is null or age = $5 or ($5 = -1 and lateness = 1)
     order by case channel when '(all)' then 1 else 0 end, channel, cohort_start, age`,
    [grain, from, to, channel ?? null, age ?? (isOne(question) ? null : -1)],
  );
}

/** All of a cohort's spend over the customers asked about, beside everybody, as in the answer by the day of the win. */
function amongAll(all: readonly CohortRow[], some: readonly CohortRow[]): CohortRow[] {
  const keyOf = (row: CohortRow): string => `${row.cohort_start} ${row.age} ${row.channel}`;
  const found = new Map(some.map((row) => [keyOf(row), row]));
  return all.map((row) => {
    const everybody = { all_customers: row.customers, all_cac: row.cac };
    const part = found.get(keyOf(row));
    if (part !== undefined) return { ...withoutMarginal(part), ...everybody };
    const status = row.status === 'ok' ? 'no_customers' : row.status;
    const nobody = {
      customers: 0,
      conversions: 0,
      cac: null,
      status,
      fully_loaded_cac: null,
      fully_loaded_status: status,
    };
    return { ...withoutMarginal(row), ...nobody, ...everybody };
  });
}

/** Whether the range is one period of the grain. */
function isOne({ range, grain }: CacQuestion): boolean {
  return range !== undefined && range.grain === grain;
}

function withoutMarginal(row: CohortRow): CohortRow {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !MARGINAL.includes(column))) as CohortRow;
}

/** The last cohorts that have completed the age, or their own period. */
async function latest(
  session: Session,
  { grain, age }: CacQuestion,
  prelude: string,
): Promise<{ from: string; to: string }> {
  const rows = await session.query<{ cohort_start: string }>(
    `${prelude}select distinct cohort_start from cohort_cac
     where period_grain = $1 and age = $2 and is_mature order by cohort_start desc limit ${LATEST}`,
    [grain, age ?? 0],
  );
  return { from: rows.at(-1)?.cohort_start ?? '0001-01-01', to: rows[0]?.cohort_start ?? '9999-12-31' };
}
