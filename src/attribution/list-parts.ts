/**
 * A reference list as parts of the definition: row by row, so that a difference names the row.
 */
import type { InputRelation, InputRow } from '../model/contract.ts';
import { digest } from '../model/compile/digest.ts';

/** Longer lists are one part: their digest. */
const ROWS_IN_CLEAR = 500;

/** Values by part: `list channel_by_crm_source: PAID_SEARCH` → `channel Paid Search, is_paid true`. */
export function listParts({ name, grain, columns, rows }: InputRelation): Record<string, string> {
  const keyOf = (row: InputRow): string => grain.map((column) => String(row[column] ?? '')).join(' / ');
  const names = columns.map((column) => column.name);
  if (grain.length === 0 || rows.length > ROWS_IN_CLEAR) {
    return {
      [`list ${name}`]: digest(
        rows.map((row) => JSON.stringify(names.map((column) => row[column] ?? null))).toSorted(),
      ),
    };
  }
  const values = names.filter((column) => !grain.includes(column));
  return Object.fromEntries(
    rows.map((row) => [
      `list ${name}: ${keyOf(row)}`,
      values
        .map(
          (column) => `${column} ${row[column] === null || row[column] === undefined ? 'NULL' : String(row[column])}`,
        )
        .join(', '),
    ]),
  );
}
