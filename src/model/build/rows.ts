/**
 * Given rows as SQL.
 */
import { RevopsError } from '../../errors.ts';
import { identifier, identifiers, literal } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import { castTo, emptyRelation, type EngineSpelling } from './bind.ts';
import type { InputRow } from '../contract.ts';
import { didYouMean } from '../../nearest.ts';

/** A SELECT of the rows, in the declared columns and types. A column left out of a row is NULL. */
export function rowsSelect(
  engine: EngineSpelling,
  relation: string,
  columns: readonly Column[],
  rows: readonly InputRow[],
): string {
  const names = columns.map((column) => column.name);
  for (const row of rows) {
    const unknown = Object.keys(row).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new RevopsError(
        'MODEL_INVALID',
        `a row given for ${relation} has the column ${unknown}, which it does not declare${didYouMean(unknown, names)}`,
      );
    }
  }
  if (rows.length === 0) return emptyRelation(engine, columns);
  const outputs = columns.map(({ name, type }) => `${castTo(engine, identifier(name), type)} as ${identifier(name)}`);
  const values = rows.map((row) => `(${names.map((name) => constantOf(row[name] ?? null)).join(', ')})`);
  return `select ${outputs.join(', ')} from (values ${values.join(',\n')}) as given(${identifiers(names)})`;
}

// --- internal ---

/** As text, so that every row's value of a column has one type; the cast around makes the right one of it. */
function constantOf(value: string | number | boolean | null): string {
  return value === null ? 'cast(null as text)' : `cast(${literal(String(value))} as text)`;
}
