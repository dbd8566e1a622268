/**
 * Data tests on what a build made, before anybody sees it.
 */
import { RevopsError, isRevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import type { Row } from '../../warehouse/types.ts';
import { nameFunctions, preludeOf } from './bind.ts';
import type { Severity } from '../contract.ts';
import { keyColumns } from '../compile/keys.ts';
import type { CompiledTest, Relation } from '../relation.ts';
import type { Selects } from './selects.ts';
import { failingName, STORE } from '../store/store.ts';
import { argumentsRow, testedRows } from './test-sql.ts';

export interface TestFailure {
  relation: string;
  schema: string;
  /** `not_null credit`. */
  test: string;
  severity: Severity;
  file: string;
  line: number;
  /** Failing rows (or groups of rows). */
  count: number;
  /** The first few: they hold data of people, for the terminal only. */
  examples: Row[];
  /** Shows all that were kept. */
  query: string;
}

/** Failing rows kept per test. */
const KEPT = 1_000;
const SHOWN = 5;

/**
 * Runs one test; null where no row fails. Failing rows are kept in the store. `hasPassed`: the rows that are published have
 * passed it; where it is about rows by themselves, only those that come are looked at.
 */
export async function runTest(
  warehouse: Warehouse,
  selects: Selects,
  relation: Relation,
  index: number,
  buildId: string,
  hasPassed: boolean,
): Promise<TestFailure | null> {
  const compiled = relation.tests[index];
  if (compiled === undefined) return null;
  const { test, label } = compiled;
  const rows = hasPassed && isOfRows(compiled, relation) ? selects.come(relation.name) : null;
  const failing = failingSelect(warehouse, selects, compiled, rows ?? selects.reading(relation.name));
  try {
    const [counted] = await warehouse.query<{ failing: number }>(
      `select count(*) as failing from (${failing}\n) as failing_rows`,
    );
    const count = counted?.failing ?? 0;
    if (count === 0) return null;
    const table = qualified({ schema: STORE, name: failingName(relation.name, index + 1, buildId) });
    await warehouse.execute(`drop table if exists ${table}`);
    await warehouse.execute(`create table ${table} as select * from (${failing}\n) as failing_rows limit ${KEPT}`);
    const examples = await warehouse.query(`select * from ${table} limit ${SHOWN}`);
    const { name, schema, file } = relation;
    const query = `select * from ${table.replaceAll('"', '')}`;
    return {
      relation: name,
      schema,
      test: label,
      severity: test.severity,
      file,
      line: test.line ?? 1,
      count,
      examples,
      query,
    };
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    throw new RevopsError(
      'BUILD_FAILED',
      `${relation.file}:${test.line ?? 1}: the test ${label} of ${relation.name} cannot run: ${error.message}`,
      {
        hint: 'Nothing was published.',
        retryable: error.retryable,
        cause: error,
      },
    );
  }
}

/** What a build that found error-severity failures ends on. */
export function auditFailed(failures: readonly TestFailure[]): RevopsError {
  const lines = failures.map(
    ({ schema, relation, test, count, file, line, query }) =>
      `${file}:${line}: ${schema}.${relation} fails ${test}: ${count} rows. See: ${query}`,
  );
  return new RevopsError(
    'AUDIT_FAILED',
    `${failures.length === 1 ? 'a data test' : `${failures.length} data tests`} failed; nothing was published\n${lines.join('\n')}`,
    {
      hint: 'Readers keep the last good state. Correct the data or the model, then build again.',
    },
  );
}

// --- internal ---

/** Whether a row passes a test or not, whatever the rows of other keys are. Warnings tell of all rows each time. */
function isOfRows({ test, whereCalls }: CompiledTest, relation: Relation): boolean {
  if (test.severity !== 'error' || whereCalls.length > 0) return false;
  if (['not_null', 'accepted_values', 'between'].includes(test.kind)) return true;
  if (test.kind !== 'unique') return false;
  const columns = Array.isArray(test.arguments) ? test.arguments : [test.column];
  const keys = keyColumns(relation);
  return keys.length > 0 && keys.every(({ name }) => columns.includes(name));
}

function failingSelect(warehouse: Warehouse, selects: Selects, compiled: CompiledTest, rows: string): string {
  const { test, whereCalls } = compiled;
  const tested =
    test.where === undefined ? test : { ...test, where: nameFunctions(test.where, whereCalls, selects.naming) };
  const shadows = [
    ...compiled.reads.map((name) => ({ name, sql: selects.reading(name) })),
    { name: 'arguments', sql: argumentsRow(compiled.test, warehouse.typeName) },
    { name: 'model', sql: testedRows(tested, rows) },
  ];
  return `${preludeOf(shadows)}select * from (\n${nameFunctions(compiled.sql, compiled.calls, selects.naming)}\n) as failing`;
}
