/**
 * `revops cac --basis cohort`: the customers first touched in a period over its spend, by age; and what the next one cost
 * against the cohort before, at the same age.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';
import { hasFixedCosts, loadedCell, loadedColumn } from './cac-loaded.ts';
import type { CacQuestion } from './cac-question.ts';
import { interval } from './cac-table.ts';
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
}

/** One cohort has all its ages; of several each is at the last age it has completed, unless one is asked for. */
export const cohortView: CacView<CohortRow> = {
  async rows(session, question, { prelude }) {
    const { grain, range, by, filters, age, isAverage } = question;
    if (grain === 'day') {
      throw new RevopsError('USAGE', 'there are no cohorts by day', {
        hint: 'Give --by week, month or quarter.',
      });
    }
    const channel = by === 'channel' ? filters.channel : undefined;
    const { from, to } = range ?? (await latest(session, question, prelude));
    const rows = await session.query<CohortRow & Row>(
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
    return isAverage ? rows.map(withoutMarginal) : rows;
  },
  title({ by, grain, isAverage }) {
    const groups = by === 'channel' ? '' : ` by ${by}`;
    return `${isAverage ? 'Average CAC' : 'CAC and marginal CAC'} of ${ADJECTIVES[grain]} cohorts${groups}`;
  },
  table(rows, { grain, isAverage }, currency, width) {
    const isLoaded = hasFixedCosts(rows);
    const right = { align: 'right' as const };
    const columns = [
      { title: 'Cohort' },
      { title: 'Age', ...right },
      { title: 'Spend', ...right },
      { title: 'New', ...right },
      { title: 'CAC', ...right },
      ...loadedColumn(isLoaded),
      ...(isAverage ? [] : [{ title: 'Marginal', ...right }, { title: '95 % range', ...right }, { title: 'Status' }]),
    ];
    const cells = rows.flatMap((row, at) => {
      const line = [
        `· ${periodName(row.cohort_start, grain)}`,
        String(row.age),
        row.spend === null ? 'missing_rate' : money(Number(row.spend), currency),
        decimal(row.customers, 2),
        row.cac === null ? row.status : money(row.cac, currency),
        ...loadedCell(isLoaded, row, currency),
        ...(isAverage
          ? []
          : [row.marginal_cac === null ? '–' : money(row.marginal_cac, currency), interval(row), row.marginal_status]),
      ];
      return row.channel === rows[at - 1]?.channel ? [line] : [[row.channel], line];
    });
    return renderTable(columns, cells, width);
  },
  notes(_rows, { grain }) {
    return [
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
const MARGINAL = ['marginal_cac', 'ci_low', 'ci_high', 'marginal_status'];
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
