/**
 * The steps of a case, one after the other.
 */
import type { ResultValue, Row } from '../../warehouse/types.ts';
import type { RunMode } from '../build/build-options.ts';
import type { InputRow } from '../contract.ts';
import { keyColumns } from '../compile/keys.ts';
import { isKept } from '../relation.ts';
import type { CaseFailure } from './case-result.ts';
import { compareAll, promiseOf, type CaseRun } from './case-run.ts';
import { compareRows, type Difference } from './diff.ts';
import { keptModel } from './kept-model.ts';
import { rowsOf } from './step-rows.ts';
import { diagnosed } from './unfit-rows.ts';

/** What each step's rows are against those expected; with a key and more than one step, also how the engine got there. */
export async function runSteps(run: CaseRun): Promise<{ failures: CaseFailure[]; ran: RunMode[] }> {
  const { unit, model, shown, warehouse, compiled } = run;
  const hasUpdates = unit.steps.length > 1 && unit.cte === undefined && keyColumns(model).length > 0;
  const isLoaded = shown !== model || (hasUpdates && model.model.source === undefined);
  const kept = isLoaded ? keptModel(warehouse, compiled, run) : null;
  const failures: CaseFailure[] = [];
  const ran: RunMode[] = [];
  try {
    for (const [index, step] of unit.steps.entries()) {
      const given = run.given[index] ?? new Map();
      let loaded: Loaded | null = null;
      const load = async (): Promise<Loaded> =>
        (loaded ??= { ...(await kept?.load(given)), rows: (await kept?.rows()) ?? [] });
      const { rows, expected, columns } = await diagnosed(run, given, step, () =>
        rowsOf(run, given, step, async () => (await load()).rows),
      );
      const update = increment(run, kept === null ? null : await load(), rows, index);
      ran.push(...update.ran);
      const compared = columns.map(({ name }) => name);
      const found = update.rows.filter((row) => isWanted(row, unit.only));
      const identity = unit.cte === undefined ? shown.grain : [];
      const differences = compareRows(expected, found, { columns: compared, identity, tolerance: WRITTEN });
      if (differences.length > 0) {
        const { file, line } = step.expect;
        failures.push({
          file,
          line,
          message: countsOf(expected.length, found.length, differences, index),
          differences,
        });
      }
      failures.push(...update.failures);
    }
  } finally {
    await kept?.drop();
  }
  return { failures, ran };
}

// --- internal ---

/** Fractions in expected rows are written by hand to some digits. */
const WRITTEN = 1e-6;

/** What became of the model that is kept when a step's rows were loaded into it. */
interface Loaded {
  ran?: RunMode;
  because?: string;
  rows: Row[];
}

/**
 * Compares what the step's load gave with the whole query. The rows that people would see: those of a ledger are what it
 * froze.
 */
function increment(
  { model, shown, unit }: CaseRun,
  loaded: Loaded | null,
  whole: readonly Row[],
  index: number,
): { rows: readonly Row[]; ran: RunMode[]; failures: CaseFailure[] } {
  const { file = unit.file, line = unit.line, ran: wanted } = unit.steps[index] ?? {};
  const failures: CaseFailure[] = [];
  const fail = (message: string, differences: Difference[] = []): void =>
    void failures.push({ file, line, message, differences });
  if (loaded === null) {
    if (wanted !== undefined && wanted !== 'full')
      fail(`${model.name} is not built in part here: only a model with a key is, in a case with more than one step`);
    return { rows: whole, ran: [], failures };
  }
  const { ran = 'full', because, rows } = loaded;
  if (wanted !== undefined && wanted !== ran) {
    const why = because === undefined ? '' : ` (${because})`;
    fail(`step ${index + 1} ran ${ran}${why}, and should have run ${wanted}`);
  }
  if (isKept(model) || shown !== model) return { rows, ran: [ran], failures };
  const differences = compareAll(model, whole, rows);
  if (differences.length > 0)
    fail(`step ${index + 1}: the update gives other rows than the whole query. ${promiseOf(model)}`, differences);
  return { rows: whole, ran: [ran], failures };
}

function isWanted(row: Row, wanted: InputRow): boolean {
  return Object.entries(wanted).every(([column, value]) => written(row[column] ?? null) === String(value));
}

/** A value as a case writes it. */
function written(value: ResultValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `expected 9 rows, found 8: 1 differs, 1 is missing`. */
function countsOf(expected: number, found: number, differences: readonly Difference[], index: number): string {
  const count = (kind: Difference['kind']): number =>
    differences.filter((difference) => difference.kind === kind).length;
  const parts = [
    [count('changed'), 'differs', 'differ'],
    [count('missing'), 'is missing', 'are missing'],
    [count('unexpected'), 'is not expected', 'are not expected'],
  ] as const;
  const told = parts.flatMap(([number, one, more]) => (number === 0 ? [] : [`${number} ${number === 1 ? one : more}`]));
  const step = index === 0 ? '' : `step ${index + 1}: `;
  return `${step}expected ${expected} row${expected === 1 ? '' : 's'}, found ${found}: ${told.join(', ')}`;
}
