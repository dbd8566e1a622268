/**
 * `revops query`: one SELECT, read-only, as a table, CSV or JSON.
 */
import { text } from 'node:stream/consumers';

import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Column, Row } from '../warehouse/types.ts';
import type { CommandContext, Options } from './context.ts';
import { csvLine, shown } from './csv.ts';
import { plural } from './format.ts';
import { openProject, withReader } from './session.ts';
import { renderTable } from './table.ts';
import { readTrust, trustLines } from './trust.ts';

const TABLE_ROWS = 100;

export async function query(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const sql = trimmed(words[0] === '-' ? await text(context.stdin) : (words[0] ?? ''));
  const limit = limitOf(options, context);
  const project = await openProject(context);
  await withReader(context, project, async (session) => {
    const columns = await session.describeQuery(sql);
    checkNames(columns);
    await stamp(context, project, session, sql);
    if (options['csv'] === true) return printCsv(context, columns, rowsOf(session, sql, limit));
    const rows = await Array.fromAsync(rowsOf(session, sql, limit === undefined ? undefined : limit + 1));
    if (context.globals.json) return context.terminal.printJson(rows.slice(0, limit));
    return printTable(context, columns, rows, limit ?? rows.length);
  });
}

// --- internal ---

/** Marts whose numbers decide budgets. */
const BUDGET_MARTS = /\b(cac|marginal_cac|cohort_cac|cac_decomposition|spend_to_revenue|platform_reconciliation)\b/i;

/** On standard error, where the rows cannot carry it: that budget numbers are not trusted. */
async function stamp(context: CommandContext, project: Project, session: Session, sql: string): Promise<void> {
  if (!BUDGET_MARTS.test(sql)) return;
  const [line] = trustLines(await readTrust(context, project, session));
  if (line !== undefined) context.terminal.warn(line);
}

function trimmed(sql: string): string {
  const statement = sql.trim().replace(/;\s*$/, '');
  if (statement !== '') return statement;
  throw new RevopsError('USAGE', 'there is no SQL to run', { hint: 'revops query "select * from cac"' });
}

function limitOf(options: Options, { globals }: CommandContext): number | undefined {
  const written = options['limit'];
  if (written === undefined) return options['csv'] === true || globals.json ? undefined : TABLE_ROWS;
  const limit = Number(written);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new RevopsError('USAGE', `--limit: ${JSON.stringify(written)} is no number of rows`, {
    hint: 'Give a whole number from 1.',
  });
}

/** A row has one value per name: of two columns with one name only the last would be shown, as both. */
function checkNames(columns: readonly Column[]): void {
  const twice = columns.find(({ name }, index) => columns.findIndex((column) => column.name === name) < index);
  if (twice === undefined) return;
  throw new RevopsError('USAGE', `two columns of the query are named ${twice.name}`, {
    hint: 'Give each a name of its own: `select a.id as a_id, b.id as b_id …`.',
  });
}

async function* rowsOf(session: Session, sql: string, limit: number | undefined): AsyncIterable<Row> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const chunk of session.stream(sql)) {
    for (const row of chunk) {
      if (left <= 0) return;
      left -= 1;
      yield row;
    }
  }
}

async function printCsv(
  { terminal }: CommandContext,
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
): Promise<void> {
  terminal.printData(csvLine(columns.map(({ name }) => name)));
  for await (const row of rows) terminal.printData(csvLine(columns.map(({ name }) => row[name])));
}

function printTable(
  { terminal }: CommandContext,
  columns: readonly Column[],
  rows: readonly Row[],
  limit: number,
): void {
  const cells = rows
    .slice(0, limit)
    .map((row) => columns.map(({ name }) => (row[name] === null ? 'NULL' : shown(row[name]))));
  const titled = columns.map(({ name, type }) => ({
    title: name,
    align: isNumber(type) ? ('right' as const) : ('left' as const),
  }));
  terminal.print(renderTable(titled, cells, terminal.width));
  terminal.say(
    rows.length > limit ? `\nthe first ${plural(limit, 'row')}; --limit shows more` : `\n${plural(rows.length, 'row')}`,
  );
}

function isNumber(type: string): boolean {
  return /^(integer|bigint|double|decimal)/.test(type);
}
