/**
 * `revops cac --decompose`: why CAC changed against the period before, step by step from the cost of a lead to the customer.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';
import type { CacQuestion } from './cac-question.ts';
import type { AnswerRow, CacView } from './cac-view.ts';
import { decimal, money } from './format.ts';
import { periodName } from './period.ts';
import { renderTable } from './table.ts';

interface StepRow extends AnswerRow {
  period_start: string;
  previous_period_start: string | null;
  step: string;
  from_step: string | null;
  factor: number | null;
  previous_factor: number | null;
  log_change: number | null;
  cac: number | null;
  previous_cac: number | null;
  cac_log_change: number | null;
  status: string;
}

export const decomposeView: CacView<StepRow> = {
  async rows(session, question, { prelude }) {
    const { grain, range, by, filters } = question;
    if (grain === 'day') {
      throw new RevopsError('USAGE', '--decompose: days are too short to take CAC apart', {
        hint: 'Give --by week, month or quarter.',
      });
    }
    const { from, to } = range ?? (await lastCompared(session, question, prelude));
    return await session.query<StepRow & Row>(
      `${prelude}select ${COLUMNS.join(', ')}
       from cac_decomposition
       where period_grain = $1
         and period_start >= cast($2 as date) and period_start <= cast($3 as date)
         and (cast($4 as text) is null or channel = $4)
       order by case channel when '(all)' then 1 else 0 end, channel, period_start, position`,
      [grain, from, to, (by === 'channel' ? filters.channel : undefined) ?? null],
    );
  },
  title({ by, grain }) {
    return `Why CAC changed, by ${by === 'channel' ? grain : `${by} and ${grain}`}`;
  },
  table(rows, { grain }, currency, width) {
    const right = { align: 'right' as const };
    const columns = [
      { title: 'Step' },
      { title: 'Before', ...right },
      { title: 'Now', ...right },
      { title: 'Effect on CAC', ...right },
      { title: 'ln', ...right },
    ];
    const cells = rows.flatMap((row) => {
      const line = row.status === 'ok' ? [stepCells(row, currency)] : [];
      return row.step === FIRST
        ? [[heading(row, grain)], ...line]
        : row.step === LAST
          ? [...line, ...total(row, currency)]
          : line;
    });
    return renderTable(columns, cells, width);
  },
  notes(rows) {
    const skipped = [...new Set(rows.filter(({ status }) => status === 'skipped').map(({ step }) => step))];
    return [
      'CAC = cost of the first step ÷ the rates of the others; the logarithms of their changes (ln) add up to that of CAC.',
      ...(skipped.length === 0
        ? []
        : [`Where nobody reached a step in one of the periods (${skipped.join(', ')}), it is part of the next.`]),
    ];
  },
  counted(rows) {
    return rows.filter(({ step }) => step === LAST);
  },
};

// --- internal ---

const FIRST = 'lead';
const LAST = 'customer';
const COLUMNS = [
  ...['channel', 'period_grain', 'period_start', 'period_end', 'previous_period_start', 'step', 'from_step', 'count'],
  ...['previous_count', 'factor', 'previous_factor', 'log_change', 'cac', 'previous_cac', 'cac_log_change', 'status'],
  ...['spend', 'previous_spend', 'customers', 'attribution_model', 'baseline_id'],
];

function heading(
  { channel, period_start: start, previous_period_start: previous, status }: StepRow,
  grain: CacQuestion['grain'],
): string {
  const before = previous === null ? '' : `${periodName(previous, grain)} → `;
  const reason = status === 'ok' || status === 'skipped' ? '' : `: ${status}`;
  return `${channel}, ${before}${periodName(start, grain)}${reason}`;
}

function stepCells(
  { step, from_step: from, factor, previous_factor: previous, log_change: log }: StepRow,
  currency: string,
): string[] {
  const shown = (value: number | null): string =>
    value === null ? '–' : from === null ? money(value, currency) : `${decimal(value * 100, 1)} %`;
  return [
    from === null ? `· cost per ${step}` : `· ${from} to ${step}`,
    shown(previous),
    shown(factor),
    ...effect(log),
  ];
}

function total({ cac, previous_cac: previous, cac_log_change: log }: StepRow, currency: string): string[][] {
  if (cac === null || previous === null || log === null) return [];
  return [['· CAC', money(previous, currency), money(cac, currency), ...effect(log)]];
}

/** What a factor's change alone does to CAC, and its logarithm. */
function effect(log: number | null): [string, string] {
  if (log === null) return ['–', '–'];
  const percent = Math.expm1(log) * 100;
  return [`${signed(decimal(percent, 1))} %`, signed(log.toFixed(3))];
}

function signed(written: string): string {
  return written.startsWith('-') ? `−${written.slice(1)}` : `+${written}`;
}

/** The last period of the whole that is compared with the one before. */
async function lastCompared(
  session: Session,
  { grain }: CacQuestion,
  prelude: string,
): Promise<{ from: string; to: string }> {
  const [row] = await session.query<{ last: string | null }>(
    `${prelude}select max(period_start) as last from cac_decomposition
     where period_grain = $1 and status in ('ok', 'skipped')`,
    [grain],
  );
  const last = row?.last ?? null;
  return last === null ? { from: '0001-01-01', to: '9999-12-31' } : { from: last, to: last };
}
