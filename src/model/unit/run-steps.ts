/**
 * The steps of a case, one after the other.
 */
import type { ResultValue, Row } from '../../warehouse/types.ts';
import type { RunMode } from '../build-options.ts';
import type { InputRow } from '../contract.ts';
import { keyColumns } from '../keys.ts';
import type { CaseFailure } from './case-result.ts';
import { compareAll, promiseOf, type CaseRun } from './case-run.ts';
import { compareRows, type Difference } from './diff.ts';
import type { Given } from './given.ts';
import { keptModel, type KeptModel } from './kept-model.ts';
import { rowsOf } from './step-rows.ts';
import { diagnosed } from './unfit-rows.ts';

/** What each step's rows are against those expected; with a key and more than one step, also how the engine got there. */
export async function runSteps(run: CaseRun): Promise<{ failures: CaseFailure[]; ran: RunMode[] }> {
  const { unit, model, warehouse, compiled } = run;
  const isKept = unit.steps.length > 1 && unit.cte === undefined && keyColumns(model).length > 0;
  const kept = isKept && model.model.source === undefined ? keptModel(warehouse, compiled, model) : null;
  const failures: CaseFailure[] = [];
  const ran: RunMode[] = [];
  try {
    for (const [index, step] of unit.steps.entries()) {
      const given = run.given[index] ?? new Map();
      const { rows, expected, columns } = await diagnosed(run, given, step, () => rowsOf(run, given, step));
      const compared = columns.map(({ name }) => name);
      const found = rows.filter((row) => isWanted(row, unit.only));
      const identity = unit.cte === undefined ? model.grain : [];
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
      failures.push(...(await increment(run, kept, given, rows, index, ran)));
    }
  } finally {
    await kept?.drop();
  }
  return { failures, ran };
}

// --- internal ---

/** Fractions in expected rows are written by hand to some digits. */
const WRITTEN = 1e-6;

/** Loads a step's rows into the model that is kept, and compares it with the whole query. */
async function increment(
  { model, unit }: CaseRun,
  kept: KeptModel | null,
  given: Given,
  whole: readonly Row[],
  index: number,
  ran: RunMode[],
): Promise<CaseFailure[]> {
  const step = unit.steps[index];
  if (step === undefined) return [];
  const { file, line } = step;
  const place = { file, line, differences: [] };
  if (kept === null) {
    if (step.ran === undefined || step.ran === 'full') return [];
    return [
      {
        ...place,
        message: `${model.name} is not built in part here: only a model with a key is, in a case with more than one step`,
      },
    ];
  }
  const how = await kept.load(given);
  ran.push(how.ran);
  const failures: CaseFailure[] = [];
  if (step.ran !== undefined && step.ran !== how.ran) {
    const because = how.because === undefined ? '' : ` (${how.because})`;
    failures.push({ ...place, message: `step ${index + 1} ran ${how.ran}${because}, and should have run ${step.ran}` });
  }
  const differences = compareAll(model, whole, await kept.rows());
  if (differences.length > 0)
    failures.push({
      ...place,
      message: `step ${index + 1}: the update gives other rows than the whole query. ${promiseOf(model)}`,
      differences,
    });
  return failures;
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
