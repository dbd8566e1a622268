/**
 * The rows of relations that no SELECT makes.
 */
import { RevopsError } from '../../errors.ts';
import type { InputRow } from '../contract.ts';
import { didYouMean } from '../../nearest.ts';
import { digest } from '../compile/digest.ts';
import type { CompiledProject, Relation } from '../relation.ts';

/** Rows by input relation: the shipped ones, and what is handed in for those the engine fills. */
export function inputRows(
  compiled: CompiledProject,
  given: Record<string, readonly InputRow[]>,
): Map<string, readonly InputRow[]> {
  const inputs = compiled.relations.flatMap((relation) => (relation.kind === 'input' ? [relation.input] : []));
  const known = inputs.map((input) => input.name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RevopsError(
      'INTERNAL',
      `rows are handed in for ${unknown}, which models/reference does not describe${didYouMean(unknown, known)}`,
    );
  }
  return new Map(
    inputs.map((input) => {
      const rows = given[input.name] ?? (input.filledBy === 'file' ? input.rows : undefined);
      if (rows === undefined) throw new RevopsError('INTERNAL', `nobody handed in the rows of ${input.name}`);
      return [input.name, rows];
    }),
  );
}

/**
 * What of an input a model depends on, as parts of its state: the columns it names where the input has one row, else
 * all rows.
 */
export function inputParts(
  input: Extract<Relation, { kind: 'input' }>,
  rows: readonly InputRow[],
  usage: { columnNames: ReadonlySet<string>; readsUnnamedColumns: boolean },
): Record<string, string> {
  if (input.grain.length > 0 || usage.readsUnnamedColumns) return { [`rows of ${input.name}`]: digest(rows) };
  const used = input.columns.filter((column) => usage.columnNames.has(column.name));
  return Object.fromEntries([
    [`rows of ${input.name}`, digest(rows.length)],
    ...used.map((column) => [`${input.name}.${column.name}`, digest(rows.map((row) => row[column.name] ?? null))]),
  ]);
}
