/**
 * Which of a build's causes touched a row: those that its key was found by. A build that computed all rows does not know,
 * but where it had one cause only.
 */
import type { Session } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import type { EngineSpelling } from '../build/bind.ts';
import { sameKey, TOUCHED_BY } from '../build/key-sql.ts';
import { reasonOf } from '../compile/parts.ts';
import { STORE, workName } from '../store/store.ts';
import type { Change } from './changes.ts';

/** What touched a row in one build. */
export interface RowCause {
  buildId: string;
  /** As in the build's causes: `new data in raw_crm.deals`, `parent deals rebuilt`. */
  reasons: string[];
}

/** What is known of the causes of a build's rows. */
export interface KnownCauses {
  buildId: string;
  /** Of the whole build, in the order of its marks. */
  reasons: string[];
  /** The table of its changed keys with their marks; null where it computed all rows. */
  touched: { table: string; columns: Column[] } | null;
}

/** What is known of the rows that a build changed. */
export async function knownCauses(session: Session, change: Change): Promise<KnownCauses> {
  const { buildId, name, keyColumns, parts } = change;
  const table = { schema: STORE, name: workName(name, buildId, 'changed') };
  const columns = keyColumns.length === 0 ? null : await session.describe(table);
  const isMarked = columns?.some((column) => column.name === TOUCHED_BY) === true;
  return {
    buildId,
    reasons: parts.map(({ part }) => reasonOf(part)),
    touched: isMarked ? { table: qualified(table), columns: keyColumns } : null,
  };
}

/**
 * Joins that find the marks of paired rows, and their sums `t0…`, one per build. `valueOf`: the SQL of a column of the row
 * before and after; null where it cannot be compared, and nothing is known then.
 */
export function marksOfRows(
  engine: EngineSpelling,
  causes: readonly KnownCauses[],
  valueOf: (column: Column, side: 'before' | 'after') => string | null,
): { outputs: string[]; joins: string[] } {
  const outputs: string[] = [];
  const joins: string[] = [];
  for (const [build, { touched }] of causes.entries()) {
    const values = (side: 'before' | 'after'): (string | null)[] =>
      touched?.columns.map((column) => valueOf(column, side)) ?? [];
    const [before, after] = [values('before'), values('after')];
    if (touched === null || after.includes(null)) {
      outputs.push(`cast(0 as bigint) as t${build}`);
      continue;
    }
    // a row can have gone from one key to another: both were touched
    const sides =
      before.join() === after.join()
        ? [{ values: after, is: '' }]
        : [
            { values: before, is: 'paired.was = 1 and ' },
            { values: after, is: 'paired.is_now = 1 and ' },
          ];
    const marks = sides.map((side, index) => {
      const alias = `touched_${build}_${index}`;
      const on = sameKey(engine, touched, (column) => side.values[column] ?? '', alias);
      joins.push(`left join ${touched.table} as ${alias} on ${side.is}${on}`);
      return `coalesce(${alias}.${identifier(TOUCHED_BY)}, 0)`;
    });
    outputs.push(`${marks.join(' | ')} as t${build}`);
  }
  return { outputs, joins };
}

/** The causes of a row by the marks of each build. */
export function causesOfRow(causes: readonly KnownCauses[], marks: (build: number) => bigint): RowCause[] {
  return causes.flatMap(({ buildId, reasons, touched }, build) => {
    if (touched === null) return causes.length === 1 && reasons.length === 1 ? [{ buildId, reasons }] : [];
    const own = reasons.filter((_, index) => ((marks(build) >> BigInt(index)) & 1n) === 1n);
    return own.length === 0 ? [] : [{ buildId, reasons: own }];
  });
}
