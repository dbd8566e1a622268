/**
 * Rows as YAML or JSON writes them: a list of mappings from column to value.
 */
import type { InputRow } from '../contract.ts';
import type { CaseProblem, CaseRow } from './unit-case.ts';

export type Report = (problem: CaseProblem) => void;

export interface YamlPlace {
  file: string;
  lineOf(path: readonly (string | number)[]): number;
}

/** The rows at a path of a YAML text. */
export function rowsOfYaml(
  value: unknown,
  path: readonly (string | number)[],
  { file, lineOf }: YamlPlace,
  report: Report,
): CaseRow[] {
  if (!Array.isArray(value)) {
    report({ file, line: lineOf(path), message: `${path.join('.') || 'the file'} must be a list of rows` });
    return [];
  }
  return value.flatMap((entry: unknown, index) => {
    const line = lineOf([...path, index]);
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      report({ file, line, message: `${[...path, index + 1].join('.')}: a row is a mapping of columns to values` });
      return [];
    }
    return [{ values: valuesOf(entry as Record<string, unknown>), file, line }];
  });
}

/** A mapping as a row: what is no single value is one of a json column. */
export function valuesOf(entry: Record<string, unknown>): InputRow {
  return Object.fromEntries(
    Object.entries(entry).map(([column, value]) => [
      column,
      typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
        ? value
        : value === null || value === undefined
          ? null
          : typeof value === 'bigint'
            ? String(value)
            : JSON.stringify(value),
    ]),
  );
}
