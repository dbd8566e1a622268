/**
 * `revops reconcile`: what ad platforms claim, held against what happened; ends with code 5 outside of the tolerance.
 */
import { RevopsError } from '../errors.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext, Options } from './context.ts';
import { withRowOfNulls } from './answer-columns.ts';
import { csvLine } from './csv.ts';
import { decimal, money, plural } from './format.ts';
import { type Grain, parsePeriod, periodName } from './period.ts';
import { outsideOfTolerance, type ReconciliationRow, reconciliationRows } from './reconcile-rows.ts';
import { readAsOf } from './as-of.ts';
import { openGate } from './gate.ts';
import { openProject, withReader } from './session.ts';
import { renderTable } from './table.ts';
import { readTrust } from './trust.ts';

export async function reconcileCommand(
  context: CommandContext,
  _words: readonly string[],
  options: Options,
): Promise<void> {
  const range = typeof options['period'] === 'string' ? parsePeriod(options['period']) : undefined;
  const platform = options['platform'] as string | undefined;
  const project = await openProject(context);
  const { reconciliation: tolerances, currency } = project;
  const { rows, columns, standing, asOf } = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['marts.platform_reconciliation']);
    const stamp = await readTrust(context, project, session);
    const question = {
      grain: range?.grain ?? 'month',
      ...(range === undefined ? {} : { range }),
      ...(platform === undefined ? {} : { platform: platform.replaceAll('-', '_') }),
      campaigns: options['campaigns'] === true,
    };
    const found = await reconciliationRows(session, question);
    const age = await readAsOf(session);
    const stamped = found.map((row) => ({ ...row, as_of: age.built_at, trust: stamp.trust }));
    const [shape = {}] = found.length > 0 ? found : await reconciliationRows(withRowOfNulls(session), question);
    return { rows: stamped, columns: [...Object.keys(shape), 'as_of', 'trust'], standing: stamp, asOf: age };
  });
  const gate = await openGate(context, project, standing, options);
  const outside = outsideOfTolerance(rows);
  const { terminal, globals } = context;
  if (globals.json)
    terminal.printJson({
      as_of: asOf,
      ...gate.json,
      currency,
      tolerances,
      within_tolerance: outside.length === 0,
      rows,
    });
  else if (options['csv'] === true)
    terminal.printData([csvLine(columns), ...rows.map((row) => csvLine(Object.values(row)))].join('\n'));
  else {
    const table = renderReconciliation(rows, currency, terminal.width);
    terminal.print([...gate.lines, table, '', asOf.line].join('\n'));
  }
  gate.close();
  if (outside.length === 0) return;
  throw new RevopsError('OUT_OF_TOLERANCE', messageOf(outside, tolerances), {
    hint: 'See docs/reconciliation.md for what to look at; reconciliation in the config sets the tolerance.',
  });
}

/** A block per period and type of conversion, the platforms' totals and then everything together; values below. */
export function renderReconciliation(rows: readonly ReconciliationRow[], currency: string, width: number): string {
  if (rows.length === 0) return 'Nothing is claimed in this period, and nothing happened that anybody claims.';
  const valued = rows.filter(({ amount_status: status }) => status !== 'no_amounts');
  return [
    'What platforms claim, against what happened',
    conversions(rows, width),
    ...(valued.length === 0
      ? []
      : [`What these claims are worth to the platforms\n${values(valued, currency, width)}`]),
    [
      'A platform is judged by the conversions with it in their path, all together by what happened.',
      "Claims count on the platform's day (mostly that of the click), conversions on their own.",
    ].join('\n'),
  ].join('\n\n');
}

// --- internal ---

const RIGHT = { align: 'right' as const };

function conversions(rows: readonly ReconciliationRow[], width: number): string {
  const columns = ['Claimed', 'In path', 'Matched', 'Credit', 'Actual', 'Ratio'];
  return renderTable(
    [{ title: 'Platform' }, ...columns.map((title) => ({ title, ...RIGHT })), { title: 'Status' }],
    inBlocks(rows, (row) => [
      decimal(Number(row.claimed), 2),
      decimal(row.in_path),
      decimal(row.matched),
      decimal(row.attributed, 2),
      decimal(row.actual),
      row.overclaim_ratio === null ? '–' : decimal(row.overclaim_ratio, 2),
      row.status,
    ]),
    width,
  );
}

function values(rows: readonly ReconciliationRow[], currency: string, width: number): string {
  const shown = (amount: string | null): string => (amount === null ? '–' : money(Number(amount), currency));
  const columns = ['Claimed', 'In path', 'Actual'];
  return renderTable(
    [{ title: 'Platform' }, ...columns.map((title) => ({ title, ...RIGHT })), { title: 'Status' }],
    inBlocks(rows, (row) => [
      shown(row.claimed_amount),
      shown(row.in_path_amount),
      shown(row.actual_amount),
      row.amount_status,
    ]),
    width,
  );
}

/** With a heading over the rows of each period and type. */
function inBlocks(rows: readonly ReconciliationRow[], cellsOf: (row: ReconciliationRow) => string[]): string[][] {
  return rows.flatMap((row, at) => {
    const name = row.campaign_id === '(all)' ? row.platform : `· ${row.campaign_name ?? row.campaign_id}`;
    const before = rows[at - 1];
    const line = [name, ...cellsOf(row)];
    return before !== undefined && titleOf(before) === titleOf(row) ? [line] : [[titleOf(row)], line];
  });
}

function titleOf({ period_start: start, period_grain: grain, conversion_type: type }: ReconciliationRow): string {
  return `${periodName(start, grain as Grain)}, ${type}`;
}

function messageOf(
  outside: readonly ReconciliationRow[],
  { conversionTolerance, amountTolerance }: { conversionTolerance: number; amountTolerance: number },
): string {
  const named = outside
    .slice(0, 5)
    .map(
      (row) =>
        `${row.platform} ${titleOf(row)}: ${[
          ...(row.status.endsWith('claimed') ? [`${decimal(Number(row.claimed), 2)} ${row.status}`] : []),
          ...(row.amount_status.endsWith('claimed') ? [`value ${row.amount_status}`] : []),
        ].join(', ')}`,
    );
  const more = outside.length > named.length ? [`${plural(outside.length - named.length, 'line')} more`] : [];
  return `claims are outside of the tolerance (conversions ${decimal(conversionTolerance * 100, 2)} %, value ${decimal(amountTolerance * 100, 2)} %): ${[...named, ...more].join('; ')}`;
}
